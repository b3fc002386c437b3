#include "actors/test_kit.hpp"

#include <algorithm>
#include <iterator>

namespace skald {

namespace {

std::string listed(const std::vector<std::string>& lines) {
  if (lines.empty())
    return "  (none)\n";
  std::string result;
  for (const auto& line : lines)
    result += "  " + line + "\n";
  return result;
}

std::string_view name_of(participation role) {
  switch (role) {
  case participation::step:
    return "step";
  case participation::confirm:
    return "confirm";
  case participation::cancel:
    return "cancel";
  case participation::none:
    break;
  }
  return "plain";
}

std::string described(const command_message& message) {
  return message.step + ": " + std::string{name_of(message.role)} + " " +
         (message.type.empty() ? "" : written(message.type, message.payload) + " ") + "to " +
         to_string(message.to);
}

const entity_type& hosted(const registry& types, const std::string& name) {
  if (const auto* type = types.find(name))
    return *type;
  throw expectation_failed("there is no aggregate type '" + name + "'");
}

} // namespace

std::string written(std::string_view type, byte_span payload) {
  return std::string{type} + " " + json_of_cbor(payload).dump();
}

std::string written(const encoded_command& command) {
  return written(command.type, command.payload);
}

std::vector<std::string> written(const recorded_events& events) {
  std::vector<std::string> result;
  for (const auto& each : events.entries())
    result.push_back(written(each.type, events.payload(each)));
  return result;
}

void detail::expect_equal(const std::string& what, const std::vector<std::string>& expected,
                          const std::vector<std::string>& actual) {
  if (expected != actual)
    throw expectation_failed("expected " + what + ":\n" + listed(expected) + "actual " + what +
                             ":\n" + listed(actual));
}

void detail::expect_rejected(const verdict& actual, const std::vector<std::string>& events,
                             std::string_view part) {
  if (actual.accepted || !events.empty())
    throw expectation_failed("expected a rejection, but got the events:\n" + listed(events));
  if (actual.reason.find(part) == std::string::npos)
    throw expectation_failed("expected a rejection because of '" + std::string{part} +
                             "', but the reason is '" + actual.reason + "'");
}

saga_scenario::saga_scenario(const registry& types, address self, timestamp start)
    : type_(hosted(types, self.type)), self_(std::move(self)), now_(start),
      entity_(std::make_unique<entity>(type_, self_)) {}

saga_scenario& saga_scenario::when_command(std::string_view type, byte_buffer payload) {
  auto message = std::make_shared<command_message>();
  message->id = message_id_of("command " + std::to_string(++commands_given_));
  message->to = self_;
  message->correlation = self_.id;
  message->first_sent = now_;
  message->type = type;
  message->payload = std::move(payload);
  return handle(command_delivery{std::move(message), {}});
}

saga_scenario& saga_scenario::when_succeeded(std::string_view step) {
  return when_answered(step, {}, true);
}

saga_scenario& saga_scenario::when_refused_for_now(std::string_view step, std::string_view reason) {
  return answer(step, {}, false, reason, true, {});
}

saga_scenario& saga_scenario::when_told(std::string_view instruction,
                                        const saga_instruction& said) {
  return when_command(instruction, encode(said));
}

saga_scenario& saga_scenario::when_failed(std::string_view step, std::string_view reason) {
  return when_answered(step, {}, false, reason);
}

saga_scenario& saga_scenario::when_answered(std::string_view step, std::string_view type,
                                            bool accepted, std::string_view reason) {
  std::vector<stored_event> events;
  if (const auto* sent = entity_->progress().find(step); sent && accepted)
    if (const auto& named = entity_->progress().definition_of(*sent).succeeds_on; !named.empty())
      events.push_back({std::string{named.front()}, 1, {}});
  return answer(step, type, accepted, reason, false, std::move(events));
}

saga_scenario& saga_scenario::answer(std::string_view step, std::string_view type, bool accepted,
                                     std::string_view reason, bool transient,
                                     std::vector<stored_event> events) {
  for (auto i = commands_.size(); i-- > 0;) {
    const auto& message = *commands_[i];
    if (message.step != step || (!type.empty() && message.type != type))
      continue;
    auto answer = std::make_shared<outcome>();
    answer->answers = message.id;
    answer->to = self_;
    answer->from = message.to;
    answer->correlation = message.correlation;
    answer->accepted = accepted;
    answer->reason = reason;
    answer->transient = transient;
    answer->events = std::move(events);
    return handle(outcome_delivery{std::move(answer)});
  }
  throw expectation_failed("nothing was sent for the step '" + std::string{step} + "'");
}

saga_scenario& saga_scenario::when_time_passes(duration time) {
  now_ += time;
  std::vector<std::string> events;
  std::vector<std::string> sent;
  for (auto due = entity_->progress().next_due(); due != no_time && due <= now_;
       due = entity_->progress().next_due()) {
    handle(deadline_delivery{});
    std::ranges::move(events_, std::back_inserter(events));
    std::ranges::move(sent_, std::back_inserter(sent));
  }
  events_ = std::move(events);
  sent_ = std::move(sent);
  return *this;
}

saga_scenario& saga_scenario::when_restarted() {
  entity_ = std::make_unique<entity>(type_, self_);
  record stored;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (auto wrong = decode_record(records_[i], i + 1, stored))
      throw expectation_failed("a recorded turn cannot be read: " + *wrong);
    if (auto wrong = entity_->replay(stored))
      throw expectation_failed("a recorded turn cannot be replayed: " + *wrong);
  }
  return handle(resume_delivery{});
}

saga_scenario& saga_scenario::then_is(saga_progress::phase expected) {
  if (entity_->progress().current() != expected)
    throw expectation_failed("the saga is in another phase than expected: " +
                             std::to_string(static_cast<int>(entity_->progress().current())) +
                             " instead of " + std::to_string(static_cast<int>(expected)));
  return *this;
}

saga_scenario& saga_scenario::handle(delivery_content input) {
  auto result = entity_->handle(std::move(input), now_);
  look_at(result);
  return *this;
}

void saga_scenario::look_at(turn& result) {
  events_.clear();
  sent_.clear();
  if (!result.record.empty()) {
    const auto at = records_.size() + 1;
    seal_record(result.record, at, at - 1);
    record recorded;
    if (auto wrong = decode_record(result.record, at, recorded))
      throw expectation_failed("a recorded turn cannot be read: " + *wrong);
    for (const auto& event : recorded.events)
      events_.push_back(written(event.type, event.payload));
    records_.push_back(std::move(result.record));
  }
  for (const auto& leaving : result.deliveries)
    if (const auto* command = std::get_if<command_delivery>(&leaving.content)) {
      sent_.push_back(described(*command->message));
      commands_.push_back(command->message);
    }
}

} // namespace skald
