#include "actors/lookup.hpp"

#include "actors/rebuild.hpp"

namespace skald {

namespace {

outcome_ptr answer_of(const record& handled, const command_message& message) {
  auto answer = std::make_shared<outcome>();
  answer->answers = message.id;
  answer->to = message.source;
  answer->from = message.to;
  answer->correlation = handled.correlation;
  answer->accepted = handled.accepted;
  answer->recorded = true;
  answer->pending = handled.pending;
  answer->transient = handled.transient;
  answer->reason = handled.reason;
  answer->sequence = handled.sequence + handled.events.size();
  for (const auto& event : handled.events)
    answer->events.push_back(
        {std::string{event.type}, event.version, {event.payload.begin(), event.payload.end()}});
  return answer;
}

// What a turn has told whoever had sent a command that was pending until then.
outcome_ptr settling_answer_of(const record& settling, const command_message& message) {
  auto answer = std::make_shared<outcome>(*answer_of(settling, message));
  answer->accepted = settling.settled_reason.empty();
  answer->reason = settling.settled_reason;
  answer->pending = answer->transient = false;
  return answer;
}

} // namespace

bool may_be_refused_unread(const command_message& message) {
  const bool finishes =
      message.role == participation::confirm || message.role == participation::cancel;
  return message.source.empty() || (finishes && message.source.type != reactor::address_type);
}

lookup_result look_up(const journal& log, const command_message& message) {
  lookup_result result;
  const auto head = log.head(message.to);
  if (!head)
    return result;
  const auto view = log.view();
  walk_back(*view, head->last, [&](const record& x) {
    if (x.time < message.first_sent)
      return false;
    if (x.settles == message.id) {
      result.first_answer = settling_answer_of(x, message);
      return false;
    }
    if (x.kind != input_kind::command)
      return true;
    if (x.input == message.id) {
      result.first_answer = answer_of(x, message);
      return false;
    }
    if (x.role == participation::cancel && x.correlation == message.correlation &&
        x.step == message.step)
      result.cancelled = true;
    return true;
  });
  return result;
}

} // namespace skald
