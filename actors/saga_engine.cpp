#include "actors/saga_engine.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace skald {

namespace {

using phase = saga_progress::phase;
using step_status = saga_progress::step_status;

// A confirm that is refused is tried again until it is taken: the transaction has succeeded.
constexpr auto confirm_policy = saga_step::default_compensation_policy;

// The end of time where the sum lies beyond it.
timestamp later_by(timestamp now, duration delay) {
  return delay < timestamp::max() - now ? now + delay : timestamp::max();
}

bool has_event_of(const outcome& answer, const std::vector<std::string_view>& types) {
  return std::ranges::any_of(answer.events, [&](const stored_event& event) {
    return std::ranges::find(types, event.type) != types.end();
  });
}

std::string listed(const std::vector<std::string_view>& types) {
  std::string result;
  for (const auto type : types)
    result.append(result.empty() ? "" : " or ").append(type);
  return result;
}

} // namespace

void saga_plan::clear() {
  dispatches.clear();
  slips.clear();
  recalls_slip = false;
  again.clear();
  deadlines.clear();
  change = saga_transition::none;
  started = nullptr;
  own_command = {};
  reason.clear();
}

verdict saga_engine::judge(const saga_progress& progress, const step_state& step,
                           const outcome& answer) {
  verdict result{answer.accepted, answer.reason, true, answer.transient};
  if (step.status != step_status::sent)
    return result;
  const auto& definition = progress.definition_of(step);
  if (has_event_of(answer, definition.fails_on)) {
    result.accepted = false;
    if (result.reason.empty())
      result.reason = to_string(answer.from) + " has recorded " + listed(definition.fails_on);
  } else if (result.accepted && !definition.succeeds_on.empty() &&
             !has_event_of(answer, definition.succeeds_on)) {
    result.accepted = false;
    result.reason = to_string(answer.from) + " has accepted " + step.message->type +
                    " without recording " + listed(definition.succeeds_on);
  }
  return result;
}

// -- forward
// ----------------------------------------------------------------------------------------------

void saga_engine::start(const saga_definition& definition) {
  plan_.started = &definition;
  plan_.change = saga_transition::started;
  if (definition.deadline)
    plan_.deadlines.emplace_back(saga_progress::saga_deadline,
                                 later_by(context_.now, definition.deadline(state_)));
  if (definition.is_routing_slip)
    start_slip(definition);
  else if (!definition.steps.empty())
    advance(definition);
}

// Starts what is to have been started by now: the steps that the definition chooses, or all up to
// the first group that is not done. If nothing is left to wait for, every step has succeeded.
void saga_engine::advance(const saga_definition& definition) {
  if (definition.choose)
    start_chosen(definition);
  else
    start_declared(definition);
  if (!plan_.dispatches.empty())
    return;
  if (is_starting())
    throw std::logic_error("saga '" + definition.name + "' chooses no step to begin with");
  if (std::ranges::all_of(progress_.steps(), &step_state::done))
    complete();
}

void saga_engine::start_chosen(const saga_definition& definition) {
  static const saga_progress nothing_yet;
  for (const auto& name : definition.choose(state_, is_starting() ? nothing_yet : progress_))
    if (!find_started(name))
      send_step(definition, name);
}

void saga_engine::start_declared(const saga_definition& definition) {
  bool all_done = true;
  for (const auto& step : definition.steps) {
    if (!step.beside_previous && !all_done)
      break;
    const auto* state = find_started(step.name);
    if (!state)
      send_step(definition, step.name);
    all_done = all_done && state && state->done();
  }
}

// Of a saga that starts with this turn the progress knows nothing yet.
const saga_progress::step_state* saga_engine::find_started(std::string_view name) const {
  return is_starting() ? nullptr : progress_.find(name);
}

void saga_engine::send_step(const saga_definition& definition, const std::string& name) {
  const auto mark = name.find('#');
  const auto kind = std::string_view{name}.substr(0, mark);
  const auto step = std::ranges::find(definition.steps, kind, &saga_step::name);
  if (step == definition.steps.end())
    throw std::logic_error("saga '" + definition.name + "' chooses the step '" + name +
                           "', which it does not declare");
  const auto part =
      mark == std::string::npos ? std::string_view{} : std::string_view{name}.substr(mark + 1);
  auto what = step->send(state_, part);
  plan_.dispatches.push_back(
      {std::move(what.to), participation::step, name, std::move(what.command)});
  if (step->within)
    plan_.deadlines.emplace_back(saga_progress::step_deadline(name),
                                 later_by(context_.now, step->within(state_)));
}

