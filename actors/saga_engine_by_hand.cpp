#include "actors/saga_engine.hpp"

#include <algorithm>

// What a saga does when a person steps in.

namespace skald {

namespace {

using phase = saga_progress::phase;
using step_status = saga_progress::step_status;

} // namespace

verdict saga_engine::check(std::string_view instruction, const saga_instruction& said) const {
  const auto refused = [&](const std::string& why) {
    return verdict{false, to_string(context_.self) + ": " + why};
  };
  if (said.reason.empty())
    return refused("an instruction needs a reason");
  if (!progress_.definition())
    return refused("it has no saga");
  if (progress_.ended())
    return refused("its saga has ended already");
  const auto current = progress_.current();
  if (instruction == saga_instructions::cancel && current != phase::running)
    return refused("only a saga that is still running can be cancelled");
  if (instruction == saga_instructions::terminate &&
      (current == phase::resolving || current == phase::terminating))
    return refused("its saga is being ended by hand already");
  if (instruction == saga_instructions::resolve && current != phase::parked)
    return refused("only a saga that is parked can be resolved by hand; cancel or terminate it");
  if (instruction == saga_instructions::retry && current != phase::parked &&
      std::ranges::none_of(progress_.deadlines(), [](const auto& each) {
        return each.first.starts_with(saga_progress::retry_deadline(""));
      }))
    return refused("its saga has nothing to try again");
  if (declared().is_routing_slip)
    return check_slip(instruction, said);
  if (instruction != saga_instructions::skip)
    return {};
  if (current != phase::parked && current != phase::compensating)
    return refused("its saga is not compensating");
  const auto said_step = said.step.value_or("");
  const auto* step = progress_.find(said_step);
  if (!step)
    return refused("its saga has taken no step '" + said_step + "'");
  if (!step->is_undoing() || step->awaits_answer)
    return refused("the step '" + said_step + "' has no compensation that failed");
  return {};
}

void saga_engine::follow(std::string_view instruction, const saga_instruction& said) {
  if (instruction == saga_instructions::cancel)
    fail(said.reason);
  else if (declared().is_routing_slip)
    follow_for_slip(instruction);
  else if (instruction == saga_instructions::terminate)
    release_all(saga_transition::terminating, saga_transition::terminated);
  else if (instruction == saga_instructions::resolve)
    release_all(saga_transition::resolving, saga_transition::resolved);
  else if (instruction == saga_instructions::retry)
    retry_all();
  else
    skip(said.step.value_or(""));
  plan_.reason = said.reason;
}

void saga_engine::retry_all() {
  if (progress_.current() != phase::parked) {
    // Each retry comes when its deadline does, which is now.
    for (const auto& [name, due] : progress_.deadlines())
      if (name.starts_with(saga_progress::retry_deadline("")))
        plan_.deadlines.emplace_back(name, context_.now);
    return;
  }
  plan_.change = saga_transition::resumed;
  for (const auto& step : progress_.steps())
    if (step.is_undoing() && !step.awaits_answer)
      finish_step(step, participation::cancel);
  compensate_next();
}

// The participant is no longer held, though it was not undone.
void saga_engine::skip(std::string_view name) {
  plan_.change = saga_transition::resumed;
  clear_deadlines();
  for (const auto& step : progress_.steps())
    if (step.name == name)
      release_step(step);
    else if (step.is_undoing() && !step.awaits_answer)
      finish_step(step, participation::cancel);
  compensate_next();
}

void saga_engine::release_step(const step_state& step) {
  plan_.dispatches.push_back({step.participant, participation::cancel, step.name, {}});
}

void saga_engine::release_all(saga_transition under_way, saga_transition done) {
  plan_.change = under_way;
  clear_deadlines();
  for (const auto& step : progress_.steps())
    if (!is_external(step.participant) && step.status != step_status::failed &&
        step.status != step_status::confirmed && step.status != step_status::compensated &&
        step.status != step_status::released)
      release_step(step);
  if (plan_.dispatches.empty())
    end(done);
}

} // namespace skald
