#include "actors/entity.hpp"

#include <algorithm>

namespace skald {

namespace {

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

saga_transition end_by(const saga_definition& definition, std::string_view event_type) {
  if (std::ranges::find(definition.completes_on, event_type) != definition.completes_on.end())
    return saga_transition::completed;
  if (std::ranges::find(definition.compensated_on, event_type) != definition.compensated_on.end())
    return saga_transition::compensated;
  return saga_transition::none;
}

// What begins and ends in one turn needs no saga.
bool ends_with(const saga_definition& definition, const recorded_events& events) {
  return std::ranges::any_of(events.entries(), [&](const auto& entry) {
    return end_by(definition, entry.type) != saga_transition::none;
  });
}

} // namespace

// What one turn is put together in. One per thread, so that its buffers are allocated once.
struct entity::scratch {
  record rec;
  recorded_events events;
  saga_plan plan;
  std::vector<command_message_ptr> dispatched;
  std::string_view correlation;
  timestamp now = no_time;

  void clear() {
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
    plan.dispatches.clear();
    plan.deadlines.clear();
    plan.change = saga_transition::none;
    plan.started = nullptr;
    plan.own_command = {};
    plan.reason.clear();
    dispatched.clear();
  }
};

entity::entity(const entity_type& type, address self)
    : type_(type), self_(std::move(self)), state_(type.make_state()) {}

turn entity::handle(delivery_content input, timestamp now) {
  thread_local scratch work;
  work.clear();
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
    result.in_saga.push_back(self_.id);
  for (const auto& key : holds_)
    result.in_saga.push_back(key.substr(0, key.find('\0')));
  std::ranges::sort(result.in_saga);
  const auto repeated = std::ranges::unique(result.in_saga);
  result.in_saga.erase(repeated.begin(), repeated.end());
  state_->encode_state(result.state);
  return result;
}

// -- commands
// ----------------------------------------------------------------------------------------------

void entity::on_command(command_delivery& input, scratch& work, turn& result) {
  const auto& message = *input.message;
  if (answered_before(input, result))
    return;
  work.now = std::max(work.now, message.first_sent);
  work.correlation = message.correlation;
  auto decided = admit(input, work);
  if (!decided.understood) {
    answer(input, work, decided, result);
    return;
  }
  auto& rec = work.rec;
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
  rec.accepted = decided.accepted;
  rec.reason = decided.reason;
  follow_own_events(work);
  // What happens to an aggregate that hosts a saga belongs to that saga's transaction, whatever the
  // client says: handlers that react to it have to find what the transaction holds.
  if (message.role == participation::none && (work.plan.started || progress_.definition()))
    rec.correlation = work.correlation = self_.id;
  record_turn(work, result);
  answer(input, work, decided, result);
  if (progress_.ended())
    answer_waiting(result);
}

// Has the message been handled, or can only the journal tell?
bool entity::answered_before(const command_delivery& input, turn& result) {
  const auto& message = *input.message;
  const bool handled = handled_.contains(message.id);
  if (message.id == started_by_ && input.until_saga_ends && input.reply) {
    waiting_.push_back(input);
    if (progress_.ended())
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
  if (state_->deleted() && !finishes)
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
  answer->reason = decided.reason;
  answer->sequence = sequence_;
  for (const auto& entry : work.events.entries()) {
    const auto payload = work.events.payload(entry);
    answer->events.push_back(
        {std::string{entry.type}, entry.version, byte_buffer{payload.begin(), payload.end()}});
  }
  if (!message.source.empty())
    result.deliveries.push_back({message.source, outcome_delivery{answer}});
  if (input.reply)
    result.replies.emplace_back(input.reply, std::move(answer));
}

// The saga has ended: tells everybody who waits for it how.
void entity::answer_waiting(turn& result) {
  for (auto& each : std::exchange(waiting_, {})) {
    auto answer = std::make_shared<outcome>();
    answer->answers = each.message->id;
    answer->from = self_;
    answer->correlation = self_.id;
    answer->accepted = progress_.current() == saga_progress::phase::completed;
    if (!answer->accepted)
      answer->reason = progress_.definition()->failure_reason(*state_);
    answer->sequence = sequence_;
    result.replies.emplace_back(std::move(each.reply), std::move(answer));
  }
}

// -- sagas
// -------------------------------------------------------------------------------------------------

void entity::on_outcome(const outcome& input, scratch& work, turn& result) {
  const auto index = progress_.find_outstanding(input.answers);
  if (index < 0 || !progress_.open())
    return; // an answer that came again, or one to a step that was cancelled meanwhile
  auto& rec = work.rec;
  rec.kind = input_kind::outcome;
  rec.input = input.answers;
  rec.source = input.from;
  rec.correlation = self_.id;
  rec.causation = input.answers;
  rec.step = progress_.definition()->steps[static_cast<std::size_t>(index)].name;
  rec.accepted = input.accepted;
  rec.reason = input.reason;
  work.correlation = self_.id;
  progress_.take_input(rec);
  // A confirm that was answered while others are not is not worth a record: after a crash it is
  // sent again, and answered again.
  if (progress_.awaits_more_confirms()) {
    if (!unsure_of_confirms_)
      return;
    // Rebuilt meanwhile: which others were answered before is forgotten. This one is kept, so that
    // it gets further however often it is rebuilt.
    record_turn(work, result);
    on_resume(result);
    return;
  }
  const decision_context context{self_, self_.id, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  engine.on_outcome(static_cast<std::size_t>(index), input.accepted, input.reason);
  rec.input_type = work.plan.own_command;
  record_turn(work, result);
  if (progress_.ended())
    answer_waiting(result);
}

void entity::on_deadline(scratch& work, turn& result) {
  std::string due_name;
  for (const auto& [name, due] : progress_.deadlines())
    if (due <= work.now) {
      due_name = name;
      break;
    }
  if (due_name.empty()) {
    result.next_due.emplace(self_, progress_.next_due());
    return;
  }
  auto& rec = work.rec;
  rec.kind = input_kind::deadline;
  rec.input_type = due_name;
  rec.correlation = self_.id;
  work.correlation = self_.id;
  const decision_context context{self_, self_.id, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  engine.on_deadline(due_name);
  rec.reason = work.plan.reason;
  follow_own_events(work);
  record_turn(work, result);
  result.next_due.emplace(self_, next_due_); // also where a second deadline is due at the same time
  if (progress_.ended())
    answer_waiting(result);
}

void entity::on_resume(turn& result) {
  if (!progress_.open())
    return;
  unsure_of_confirms_ = false;
  for (const auto& step : progress_.steps())
    if (step.outstanding)
      result.deliveries.push_back({step.outstanding->to, command_delivery{step.outstanding, {}}});
  result.next_due.emplace(self_, progress_.next_due());
}

// Do the turn's events start a saga, or end one that has no steps of its own?
void entity::follow_own_events(scratch& work) {
  if (work.events.empty() || progress_.ended() || work.plan.change != saga_transition::none)
    return;
  const decision_context context{self_, work.correlation, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  for (const auto& event : work.events.entries()) {
    if (progress_.definition()) {
      if (const auto how = end_by(*progress_.definition(), event.type);
          how != saga_transition::none)
        return engine.end(how);
      continue;
    }
    for (const auto& definition : type_.sagas)
      if (definition.starts_on == event.type &&
          (!definition.applies || definition.applies(*state_)) &&
          !ends_with(definition, work.events))
        return engine.start(definition);
  }
}

// -- recording
// ---------------------------------------------------------------------------------------------

void entity::plan_dispatches(scratch& work) {
  auto& rec = work.rec;
  for (auto& planned : work.plan.dispatches) {
    auto message = std::make_shared<command_message>();
    message->id = dispatch_id(self_, rec.turn, static_cast<std::uint32_t>(work.dispatched.size()));
    message->to = std::move(planned.to);
    message->source = self_;
    message->correlation = self_.id;
    message->causation = rec.input;
    message->first_sent = rec.time;
    message->role = planned.role;
    message->step = planned.step;
    message->type = planned.command.type;
    message->payload = std::move(planned.command.payload);
    rec.dispatches.push_back(
        {message->to, message->role, message->step, message->type, message->payload});
    work.dispatched.push_back(std::move(message));
  }
}

// Completes the record, encodes it and takes in its effects.
void entity::record_turn(scratch& work, turn& result) {
  auto& rec = work.rec;
  rec.turn = turn_ + 1;
  rec.sequence = sequence_;
  rec.stream = self_;
  rec.time = work.now;
  for (const auto& entry : work.events.entries())
    rec.events.push_back({entry.type, entry.version, work.events.payload(entry)});
  plan_dispatches(work);
  for (const auto& [name, due] : work.plan.deadlines)
    rec.deadlines.push_back({name, due});
  rec.saga_change = work.plan.change;
  if (work.plan.started)
    rec.saga = work.plan.started->name;
  take(rec, work.dispatched, work.plan.started);
  rec.deleted = state_->deleted();
  rec.saga_open = progress_.open();
  rec.next_due = progress_.next_due();
  rec.status = state_->status();
  encode_record(rec, result.record);
  for (auto& message : work.dispatched)
    result.deliveries.push_back({message->to, command_delivery{message, {}}});
  if (rec.next_due != next_due_)
    result.next_due.emplace(self_, next_due_ = rec.next_due);
  result.finished = progress_.ended();
  publish(work, result);
}

void entity::publish(const scratch& work, turn& result) const {
  std::uint32_t index = 0;
  for (const auto& event : work.rec.events) {
    if (type_.find_subscription(event.type))
      result.publications.push_back(
          {0,
           self_,
           std::string{work.rec.correlation},
           work.rec.turn,
           index,
           work.rec.time,
           work.rec.input,
           {std::string{event.type}, event.version, {event.payload.begin(), event.payload.end()}}});
    ++index;
  }
}

void entity::take(const record& x, const std::vector<command_message_ptr>& dispatched,
                  const saga_definition* started) {
  turn_ = x.turn;
  sequence_ = x.sequence + x.events.size();
  time_ = x.time;
  progress_.take_effects(x, dispatched, started);
  if (started)
    started_by_ = x.input;
  if (x.kind != input_kind::command)
    return;
  handled_.add(x.input, x.time);
  if (x.role == participation::none || !x.accepted)
    return;
  auto key = hold_key(x.correlation, x.step);
  if (x.role == participation::step)
    holds_.insert(std::move(key));
  else if (holds_.erase(key) == 0)
    cancelled_steps_.add(mark_id(x.correlation, x.step), x.time);
}

} // namespace skald
