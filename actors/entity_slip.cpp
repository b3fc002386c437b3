#include "actors/entity.hpp"
#include "actors/entity_scratch.hpp"
#include "messages/codec.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

// What an entity does with the routing slips that come by, and with what it has passed on.

namespace skald {

namespace {

constexpr auto without_end = saga_step::default_compensation_policy;

} // namespace

// -- a slip comes
// ----------------------------------------------------------------------------------------------

// Why the slip that comes with the command cannot be followed; nothing if it can, or if none comes.
std::optional<std::string> entity::open_slip(const command_message& message, scratch& work) const {
  if (message.slip.empty())
    return std::nullopt;
  auto& slip = work.slip.emplace();
  if (auto wrong = decode(message.slip, slip))
    return "its routing slip cannot be read: " + *wrong;
  if (!slip.goes_to(self_, message.step))
    return "its routing slip does not go to the step '" + message.step + "' of " + to_string(self_);
  return std::nullopt;
}

// Makes of a recall what it means here. Where the slip is waiting, its step is cancelled and it
// goes back; where it has been, the recall follows it; where it has not, it will be refused when it
// comes.
void entity::meet_recall(command_delivery& input, scratch& work) const {
  if (!work.slip || work.slip->heading != slip_heading::recalling)
    return;
  const auto key = hold_key(input.message->correlation, input.message->step);
  const auto waiting = std::ranges::find_if(owed_, [&](const owed_answer& each) {
    return each.hold == key && each.role == participation::step && !each.slip.empty();
  });
  if (waiting == owed_.end() && !holds_.contains(key)) {
    work.slip.reset();
    return;
  }
  auto changed = std::make_shared<command_message>(*input.message);
  if (waiting == owed_.end()) {
    changed->role = participation::none;
  } else {
    auto slip = slip_of(waiting->slip);
    slip.pass();
    slip.fail(work.slip->reason);
    changed->type = slip.log.back().compensate.type;
    changed->payload = slip.log.back().compensate.payload;
    changed->slip = encode(slip);
    work.slip = std::move(slip);
  }
  input.message = std::move(changed);
}

// A slip comes back to its originator, or a recall follows one that has been here. `work.rec` has
// taken in the message.
void entity::on_slip_message(const command_delivery& input, scratch& work, turn& result) {
  const auto& message = *input.message;
  auto& rec = work.rec;
  if (work.slip->heading == slip_heading::recalling) {
    if (const auto* trail = desk_.find_trail(hold_key(message.correlation, message.step)))
      work.plan.slips.push_back(recall_of(message.correlation, work.slip->originator,
                                          work.slip->reason, trail->step, trail->to));
  } else if (progress_.open() && progress_.definition()->is_routing_slip &&
             progress_.correlation() == message.correlation) {
    const decision_context context{self_, work.correlation, work.now};
    saga_engine engine{progress_, *state_, context, work.events, work.plan};
    engine.on_slip(std::move(*work.slip));
    rec.reason = work.plan.reason;
    if (work.plan.change == saga_transition::parked)
      rec.slip = message.slip;
  }
  record_turn(work, result);
  answer(input, work, {}, result);
  if (progress_.at_rest())
    answer_waiting(result);
}

// The slip's command has been decided.
void entity::pass_slip_on(const command_message& message, const verdict& decided,
                          scratch& work) const {
  auto& slip = *work.slip;
  if (work.rec.pending) {
    work.rec.slip = message.slip;
    return;
  }
  if (decided.accepted && slip.heading == slip_heading::forward)
    visited(slip);
  else if (decided.accepted)
    slip.pass();
  else if (slip.heading == slip_heading::forward && !decided.transient)
    slip.fail(decided.reason);
  else
    return; // whoever has sent it tries again
  work.plan.slips.push_back(std::move(slip));
}

// What was pending here has ended as `work.settled_reason` says, and the slip that waited for it
// goes on. An undoing that has failed is tried again by whoever has sent the slip here.
void entity::pass_settled_slip_on(const owed_answer& settled, scratch& work) const {
  auto slip = slip_of(settled.slip);
  const bool failed = !work.settled_reason.empty();
  if (settled.role != participation::step) {
    if (failed)
      return;
    slip.pass();
  } else if (failed) {
    slip.fail(work.settled_reason);
  } else {
    visited(slip);
  }
  work.plan.slips.push_back(std::move(slip));
}

routing_slip entity::slip_of(byte_span encoded) const {
  routing_slip result;
  if (const auto wrong = decode(encoded, result))
    throw std::logic_error("a routing slip at " + to_string(self_) + " cannot be read: " + *wrong);
  return result;
}

// The stop here is done. The aggregate may change the rest of the itinerary, and nothing else.
void entity::visited(routing_slip& slip) const {
  slip.pass();
  auto revised = slip;
  state_->revise_slip(revised);
  slip.itinerary = std::move(revised.itinerary);
  if (const auto wrong = slip.itinerary_error())
    throw std::logic_error(to_string(self_) + " has revised the routing slip of " + slip.tracking +
                           ": " + *wrong);
}

// -- a slip leaves
// ---------------------------------------------------------------------------------------------

void entity::plan_slips(scratch& work) {
  auto& rec = work.rec;
  if (work.plan.recalls_slip)
    if (const auto* trail = desk_.find_trail(hold_key(progress_.correlation(), {})))
      work.plan.slips.push_back(
          recall_of(progress_.correlation(), self_, work.plan.reason, trail->step, trail->to));
  for (auto& slip : work.plan.slips) {
    slip.tracking = work.correlation;
    auto planned = sending_of(slip);
    auto message = std::make_shared<command_message>();
    message->id = dispatch_id(self_, rec.turn, static_cast<std::uint32_t>(work.dispatched.size()));
    message->to = std::move(planned.to);
    message->source = self_;
    message->correlation = work.correlation;
    message->causation = rec.input;
    message->first_sent = rec.time;
    message->role = planned.role;
    message->step = std::move(planned.step);
    message->type = std::move(planned.command.type);
    message->payload = std::move(planned.command.payload);
    message->slip = std::move(planned.slip);
    rec.dispatches.push_back({message->to, message->role, message->step, message->type,
                              message->payload, message->slip});
    work.dispatched.push_back(std::move(message));
  }
}

// Key of the hold that a slip which leaves with the turn has had here; empty if it had left before.
std::string entity::slip_left_from(const record& x, const saga_definition* started) const {
  if (std::ranges::none_of(x.dispatches, [](const auto& each) { return !each.slip.empty(); }))
    return {};
  if (started)
    return hold_key(x.correlation, {});
  if (x.kind == input_kind::command && x.role == participation::step)
    return hold_key(x.correlation, x.step);
  const auto settled = std::ranges::find(owed_, x.settles, &owed_answer::command);
  return x.settles.empty() || settled == owed_.end() ? std::string{} : settled->hold;
}

void entity::take_slips(const record& x, const std::vector<command_message_ptr>& dispatched,
                        const std::string& from) {
  desk_.take(x, dispatched, from);
  desk_.forget_trails([&](const std::string& hold) {
    return holds_.contains(hold) ||
           (progress_.open() && hold == hold_key(progress_.correlation(), {}));
  });
}

// -- until somebody else has it
// ----------------------------------------------------------------------------------

void entity::on_slip_answer(const slip_desk::outstanding& sent, const outcome& input, scratch& work,
                            turn& result) {
  if (input.pending || !sent.awaits_answer)
    return;
  const auto message = sent.message; // the desk forgets it
  const bool is_step = message->role == participation::step;
  auto& rec = work.rec;
  rec.kind = input_kind::outcome;
  rec.input = input.answers;
  rec.source = input.from;
  rec.correlation = work.correlation = message->correlation;
  rec.causation = input.answers;
  rec.step = message->step;
  // A stop that has refused its step for good has taken the slip and turned it round.
  rec.accepted = input.recorded && (is_step ? !input.transient : input.accepted);
  if (!rec.accepted) {
    rec.reason = input.reason;
    auto slip = slip_of(message->slip);
    const bool is_undoing = slip.heading == slip_heading::compensating && slip.next();
    const auto& policy = is_step      ? slip.next()->retry
                         : is_undoing ? slip.next()->retry_compensation
                                      : without_end;
    const auto tries = sent.refusals + 1;
    rec.transient = policy.allows_after(tries) && (is_step ? input.transient : is_wanted(*message));
    if (rec.transient) {
      const auto chance = std::hash<std::string>{}(self_.id + sent.name) + tries;
      work.plan.deadlines.emplace_back(sent.name, work.now + policy.delay_before(tries, chance));
    } else if (is_step) {
      slip.fail(input.reason);
      work.plan.slips.push_back(std::move(slip));
    } else if (is_undoing) {
      slip.park(input.reason);
      work.plan.slips.push_back(std::move(slip));
    }
  }
  record_turn(work, result);
}

// It is time to try again: a new message, as the same one would be answered as before.
void entity::on_slip_deadline(const slip_desk::outstanding& due, scratch& work, turn& result) {
  const auto name = due.name; // the desk forgets both
  const auto message = due.message;
  auto& rec = work.rec;
  rec.kind = input_kind::deadline;
  rec.input_type = name;
  rec.correlation = work.correlation = message->correlation;
  work.plan.deadlines.emplace_back(name, no_time);
  if (is_wanted(*message))
    work.plan.slips.push_back(slip_of(message->slip));
  record_turn(work, result);
  result.next_due.emplace(self_, next_wake());
}

// A recall follows a slip only as long as it may be where the recall goes.
bool entity::is_wanted(const command_message& sent) const {
  return sent.type != slip_messages::recall || desk_.leads_to(sent.correlation, sent.step);
}

void entity::send_slips_again(turn& result) const {
  for (const auto& each : desk_.sent())
    if (each.awaits_answer)
      result.deliveries.push_back({each.message->to, command_delivery{each.message, {}}});
}

} // namespace skald
