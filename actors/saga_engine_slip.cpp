#include "actors/saga_engine.hpp"
#include "messages/codec.hpp"

#include <stdexcept>

// What a saga does that is carried by a routing slip: it sends the slip on its way, accepts it when
// it has come back from its last stop, or has it turned round.

namespace skald {

using phase = saga_progress::phase;

void saga_engine::start_slip(const saga_definition& definition) {
  auto& slip = plan_.slips.emplace_back();
  slip.originator = context_.self;
  const auto made = [&](const step_command& command) {
    if (!command.make)
      return slip_command{};
    auto content = command.make(state_, {});
    return slip_command{std::string{content.type}, std::move(content.payload)};
  };
  for (const auto& step : definition.steps) {
    auto does = step.send(state_, {});
    slip.itinerary.push_back({step.name,
                              std::move(does.to),
                              {std::string{step.sends}, std::move(does.command.payload)},
                              made(step.compensate),
                              made(step.confirm),
                              step.retry,
                              step.retry_compensation});
  }
}

void saga_engine::on_slip(routing_slip slip) {
  if (slip.heading == slip_heading::stuck) {
    const auto& last = slip.log.back();
    if (progress_.current() == phase::running)
      begin_to_fail(slip.reason);
    plan_.change = saga_transition::parked;
    plan_.reason = "the compensation of '" + last.name + "' at " + to_string(last.at) +
                   " failed: " + slip.reason;
    clear_deadlines();
    return;
  }
  const bool is_complete = slip.heading == slip_heading::forward;
  switch (progress_.current()) {
  case phase::running:
    if (is_complete)
      return accept_slip(std::move(slip));
    begin_to_fail(slip.reason);
    return compensated();
  case phase::compensating:
    return is_complete ? send_back(std::move(slip), progress_.reason()) : compensated();
  case phase::confirming:
    return end(saga_transition::completed);
  case phase::resolving:
    return end(saga_transition::resolved);
  case phase::terminating:
    return end(saga_transition::terminated);
  default:
    return;
  }
}

// Every stop has done its part. From here on the transaction cannot fail, unless the aggregate
// refuses.
void saga_engine::accept_slip(routing_slip slip) {
  std::string refusal;
  if (!let_aggregate_handle(declared().on_completed, refusal)) {
    begin_to_fail(refusal);
    return send_back(std::move(slip), refusal);
  }
  plan_.change = saga_transition::confirming;
  clear_deadlines();
  slip.accept();
  if (!slip.next())
    return end(saga_transition::completed);
  plan_.slips.push_back(std::move(slip));
}

void saga_engine::send_back(routing_slip slip, std::string_view reason) {
  slip.fail(reason);
  if (!slip.next())
    return compensated();
  plan_.slips.push_back(std::move(slip));
}

// -- by hand
// ---------------------------------------------------------------------------------------------

verdict saga_engine::check_slip(std::string_view instruction, const saga_instruction& said) const {
  if (instruction == saga_instructions::cancel || instruction == saga_instructions::retry)
    return {};
  if (progress_.current() != phase::parked)
    return {false, to_string(context_.self) +
                       ": its routing slip is with a participant; cancel the saga, and step in if "
                       "it is parked"};
  const auto slip = parked_slip();
  if (instruction == saga_instructions::skip && said.step != slip.log.back().name)
    return {false, to_string(context_.self) + ": the compensation that failed is that of '" +
                       slip.log.back().name + "'"};
  return {};
}

// The slip, which lies here, goes on. Who is not to undo anything is only let go.
void saga_engine::follow_for_slip(std::string_view instruction) {
  auto slip = parked_slip();
  slip.heading = slip_heading::compensating;
  plan_.change = saga_transition::resumed;
  if (instruction == saga_instructions::skip) {
    slip.log.back().compensate = {};
  } else if (instruction != saga_instructions::retry) {
    plan_.change = instruction == saga_instructions::resolve ? saga_transition::resolving
                                                             : saga_transition::terminating;
    for (auto& each : slip.log)
      each.compensate = {};
  }
  plan_.slips.push_back(std::move(slip));
}

routing_slip saga_engine::parked_slip() const {
  routing_slip result;
  if (const auto wrong = decode(progress_.parked_slip(), result))
    throw std::logic_error("the routing slip at " + to_string(context_.self) +
                           " cannot be read: " + *wrong);
  return result;
}

// What it shares with the sagas that send their steps themselves.

void saga_engine::begin_to_fail(std::string_view reason) {
  plan_.change = saga_transition::compensating;
  plan_.reason = reason;
  clear_deadlines();
  if (declared().on_failure) {
    plan_.own_command = declared().on_failure_type;
    declared().on_failure(state_, reason, context_, events_);
  }
}

void saga_engine::compensated() {
  std::string refusal;
  let_aggregate_handle(declared().on_compensated, refusal);
  end(saga_transition::compensated);
}

} // namespace skald