void saga_engine::on_outcome(std::size_t index, const outcome& answer, const verdict& judged) {
  const auto& step = progress_.steps()[index];
  switch (progress_.current()) {
  case phase::running:
    if (step.is_undoing() || step.status == step_status::compensated)
      return on_undo_outcome(step, judged);
    return on_step_outcome(step, answer, judged);
  case phase::confirming:
    if (!judged.accepted)
      retry_later(step, confirm_policy);
    else if (std::ranges::all_of(progress_.steps(), &step_state::done))
      end(saga_transition::completed);
    return;
  case phase::compensating:
    return on_undo_outcome(step, judged);
  case phase::resolving:
  case phase::terminating:
    if (std::ranges::none_of(progress_.steps(), [](const step_state& each) {
          return each.status == step_status::released && each.awaits_answer;
        }))
      end(progress_.current() == phase::resolving ? saga_transition::resolved
                                                  : saga_transition::terminated);
    return;
  default:
    return;
  }
}

void saga_engine::on_step_outcome(const step_state& step, const outcome& answer,
                                  const verdict& judged) {
  const auto& definition = progress_.definition_of(step);
  if (step.status == step_status::waiting) {
    if (definition.retry.allows_after(step.refusals))
      return retry_later(step, definition.retry);
    return give_up(step, judged.reason);
  }
  if (definition.within)
    plan_.deadlines.emplace_back(saga_progress::step_deadline(step.name), no_time);
  if (step.status == step_status::failed) {
    if (!definition.may_fail)
      return fail(judged.reason);
  } else if (definition.on_success) {
    plan_.own_command = definition.on_success_type;
    const auto own =
        definition.on_success(state_, step_result{step.part(), answer}, context_, events_);
    if (!own.accepted)
      return fail(own.reason);
  }
  advance(declared());
}

// The tries are used up, or the step's deadline has passed. Whether it has taken effect nobody
// knows.
void saga_engine::give_up(const step_state& step, std::string_view reason) {
  if (!progress_.definition_of(step).may_fail)
    return fail(reason);
  plan_.deadlines.emplace_back(saga_progress::step_deadline(step.name), no_time);
  plan_.deadlines.emplace_back(saga_progress::retry_deadline(step.name), no_time);
  finish_step(step, participation::cancel);
}

void saga_engine::complete() {
  std::string refusal;
  if (!let_aggregate_handle(declared().on_completed, refusal))
    return fail(refusal);
  plan_.change = saga_transition::confirming;
  plan_.deadlines.emplace_back(saga_progress::saga_deadline, no_time);
  for (const auto& step : progress_.steps())
    if (step.status == step_status::succeeded && needs_confirm(step))
      finish_step(step, participation::confirm);
  if (plan_.dispatches.empty())
    end(saga_transition::completed);
}

// A system outside is held by nobody, so there is nothing to release there.
bool saga_engine::needs_confirm(const step_state& step) const {
  return !is_external(step.participant) || progress_.definition_of(step).confirm.make;
}

bool saga_engine::let_aggregate_handle(const own_command& command, std::string& refusal) {
  if (command.type.empty())
    return true;
  plan_.own_command = command.type;
  const auto decided = command.handle(state_, context_, events_);
  refusal = decided.reason;
  return decided.accepted;
}

// Confirms or cancels a step at the participant that it was sent to.
void saga_engine::finish_step(const step_state& step, participation role) {
  const auto& definition = progress_.definition_of(step);
  const auto& command = role == participation::confirm ? definition.confirm : definition.compensate;
  plan_.dispatches.push_back(
      {step.participant, role, step.name,
       command.make ? command.make(state_, step.part()) : encoded_command{}});
}

// -- backward
// ---------------------------------------------------------------------------------------------

