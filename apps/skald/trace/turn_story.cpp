#include "apps/skald/trace/turn_story.hpp"

#include "actors/saga_engine.hpp"
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

std::string by_text(const record& x) {
  if (x.source.type == "reactor")
    return fmt::format(" by the {}", x.source.id);
  if (!x.source.type.empty())
    return fmt::format(" by {}", text_of(x.source));
  return x.by.empty() ? " by a client" : fmt::format(" by {}", x.by);
}

std::string command_text(const record& x) {
  switch (x.role) {
  case participation::confirm:
    return fmt::format("is told that step '{}' is final{}{}", x.step,
                       x.input_type.empty() ? "" : fmt::format(": {}", x.input_type), by_text(x));
  case participation::cancel:
    return fmt::format("is told to undo step '{}'{}{}", x.step,
                       x.input_type.empty() ? "" : fmt::format(": {}", x.input_type), by_text(x));
  default:
    return fmt::format("is asked to {}{}", x.input_type, by_text(x));
  }
}

story_line input_line(const record& x) {
  switch (x.kind) {
  case input_kind::command:
    return {command_text(x), tone_of(x.role)};
  case input_kind::outcome:
    if (x.accepted)
      return {
          fmt::format("learns that {} has done its part of step '{}'", text_of(x.source), x.step)};
    return {fmt::format("learns that {} refuses its part of step '{}': {}", text_of(x.source),
                        x.step, x.reason),
            tone::failure};
  case input_kind::deadline:
    return {fmt::format("sees that the deadline '{}' has passed", x.input_type), tone::time};
  }
  return {};
}

// What the verdict adds to what the input and the events say.
story_line verdict_line(const record& x) {
  if (x.kind == input_kind::command && !x.accepted)
    return {fmt::format("refuses: {}", x.reason), tone::failure};
  if (x.kind == input_kind::deadline && !x.reason.empty())
    return {fmt::format("gives up: {}", x.reason), tone::failure};
  if (x.kind == input_kind::command && !x.reason.empty())
    return {fmt::format("because: {}", x.reason)};
  if (x.kind == input_kind::command && x.role == participation::cancel && x.events.empty())
    return {"has nothing to undo; should the step still come, it is refused", tone::undoing};
  return {};
}

story_line event_line(const event_view& x) {
  const auto fields = fields_text(json_of_cbor(x.payload));
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
  if (set.name.starts_with(saga_engine::retry_deadline))
    return {fmt::format("tries again {}", due_in_text(x, set.due)), tone::time};
  return {fmt::format("sets the deadline '{}' {}", set.name, due_in_text(x, set.due)), tone::time};
}

} // namespace

std::string elapsed_text(duration elapsed) {
  using namespace std::chrono;
  const auto count = elapsed.count();
  if (count < 0)
    return "-" + elapsed_text(-elapsed);
  if (elapsed < seconds{1})
    return fmt::format("{:.2f} ms", static_cast<double>(count) / 1e3);
  if (elapsed < minutes{1})
    return fmt::format("{:.2f} s", static_cast<double>(count) / 1e6);
  const auto whole = duration_cast<seconds>(elapsed).count();
  if (elapsed < hours{1})
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (elapsed < days{1})
    return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86'400, whole / 3600 % 24);
}

std::string due_in_text(const record& x, timestamp due) {
  return "in " + elapsed_text(due - x.time);
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
  }
  return {};
}

turn_story tell(const record& x) {
  turn_story result{input_line(x), {}};
  auto add = [&](story_line line) {
    if (!line.text.empty())
      result.effects.push_back(std::move(line));
  };
  const bool ends =
      x.saga_change == saga_transition::completed || x.saga_change == saga_transition::compensated;
  for (const auto& each : x.events)
    add(event_line(each));
  add(verdict_line(x));
  if (!ends)
    add(saga_change_line(x));
  for (const auto& each : x.deadlines)
    if (each.due != no_time)
      add(deadline_line(x, each));
  for (const auto& each : x.dispatches)
    add(dispatch_line(each));
  if (ends)
    add(saga_change_line(x));
  return result;
}

} // namespace skald
