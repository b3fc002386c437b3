#include "apps/skald/history.hpp"

#include "apps/bank/money.hpp"
#include "apps/skald/entity_json.hpp"
#include "apps/skald/printable.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <ranges>
#include <vector>

namespace skald {

namespace {

using nlohmann::ordered_json;

std::string text_of(const address_view& x) {
  return to_string(x.to_address());
}

std::string_view name_of(input_kind x) {
  switch (x) {
  case input_kind::command:
    return "command";
  case input_kind::outcome:
    return "outcome";
  case input_kind::deadline:
    return "deadline";
  }
  return {};
}

std::string_view name_of(participation x) {
  switch (x) {
  case participation::none:
    return "none";
  case participation::step:
    return "step";
  case participation::confirm:
    return "confirm";
  case participation::cancel:
    return "cancel";
  }
  return {};
}

std::string_view name_of(saga_transition x) {
  switch (x) {
  case saga_transition::none:
    return {};
  case saga_transition::started:
    return "started";
  case saga_transition::confirming:
    return "confirming";
  case saga_transition::compensating:
    return "compensating";
  case saga_transition::completed:
    return "completed";
  case saga_transition::compensated:
    return "compensated";
  case saga_transition::parked:
    return "parked";
  case saga_transition::resumed:
    return "resumed";
  case saga_transition::resolving:
    return "resolving";
  case saga_transition::terminating:
    return "terminating";
  case saga_transition::resolved:
    return "resolved";
  case saga_transition::terminated:
    return "terminated";
  }
  return {};
}

ordered_json input_json(const record& x) {
  ordered_json result;
  result["kind"] = name_of(x.kind);
  result["type"] = x.input_type;
  if (!x.input.empty())
    result["message_id"] = to_string(x.input);
  if (!x.by.empty())
    result["by"] = x.by;
  if (!x.source.type.empty())
    result["source"] = text_of(x.source);
  result["correlation_id"] = x.correlation;
  if (!x.causation.empty())
    result["causation_id"] = to_string(x.causation);
  if (x.first_sent != no_time)
    result["first_sent"] = to_string(x.first_sent);
  if (x.role != participation::none)
    result["role"] = name_of(x.role);
  if (!x.step.empty())
    result["step"] = x.step;
  result["accepted"] = x.accepted;
  if (x.pending)
    result["pending"] = true;
  if (x.transient)
    result["transient"] = true;
  if (!x.reason.empty())
    result["reason"] = x.reason;
  return result;
}

ordered_json events_json(const record& x) {
  auto result = ordered_json::array();
  auto sequence = x.sequence;
  for (const auto& event : x.events)
    result.push_back({{"sequence", ++sequence},
                      {"type", event.type},
                      {"schema_version", event.version},
                      {"data", json_of_cbor(event.payload)}});
  return result;
}

ordered_json dispatches_json(const record& x) {
  auto result = ordered_json::array();
  const auto sender = x.stream.to_address();
  for (std::uint32_t i = 0; i < x.dispatches.size(); ++i) {
    const auto& sent = x.dispatches[i];
    ordered_json each;
    each["to"] = text_of(sent.to);
    each["type"] = sent.type;
    each["message_id"] = to_string(dispatch_id(sender, x.turn, i));
    each["role"] = name_of(sent.role);
    each["step"] = sent.step;
    if (!sent.payload.empty())
      each["data"] = json_of_cbor(sent.payload);
    result.push_back(std::move(each));
  }
  return result;
}

ordered_json deadlines_json(const record& x) {
  auto result = ordered_json::array();
  for (const auto& each : x.deadlines) {
    ordered_json due;
    if (each.due != no_time)
      due = to_string(each.due);
    result.push_back({{"name", each.name}, {"due", std::move(due)}});
  }
  return result;
}

std::string dispatch_text(const dispatch_view& x) {
  const auto what = x.type.empty() ? std::string{name_of(x.role)} : std::string{x.type};
  const auto step = x.step.empty() ? "" : fmt::format(" (step {})", x.step);
  return printable(fmt::format("sends {} to {}{}", what, text_of(x.to), step));
}

std::string deadline_text(const deadline_view& x) {
  return printable(x.due == no_time
                       ? fmt::format("clears the deadline of the {}", x.name)
                       : fmt::format("sets the deadline of the {}: {}", x.name, to_string(x.due)));
}

} // namespace

void for_each_turn(const journal& log, const address& self, const rebuild_limit& limit,
                   const std::function<void(const record&)>& visit) {
  const auto head = log.head(self);
  if (!head)
    return;
  const auto view = log.view();
  std::vector<position> positions;
  walk_back(*view, head->last, [&](const record& x) {
    if ((!limit.sequence || x.sequence + x.events.size() <= *limit.sequence) &&
        (!limit.time || x.time <= *limit.time))
      positions.push_back(x.at);
    return true;
  });
  for (const auto at : positions | std::views::reverse)
    walk_back(*view, at, [&](const record& x) {
      visit(x);
      return false;
    });
}

ordered_json turn_json(const record& x) {
  ordered_json result;
  result["turn"] = x.turn;
  result["position"] = x.at;
  result["time"] = to_string(x.time);
  result["input"] = input_json(x);
  result["events"] = events_json(x);
  result["dispatches"] = dispatches_json(x);
  result["deadlines"] = deadlines_json(x);
  if (x.saga_change != saga_transition::none)
    result["saga_change"] = name_of(x.saga_change);
  if (!x.saga.empty())
    result["saga"] = x.saga;
  if (!x.settles.empty())
    result["settles"] = to_string(x.settles);
  if (!x.settled_reason.empty())
    result["settled_reason"] = x.settled_reason;
  result["status"] = x.status;
  return result;
}

std::string input_text(const record& x) {
  const auto verdict = x.accepted ? std::string{} : fmt::format("rejected: {}", x.reason);
  if (x.kind == input_kind::deadline)
    return printable(fmt::format("the deadline of the {} has passed", x.input_type));
  if (x.kind == input_kind::outcome) {
    const auto own = x.input_type.empty() ? std::string{} : fmt::format("{}: ", x.input_type);
    return printable(fmt::format("{}{} has answered its step {}: {}", own, text_of(x.source),
                                 x.step, x.accepted ? "accepted" : verdict));
  }
  const auto what = x.input_type.empty() ? std::string{name_of(x.role)} : std::string{x.input_type};
  const auto who = x.source.type.empty() ? std::string{x.by} : text_of(x.source);
  return printable(fmt::format("{} from {}{}", what, who.empty() ? "a client" : who,
                               verdict.empty() ? "" : ", " + verdict));
}

std::string turn_text(const record& x) {
  auto result = fmt::format("  {}  turn {}: {}\n", to_string(x.time), x.turn, input_text(x));
  auto add = [&](std::string_view line) { result += fmt::format("      {}\n", line); };
  auto origin = fmt::format("in transaction {}", x.correlation);
  if (!x.input.empty())
    origin += fmt::format(", message {}", to_string(x.input));
  if (!x.causation.empty() && x.causation != x.input)
    origin += fmt::format(", caused by {}", to_string(x.causation));
  add(printable(origin));
  auto sequence = x.sequence;
  for (const auto& event : x.events)
    add(fmt::format("event {}: {}  {}", ++sequence, printable(event.type),
                    fields_text(json_of_cbor(event.payload))));
  for (const auto& each : x.dispatches)
    add(dispatch_text(each));
  for (const auto& each : x.deadlines)
    add(deadline_text(each));
  return result;
}

std::string event_text(const event_view& x) {
  const auto data = json_of_cbor(x.payload);
  for (const auto* field : {"amount", "opening_balance"})
    if (const auto found = data.find(field); found != data.end() && found->is_number_integer())
      return fmt::format("{} {}", x.type, to_string(minor_units{found->get<std::int64_t>()}));
  return std::string{x.type};
}

} // namespace skald
