#include "actors/entity.hpp"
#include "actors/entity_scratch.hpp"

#include <algorithm>

// What an entity does for the saga that it hosts.

namespace skald {

namespace {

bool names(const std::vector<std::string_view>& types, std::string_view type) {
  return std::ranges::find(types, type) != types.end();
}

saga_transition end_by(const saga_definition& definition, std::string_view event_type) {
  if (names(definition.completes_on, event_type))
    return saga_transition::completed;
  if (names(definition.compensated_on, event_type))
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

void entity::on_outcome(const outcome& input, scratch& work, turn& result) {
  if (const auto* sent = desk_.find(input.answers))
    return on_slip_answer(*sent, input, work, result);
  const auto index = progress_.find_outstanding(input.answers);
  if (index < 0 || !progress_.open() || input.pending)
    return; // came again, to a step that was cancelled meanwhile, or before the real answer
  const auto at = static_cast<std::size_t>(index);
  const auto judged = saga_engine::judge(progress_, progress_.steps()[at], input);
  // Messages leave with the commit of their turn.
  const bool all_is_committed = progress_.steps()[at].sent_in == turn_ &&
                                progress_.current() == saga_progress::phase::confirming;
  auto& rec = work.rec;
  rec.kind = input_kind::outcome;
  rec.input = input.answers;
  rec.source = input.from;
  rec.correlation = work.correlation = progress_.correlation();
  rec.causation = input.answers;
  rec.step = work.step = progress_.steps()[at].name;
  rec.accepted = judged.accepted;
  rec.transient = judged.transient;
  rec.reason = judged.reason;
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
  const decision_context context{self_, work.correlation, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  engine.on_outcome(at, input, judged);
  rec.input_type = work.plan.own_command;
  if (!work.plan.reason.empty())
    rec.reason = work.plan.reason;
  const bool changes_nothing_told = work.events.empty() && rec.reason.empty();
  record_turn(work, result);
  if (progress_.at_rest())
    answer_waiting(result);
  // That every participant has confirmed is in its own records. Should the record of the end be
  // lost, the confirmations are asked for again, and the saga ends as it did.
  result.answers_are_committed = all_is_committed && changes_nothing_told && input.recorded &&
                                 progress_.current() == saga_progress::phase::completed;
}

void entity::on_deadline(scratch& work, turn& result) {
  std::string due_name;
  for (const auto& [name, due] : progress_.deadlines())
    if (due <= work.now) {
      due_name = name;
      break;
    }
  if (due_name.empty()) {
    for (const auto& each : desk_.sent())
      if (each.again != no_time && each.again <= work.now)
        return on_slip_deadline(each, work, result);
    result.next_due.emplace(self_, next_wake());
    return;
  }
  auto& rec = work.rec;
  rec.kind = input_kind::deadline;
  rec.input_type = due_name;
  rec.correlation = work.correlation = progress_.correlation();
  progress_.take_input(rec);
  const decision_context context{self_, work.correlation, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  engine.on_deadline(due_name);
  rec.reason = work.plan.reason;
  follow_own_events(work);
  record_turn(work, result);
  for (const auto step : work.plan.again)
    send_again(progress_.steps()[step], result);
  // Also where a second deadline is due at the same time.
  result.next_due.emplace(self_, next_wake());
  if (progress_.at_rest())
    answer_waiting(result);
}

void entity::on_resume(turn& result) {
  if (!progress_.open() && desk_.empty())
    return;
  unsure_of_confirms_ = false;
  send_slips_again(result);
  for (const auto& step : progress_.steps())
    if (step.awaits_answer)
      send_again(step, result);
  result.next_due.emplace(self_, next_wake());
}

void entity::send_again(const saga_progress::step_state& step, turn& result) {
  result.deliveries.push_back({step.message->to, command_delivery{step.message, {}}});
}

// A person steps in. `work.rec` has taken in the command.
void entity::on_instruction(const command_delivery& input, scratch& work, turn& result) {
  saga_instruction said;
  verdict decided;
  const decision_context context{self_, work.correlation, work.now, true};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  if (const auto wrong = decode(input.message->payload, said))
    decided = {false, "the data of " + input.message->type + " is wrong: " + *wrong};
  else
    decided = engine.check(input.message->type, said);
  auto& rec = work.rec;
  rec.accepted = decided.accepted;
  rec.reason = decided.accepted ? said.reason : decided.reason;
  if (progress_.definition())
    rec.correlation = work.correlation = progress_.correlation();
  if (decided.accepted) {
    if (said.step)
      rec.step = *said.step;
    progress_.take_input(rec);
    engine.follow(rec.input_type, said);
    follow_own_events(work);
  }
  record_turn(work, result);
  answer(input, work, decided, result);
  if (progress_.at_rest())
    answer_waiting(result);
}

// Do the turn's events start a saga, make one fail, or end one that has no steps of its own?
void entity::follow_own_events(scratch& work) {
  if (work.events.empty() || (work.plan.change != saga_transition::none &&
                              work.plan.change != saga_transition::compensating))
    return;
  const decision_context context{self_, work.correlation, work.now};
  saga_engine engine{progress_, *state_, context, work.events, work.plan};
  const bool is_failing = work.plan.change == saga_transition::compensating;
  for (const auto& event : work.events.entries()) {
    const auto* current = progress_.open() ? progress_.definition() : nullptr;
    if (current) {
      if (const auto how = end_by(*current, event.type); how != saga_transition::none)
        return engine.end(how);
      if (!is_failing && progress_.current() == saga_progress::phase::running &&
          names(current->cancelled_by, event.type))
        return engine.fail(std::string{event.type});
    } else {
      for (const auto& definition : type_.sagas)
        if (definition.starts_on == event.type &&
            (!definition.applies || definition.applies(*state_)) &&
            !ends_with(definition, work.events))
          return engine.start(definition);
    }
  }
}

// The saga has come to rest: tells everybody who waits for it how.
void entity::answer_waiting(turn& result) {
  for (auto& each : std::exchange(waiting_, {})) {
    auto answer = std::make_shared<outcome>();
    answer->answers = each.message->id;
    answer->from = self_;
    answer->correlation = progress_.correlation();
    answer->accepted = progress_.current() == saga_progress::phase::completed;
    if (!answer->accepted)
      answer->reason = failure_reason();
    answer->sequence = sequence_;
    result.replies.emplace_back(std::move(each.reply), std::move(answer));
  }
}

std::string entity::failure_reason() const {
  switch (progress_.current()) {
  case saga_progress::phase::resolved:
    return "resolved by hand: " + progress_.reason();
  case saga_progress::phase::terminated:
    return "terminated by hand: " + progress_.reason();
  case saga_progress::phase::parked:
    return progress_.reason();
  default:
    break;
  }
  const auto& told_by_aggregate = progress_.definition()->failure_reason;
  return told_by_aggregate ? told_by_aggregate(*state_) : progress_.reason();
}

} // namespace skald