void saga_engine::fail(std::string_view reason) {
  begin_to_fail(reason);
  if (declared().is_routing_slip) {
    plan_.recalls_slip = true;
    return;
  }
  // Nobody waits for a step whose outcome is unknown: its participant undoes it, or refuses it when
  // it comes.
  for (const auto& step : progress_.steps())
    if (step.is_unknown())
      finish_step(step, participation::cancel);
  compensate_next();
}

// Compensates, of the steps that took effect, the last one that is not compensated yet.
void saga_engine::compensate_next() {
  const auto& steps = progress_.steps();
  for (auto i = steps.size(); i-- > 0;) {
    if (steps[i].status == step_status::compensating)
      return;
    if (steps[i].status == step_status::succeeded)
      return finish_step(steps[i], participation::cancel);
  }
  const auto is_over = [](const step_state& step) { return step.done(); };
  if (declared().steps.empty() || !plan_.dispatches.empty() || !std::ranges::all_of(steps, is_over))
    return;
  compensated();
}

void saga_engine::on_undo_outcome(const step_state& step, const verdict& judged) {
  if (judged.accepted)
    return progress_.current() == phase::running ? advance(declared()) : compensate_next();
  const auto& policy = progress_.definition_of(step).retry_compensation;
  const bool for_good = is_external(step.participant) && !judged.transient;
  if (for_good || !policy.allows_after(step.refusals))
    park(step, judged.reason);
  else
    retry_later(step, policy);
}

void saga_engine::park(const step_state& step, std::string_view reason) {
  plan_.change = saga_transition::parked;
  plan_.reason = "the compensation of '" + step.name + "' at " + to_string(step.participant) +
                 " failed: " + std::string{reason};
  clear_deadlines();
}

// -- time
// -------------------------------------------------------------------------------------------------

void saga_engine::on_deadline(std::string_view name) {
  plan_.deadlines.emplace_back(name, no_time);
  if (name == saga_progress::saga_deadline) {
    if (progress_.current() == phase::running)
      fail("the deadline passed before the transaction was complete");
    return;
  }
  for (const auto& step : progress_.steps())
    if (name == saga_progress::retry_deadline(step.name))
      return retry(step);
    else if (name == saga_progress::step_deadline(step.name))
      return on_step_deadline(step.name);
}

void saga_engine::on_step_deadline(std::string_view name) {
  const auto& step = *progress_.find(name);
  if (progress_.current() == phase::running && step.is_unknown())
    give_up(step, "the deadline of the step '" + step.name + "' passed before it was done");
}

void saga_engine::retry_later(const step_state& step, const retry_policy& policy) {
  // The same number for the same try, so that what is replayed and what is simulated agree.
  const auto chance = std::hash<std::string>{}(context_.self.id + step.name) + step.refusals;
  plan_.deadlines.emplace_back(
      saga_progress::retry_deadline(step.name),
      later_by(context_.now, policy.delay_before(std::max(step.refusals, 1u), chance)));
}

// A system outside gets the same message once more, an aggregate a new one: it would answer the
// same message as before.
void saga_engine::retry(const step_state& step) {
  if (is_external(step.participant)) {
    if (step.awaits_answer)
      plan_.again.push_back(static_cast<std::size_t>(&step - progress_.steps().data()));
    return;
  }
  if (step.awaits_answer)
    return;
  if (step.status == step_status::waiting) {
    const auto& last = *step.message;
    plan_.dispatches.push_back({step.participant,
                                participation::step,
                                step.name,
                                {progress_.definition_of(step).sends, last.payload}});
  } else if (step.status == step_status::confirming) {
    finish_step(step, participation::confirm);
  } else if (step.is_undoing()) {
    finish_step(step, participation::cancel);
  }
}

// -- the end
// ----------------------------------------------------------------------------------------------

void saga_engine::end(saga_transition how) {
  plan_.change = how;
  clear_deadlines();
}

void saga_engine::clear_deadlines() {
  for (const auto& [name, due] : progress_.deadlines())
    if (std::ranges::none_of(plan_.deadlines, [&](const auto& each) {
          return each.first == name && each.second == no_time;
        }))
      plan_.deadlines.emplace_back(name, no_time);
}

} // namespace skald
