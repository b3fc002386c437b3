#include "apps/skald/trace/turn_story.hpp"

#include "actors/reactor.hpp"
#include "actors/saga_progress.hpp"
#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/entity_json.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <string_view>

namespace skald {

namespace {

std::string text_of(const address_view& x) {
  return to_string(x.to_address());
}

tone tone_of(participation role) {
  switch (role) {
  case participation::confirm:
    return tone::success;
  case participation::cancel:
    return tone::undoing;
  default:
    return tone::plain;
  }
}

std::string sender_text(const record& x) {
  if (x.source.type == reactor::address_type)
    return fmt::format("the {}", x.source.id);
  if (!x.source.type.empty())
    return text_of(x.source);
  return x.by.empty() ? "a client" : std::string{x.by};
}

std::string with_name(std::string text, std::string_view command) {
  return command.empty() ? text : fmt::format("{}: {}", text, command);
}

std::string command_text(const record& x) {
  const auto sender = sender_text(x);
  switch (x.role) {
  case participation::confirm:
    return with_name(fmt::format("is told by {} that step '{}' is final", sender, x.step),
                     x.input_type);
  case participation::cancel:
    return with_name(fmt::format("is told by {} to undo step '{}'", sender, x.step), x.input_type);
  default:
    return fmt::format("is asked by {} to {}", sender, x.input_type);
  }
}

std::string_view done_text(participation role) {
  switch (role) {
  case participation::confirm:
    return "has confirmed";
  case participation::cancel:
    return "has undone";
  default:
    return "has done";
  }
}

std::string refused_text(const record& x) {
  return fmt::format("refuses{}: {}", x.transient ? " for now" : "", x.reason);
}

story_line answer_line(const record& x, participation role) {
  const auto who = text_of(x.source);
  if (!x.accepted)
    return {fmt::format("learns of step '{}' that {} {}", x.step, who, refused_text(x)),
            tone::failure};
  if (x.pending)
    return {fmt::format("learns that {} has begun step '{}'", who, x.step)};
  return {fmt::format("learns that {} {} step '{}'", who, done_text(role), x.step)};
}

story_line input_line(const record& x, participation role) {
  switch (x.kind) {
  case input_kind::command:
    return {command_text(x), tone_of(x.role)};
  case input_kind::outcome:
    return answer_line(x, role);
  case input_kind::deadline:
    if (const auto step = step_retried_at(x.input_type); !step.empty())
      return {fmt::format("tries step '{}' again", step), tone::time};
    return {fmt::format("sees that the deadline '{}' has passed", x.input_type), tone::time};
  }
  return {};
}

// What the verdict adds to what the input and the events say.
story_line verdict_line(const record& x) {
  if (x.kind == input_kind::command && !x.accepted)
    return {refused_text(x), tone::failure};
  if (x.kind == input_kind::deadline && !x.reason.empty())
    return {fmt::format("gives up: {}", x.reason), tone::failure};
  if (x.kind == input_kind::command && !x.reason.empty())
    return {fmt::format("because: {}", x.reason)};
  if (x.kind == input_kind::command && x.role == participation::cancel && x.events.empty())
    return {"has nothing to undo; should the step still come, it is refused", tone::undoing};
  if (x.kind == input_kind::command && x.pending)
    return {"has begun; how it ends is told later", tone::time};
  if (!x.settles.empty() && x.settled_reason.empty())
    return {"answers at last: what was pending has succeeded"};
  if (!x.settles.empty())
    return {fmt::format("answers at last: what was pending has failed: {}", x.settled_reason),
            tone::failure};
  return {};
}

// The id of the transaction, which every line is about, is left out.
story_line event_line(const event_view& x, std::string_view correlation) {
  auto data = json_of_cbor(x.payload);
  for (auto field = data.begin(); field != data.end();)
    field = field->is_string() && *field == correlation ? data.erase(field) : std::next(field);
  const auto fields = fields_text(data);
  return {fmt::format("records {}{}{}", x.type, fields.empty() ? "" : "  ", fields)};
}

story_line dispatch_line(const dispatch_view& x) {
  const auto to = text_of(x.to);
  switch (x.role) {
  case participation::confirm:
    return {x.type.empty() ? fmt::format("confirms step '{}' to {}", x.step, to)
                           : fmt::format("confirms step '{}': tells {} to {}", x.step, to, x.type),
            tone::success};
  case participation::cancel:
    return {x.type.empty()
                ? fmt::format("compensates step '{}' at {}", x.step, to)
                : fmt::format("compensates step '{}': tells {} to {}", x.step, to, x.type),
            tone::undoing};
  default:
    return {x.step.empty() ? fmt::format("asks {} to {}", to, x.type)
                           : fmt::format("asks {} to {} (step '{}')", to, x.type, x.step)};
  }
}

story_line deadline_line(const record& x, const deadline_view& set) {
  if (const auto step = step_retried_at(set.name); !step.empty())
    return {fmt::format("tries step '{}' again {}", step, due_in_text(x, set.due)), tone::time};
  return {fmt::format("sets the deadline '{}' {}", set.name, due_in_text(x, set.due)), tone::time};
}

bool is_end(saga_transition x) {
  return x == saga_transition::completed || x == saga_transition::compensated ||
         x == saga_transition::resolved || x == saga_transition::terminated;
}

} // namespace

std::string due_in_text(const record& x, timestamp due) {
  return "in " + elapsed_text(due - x.time);
}

std::string_view step_retried_at(std::string_view name) {
  const auto prefix = saga_progress::retry_deadline("");
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view{};
}

story_line saga_change_line(const record& x) {
  switch (x.saga_change) {
  case saga_transition::none:
    return {};
  case saga_transition::started:
    return {fmt::format("begins the saga '{}'", x.saga)};
  case saga_transition::confirming:
    return {"has all steps done: nothing is undone any more", tone::success};
  case saga_transition::compensating:
    return {"begins to compensate", tone::undoing};
  case saga_transition::completed:
    return {"is completed", tone::success};
  case saga_transition::compensated:
    return {"is compensated: all is undone", tone::undoing};
  case saga_transition::parked:
    return {"is parked: a compensation has failed for good, a person has to see to it",
            tone::failure};
  case saga_transition::resumed:
    return {"goes on compensating", tone::undoing};
  case saga_transition::resolving:
    return {"is being resolved by hand: the participants are released", tone::time};
  case saga_transition::terminating:
    return {"is being terminated: nothing is undone, the participants are released", tone::failure};
  case saga_transition::resolved:
    return {"is resolved by hand", tone::time};
  case saga_transition::terminated:
    return {"is terminated: nothing was undone", tone::failure};
  }
  return {};
}

turn_story tell(const record& x, participation role) {
  turn_story result{input_line(x, role), {}};
  auto add = [&](story_line line) {
    if (!line.text.empty())
      result.effects.push_back(std::move(line));
  };
  for (const auto& each : x.events)
    add(event_line(each, x.correlation));
  add(verdict_line(x));
  if (!is_end(x.saga_change))
    add(saga_change_line(x));
  for (const auto& each : x.deadlines)
    if (each.due != no_time)
      add(deadline_line(x, each));
  for (const auto& each : x.dispatches)
    add(dispatch_line(each));
  if (is_end(x.saga_change))
    add(saga_change_line(x));
  return result;
}

} // namespace skald
