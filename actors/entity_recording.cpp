#include "actors/entity.hpp"
#include "actors/entity_scratch.hpp"

#include <algorithm>

// How a turn becomes a record, and what a record does to the entity.

namespace skald {

void entity::plan_dispatches(scratch& work) {
  auto& rec = work.rec;
  for (auto& planned : work.plan.dispatches) {
    auto message = std::make_shared<command_message>();
    message->id = dispatch_id(self_, rec.turn, static_cast<std::uint32_t>(work.dispatched.size()));
    message->to = std::move(planned.to);
    message->source = self_;
    message->correlation = work.correlation;
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
  plan_slips(work);
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
  settle_owed(work, result);
  plan_dispatches(work);
  for (const auto& [name, due] : work.plan.deadlines)
    rec.deadlines.push_back({name, due});
  rec.saga_change = work.plan.change;
  if (work.plan.started)
    rec.saga = work.plan.started->name;
  take(rec, work.dispatched, work.plan.started);
  rec.deleted = state_->deleted();
  rec.saga_open = progress_.open() || !desk_.empty();
  rec.next_due = next_due();
  rec.status = state_->status();
  encode_record(rec, result.record);
  for (auto& message : work.dispatched)
    result.deliveries.push_back({message->to, command_delivery{message, {}}});
  result.finished = progress_.ended() && holds_.empty() && desk_.empty();
  publish(work, result);
}

void entity::publish(const scratch& work, turn& result) const {
  std::uint32_t index = 0;
  for (const auto& event : work.rec.events) {
    const bool concerns_reactors = work.events.entries()[index].concerns_reactors;
    if (concerns_reactors && type_.find_subscription(event.type))
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
  if (x.kind == input_kind::command)
    handled_.add(x.input, x.time);
  const auto from = slip_left_from(x, started);
  take_holds(x);
  take_slips(x, dispatched, from);
}

// Which transactions hold the aggregate, and whom it owes an answer.
void entity::take_holds(const record& x) {
  const auto forget_owed = [this](const std::string& hold) {
    std::erase_if(owed_, [&](const owed_answer& each) { return each.hold == hold; });
  };
  if (const auto settled = std::ranges::find(owed_, x.settles, &owed_answer::command);
      !x.settles.empty() && settled != owed_.end()) {
    // What was not done holds nothing, and neither does what is undone.
    if (x.settled_reason.empty() == (settled->role != participation::step))
      holds_.erase(settled->hold);
    owed_.erase(settled);
  }
  if (x.kind != input_kind::command || x.role == participation::none || !x.accepted)
    return;
  auto key = hold_key(x.correlation, x.step);
  forget_owed(key);
  if (x.pending)
    owed_.push_back({key, x.input, x.source.to_address(), x.role, {x.slip.begin(), x.slip.end()}});
  if (x.role == participation::step)
    holds_.insert(std::move(key));
  else if (!x.pending && !holds_.erase(key))
    cancelled_steps_.add(mark_id(x.correlation, x.step), x.time);
}

// The turn says how something has ended that was pending: whoever asked for it is told.
void entity::settle_owed(scratch& work, turn& result) {
  auto& rec = work.rec;
  const bool answers_itself = rec.kind == input_kind::command && rec.role != participation::none;
  if (owed_.empty() || answers_itself || !work.events.conclusive())
    return;
  const auto prefix = hold_key(work.correlation, {});
  const auto found = std::ranges::find_if(
      owed_, [&](const owed_answer& each) { return each.hold.starts_with(prefix); });
  if (found == owed_.end())
    return;
  const auto& failure = work.events.failure();
  rec.settles = found->command;
  if (failure)
    work.settled_reason = failure->empty() ? "it failed" : *failure;
  rec.settled_reason = work.settled_reason;
  if (!found->slip.empty())
    pass_settled_slip_on(*found, work);
  auto answer = std::make_shared<outcome>();
  answer->answers = found->command;
  answer->to = found->source;
  answer->from = self_;
  answer->correlation = work.correlation;
  answer->accepted = !failure;
  answer->recorded = true;
  answer->reason = work.settled_reason;
  answer->sequence = sequence_ + work.events.entries().size();
  answer->events = events_of(work);
  const auto to = found->source;
  result.deliveries.push_back({to, outcome_delivery{std::move(answer)}});
}

} // namespace skald
