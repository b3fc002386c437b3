#include "actors/entity.hpp"

#include "actors/entity_scratch.hpp"
#include "actors/fetch_memory.hpp"

#include <algorithm>

namespace skald {

std::string hold_key(std::string_view correlation, std::string_view step) {
  std::string key;
  key.reserve(correlation.size() + step.size() + 1);
  key.append(correlation).push_back('\0');
  key.append(step);
  return key;
}

message_id mark_id(std::string_view correlation, std::string_view step) {
  return message_id_of(hold_key(correlation, step));
}

void entity::scratch::clear() {
  rec.events.clear();
  rec.dispatches.clear();
  rec.deadlines.clear();
  auto events_kept = std::move(rec.events);
  auto dispatches_kept = std::move(rec.dispatches);
  auto deadlines_kept = std::move(rec.deadlines);
  rec = {};
  rec.events = std::move(events_kept);
  rec.dispatches = std::move(dispatches_kept);
  rec.deadlines = std::move(deadlines_kept);
  events.clear();
  plan.clear();
  slip.reset();
  dispatched.clear();
  refusal.clear();
  settled_reason.clear();
}

entity::scratch& entity::scratch::of_thread() {
  thread_local scratch work;
  work.clear();
  return work;
}

void describe(const command_message& message, record& rec) {
  rec.kind = input_kind::command;
  rec.input = message.id;
  rec.input_type = message.type;
  rec.source = message.source;
  rec.by = message.by;
  rec.correlation = message.correlation;
  rec.causation = message.causation;
  rec.first_sent = message.first_sent;
  rec.role = message.role;
  rec.step = message.step;
}

entity::entity(const entity_type& type, address self)
    : type_(type), self_(std::move(self)), state_(type.make_state()) {}

void entity::fetch() const {
  fetch_memory(this, sizeof *this);
  constexpr std::size_t usual_state_size = 192;
  fetch_memory(state_.get(), usual_state_size);
  fetch_memory(cursor_.get(), sizeof *cursor_);
  handled_.fetch();
}

turn entity::handle(delivery_content input, timestamp now) {
  auto& work = scratch::of_thread();
  work.now = std::max(now, time_);
  turn result;
  result.cursor = cursor_;
  if (auto command = std::get_if<command_delivery>(&input))
    on_command(*command, work, result);
  else if (auto answered = std::get_if<outcome_delivery>(&input))
    on_outcome(*answered->content, work, result);
  else if (std::holds_alternative<deadline_delivery>(input))
    on_deadline(work, result);
  else if (std::holds_alternative<resume_delivery>(input))
    on_resume(result);
  else if (auto look = std::get_if<view_delivery>(&input))
    result.views.emplace_back(look->reply, view());
  if (const auto wake = next_wake(); wake != next_wake_)
    result.next_due.emplace(self_, next_wake_ = wake);
  return result;
}

// The earliest deadline that is recorded.
timestamp entity::next_due() const {
  const auto saga = progress_.next_due();
  const auto slip = desk_.next_due();
  return saga == no_time || (slip != no_time && slip < saga) ? slip : saga;
}

timestamp entity::next_wake() const {
  auto result = next_due();
  for (const auto& each : queue_)
    if (result == no_time || each.until < result)
      result = each.until;
  return result;
}

entity_view entity::view() const {
  entity_view result;
  result.self = self_;
  result.exists = sequence_ > 0;
  result.sequence = sequence_;
  result.turn = turn_;
  result.deleted = state_->deleted();
  result.status = state_->status();
  if (progress_.open())
    result.in_saga.push_back(progress_.correlation());
  holds_.for_each(
      [&](const std::string& key) { result.in_saga.push_back(key.substr(0, key.find('\0'))); });
  std::ranges::sort(result.in_saga);
  const auto repeated = std::ranges::unique(result.in_saga);
  result.in_saga.erase(repeated.begin(), repeated.end());
  state_->encode_state(result.state);
  return result;
}

// -- commands
// ----------------------------------------------------------------------------------------------

void entity::on_command(command_delivery& input, scratch& work, turn& result) {
  if (answered_before(input, result) || queue_if_held(input, work, result))
    return;
  const auto came = input.message; // the input may be made another
  work.now = std::max(work.now, came->first_sent);
  work.correlation = came->correlation;
  if (auto wrong = open_slip(*came, work))
    return answer(input, work, {false, *wrong, false}, result);
  meet_recall(input, work);
  const auto& message = *input.message;
  const bool is_instruction = message.role == participation::none && message.source.empty() &&
                              is_saga_instruction(message.type);
  const bool is_slip_alone = work.slip && message.role == participation::none;
  auto decided = is_instruction || is_slip_alone ? verdict{} : admit(input, work);
  if (!decided.understood) {
    answer(input, work, decided, result);
    return;
  }
  auto& rec = work.rec;
  describe(message, rec);
  if (is_instruction)
    return on_instruction(input, work, result);
  if (is_slip_alone)
    return on_slip_message(input, work, result);
  rec.accepted = decided.accepted;
  rec.transient = decided.transient;
  rec.reason = decided.reason;
  rec.pending = message.role != participation::none && decided.accepted && work.events.pending();
  if (work.slip)
    pass_slip_on(message, decided, work);
  follow_own_events(work);
  if (decided.accepted && !work.plan.reason.empty())
    rec.reason = work.plan.reason;
  // What happens to an aggregate that a transaction begins with belongs to that transaction,
  // whatever the client says: handlers that react to it have to find what the transaction holds.
  const bool begins_here = work.plan.started || progress_.correlation() == self_.id;
  if (begins_here && message.role == participation::none && message.source.empty())
    rec.correlation = work.correlation = self_.id;
  record_turn(work, result);
  answer(input, work, decided, result);
  if (progress_.at_rest())
    answer_waiting(result);
}

// Has the message been handled, or can only the journal tell?
bool entity::answered_before(const command_delivery& input, turn& result) {
  const auto& message = *input.message;
  const bool handled = handled_.contains(message.id);
  if (message.id == started_by_ && input.until_saga_ends && input.reply) {
    waiting_.push_back(input);
    if (progress_.at_rest())
      answer_waiting(result);
    return true;
  }
  const bool remembered = handled_.reaches_back_to(message.first_sent) &&
                          cancelled_steps_.reaches_back_to(message.first_sent);
  if (!handled && (remembered || input.history != history_check::unchecked))
    return false;
  result.lookups.push_back(input);
  return true;
}

// Decides the command, unless what is known of its transaction or of the aggregate settles it
// already.
verdict entity::admit(const command_delivery& input, scratch& work) {
  const auto& message = *input.message;
  const bool finishes =
      message.role == participation::confirm || message.role == participation::cancel;
  if (finishes && !holds_.contains(hold_key(message.correlation, message.step))) {
    if (message.role == participation::cancel)
      return {};
    return {false,
            "the step '" + message.step + "' of " + message.correlation + " is not held here"};
  }
  if (finishes && message.type.empty())
    return {};
  if (message.role == participation::step &&
      (input.history == history_check::cancelled ||
       cancelled_steps_.contains(mark_id(message.correlation, message.step))))
    return {false, "the step '" + message.step + "' was cancelled before it arrived"};
  if (!work.refusal.empty())
    return {false, work.refusal, true, true};
  if (state_->deleted() && !finishes && !state_->traits_of(message.type).is_for_deleted_too)
    return {false, to_string(self_) + " is deleted"};
  if (message.expected_version && *message.expected_version != sequence_)
    return {false, "expected version " + std::to_string(*message.expected_version) +
                       ", but it is " + std::to_string(sequence_)};
  const decision_context context{self_, work.correlation, work.now, message.source.empty()};
  return state_->decide(message.type, message.payload, context, work.events);
}

void entity::answer(const command_delivery& input, const scratch& work, const verdict& decided,
                    turn& result) {
  const auto& message = *input.message;
  if (message.source.empty() && !input.reply)
    return;
  if (message.id == started_by_ && input.until_saga_ends && input.reply) {
    waiting_.push_back(input);
    return;
  }
  auto answer = std::make_shared<outcome>();
  answer->answers = message.id;
  answer->to = message.source;
  answer->from = self_;
  answer->correlation = work.correlation;
  answer->accepted = decided.accepted;
  answer->recorded = decided.understood;
  answer->pending = work.rec.pending;
  answer->transient = decided.transient;
  answer->reason = decided.reason;
  answer->sequence = sequence_;
  // Of a confirm or cancel that was accepted nobody looks at the events.
  const bool ends_step =
      message.role == participation::confirm || message.role == participation::cancel;
  if (input.reply || !ends_step || !decided.accepted)
    answer->events = events_of(work);
  if (!message.source.empty())
    result.deliveries.push_back({message.source, outcome_delivery{answer}});
  if (input.reply)
    result.replies.emplace_back(input.reply, std::move(answer));
}

std::vector<stored_event> entity::events_of(const scratch& work) {
  std::vector<stored_event> result;
  result.reserve(work.events.entries().size());
  for (const auto& entry : work.events.entries()) {
    const auto payload = work.events.payload(entry);
    result.push_back(
        {std::string{entry.type}, entry.version, byte_buffer{payload.begin(), payload.end()}});
  }
  return result;
}

} // namespace skald
