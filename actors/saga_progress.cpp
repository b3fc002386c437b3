#include "actors/saga_progress.hpp"

#include "actors/routing_slip.hpp"
#include "actors/saga_instruction.hpp"

#include <algorithm>

namespace skald {

namespace {

using step_status = saga_progress::step_status;

constexpr std::string_view retry_prefix = "retry ";

step_status answered(step_status status, const record& x) {
  using enum saga_progress::step_status;
  switch (status) {
  case sent:
    return x.accepted ? succeeded : x.transient ? waiting : failed;
  case confirming:
    return x.accepted ? confirmed : confirming;
  case cancelling:
  case compensating:
    return x.accepted ? compensated : status;
  default:
    return status;
  }
}

step_status dispatched_as(const command_message& message, step_status before,
                          saga_progress::phase current) {
  using enum saga_progress::step_status;
  switch (message.role) {
  case participation::step:
    return sent;
  case participation::confirm:
    return confirming;
  case participation::cancel:
    if (before == released || current == saga_progress::phase::resolving ||
        current == saga_progress::phase::terminating)
      return released;
    return before == succeeded || before == compensating ? compensating : cancelling;
  default:
    return before;
  }
}

} // namespace

std::string saga_progress::retry_deadline(std::string_view step) {
  return std::string{retry_prefix}.append(step);
}

std::string saga_progress::step_deadline(std::string_view step) {
  return std::string{"step "}.append(step);
}

std::string_view saga_progress::step_state::part() const {
  const auto mark = name.find('#');
  return mark == std::string::npos ? std::string_view{} : std::string_view{name}.substr(mark + 1);
}

bool saga_progress::step_state::done() const {
  return !awaits_answer && !is_unknown() && !is_undoing() && status != step_status::confirming;
}

void saga_progress::take_input(const record& x) {
  if (x.kind == input_kind::outcome) {
    const auto index = find_outstanding(x.input);
    if (index < 0)
      return;
    auto& step = steps_[static_cast<std::size_t>(index)];
    step.refusals += x.accepted ? 0 : 1;
    step.status = answered(step.status, x);
    step.awaits_answer = false;
  } else if (x.kind == input_kind::deadline && x.input_type.starts_with(retry_prefix)) {
    // A system outside keeps no record of what it has handled: it gets the same message again.
    auto* step = find(x.input_type.substr(retry_prefix.size()));
    if (!step || !is_external(step->participant))
      return;
    step->awaits_answer = true;
    if (step->status == step_status::waiting)
      step->status = step_status::sent;
  } else if (x.kind == input_kind::command && x.accepted && is_saga_instruction(x.input_type) &&
             !x.step.empty()) {
    if (auto* step = find(x.step))
      step->status = step_status::released;
  }
}

void saga_progress::take_effects(const record& x,
                                 const std::vector<command_message_ptr>& dispatched,
                                 const saga_definition* started) {
  take_transition(x, started);
  if (!definition_)
    return;
  for (const auto& message : dispatched)
    take_dispatch(message, x.turn);
  take_deadlines(x);
}

void saga_progress::take_transition(const record& x, const saga_definition* started) {
  if (x.saga_change == saga_transition::none)
    return;
  since_ = x.time;
  parked_slip_.clear();
  if (!x.reason.empty())
    reason_ = x.reason;
  switch (x.saga_change) {
  case saga_transition::none:
    break;
  case saga_transition::started:
    definition_ = started;
    phase_ = phase::running;
    correlation_ = x.correlation;
    reason_.clear();
    steps_.clear();
    steps_.reserve(started->steps.size());
    deadlines_.clear();
    break;
  case saga_transition::confirming:
    phase_ = phase::confirming;
    break;
  case saga_transition::compensating:
    phase_ = phase::compensating;
    break;
  case saga_transition::completed:
    phase_ = phase::completed;
    break;
  case saga_transition::compensated:
    phase_ = phase::compensated;
    break;
  case saga_transition::parked:
    phase_ = phase::parked;
    parked_slip_.assign(x.slip.begin(), x.slip.end());
    break;
  case saga_transition::resumed:
    phase_ = phase::compensating;
    for (auto& step : steps_)
      step.refusals = 0;
    break;
  case saga_transition::resolving:
    phase_ = phase::resolving;
    break;
  case saga_transition::terminating:
    phase_ = phase::terminating;
    break;
  case saga_transition::resolved:
    phase_ = phase::resolved;
    break;
  case saga_transition::terminated:
    phase_ = phase::terminated;
    break;
  }
}

void saga_progress::take_dispatch(const command_message_ptr& message, std::uint64_t turn) {
  if (!message->slip.empty())
    return; // whoever gets a slip passes it on: it is no step of a saga here
  auto* step = find(message->step);
  if (!step) {
    const auto kind = std::string_view{message->step}.substr(0, message->step.find('#'));
    const auto found = std::ranges::find(definition_->steps, kind, &saga_step::name);
    if (found == definition_->steps.end())
      return;
    step = &steps_.emplace_back();
    step->name = message->step;
    step->index = static_cast<std::size_t>(found - definition_->steps.begin());
  }
  if (step->message && step->message->role != message->role)
    step->refusals = 0;
  step->status = dispatched_as(*message, step->status, phase_);
  step->participant = message->to;
  step->message = message;
  step->sent_in = turn;
  step->awaits_answer = true;
}

void saga_progress::take_deadlines(const record& x) {
  for (const auto& change : x.deadlines) {
    if (change.name.starts_with(slip_deadline_prefix))
      continue;
    std::erase_if(deadlines_, [&](const auto& each) { return each.first == change.name; });
    if (change.due != no_time)
      deadlines_.emplace_back(change.name, change.due);
  }
}

const saga_progress::step_state* saga_progress::find(std::string_view name) const {
  const auto found = std::ranges::find(steps_, name, &step_state::name);
  return found == steps_.end() ? nullptr : &*found;
}

saga_progress::step_state* saga_progress::find(std::string_view name) {
  const auto found = std::ranges::find(steps_, name, &step_state::name);
  return found == steps_.end() ? nullptr : &*found;
}

bool saga_progress::succeeded(std::string_view name) const {
  const auto* step = find(name);
  return step && step->status == step_status::succeeded;
}

bool saga_progress::failed(std::string_view name) const {
  const auto* step = find(name);
  return step && (step->status == step_status::failed || step->status == step_status::compensated);
}

bool saga_progress::awaits_more_confirms() const {
  if (phase_ != phase::confirming)
    return false;
  bool under_way = false;
  for (const auto& step : steps_) {
    if (step.status == step_status::confirming && !step.awaits_answer)
      return false; // refused: it is to be sent again
    under_way = under_way || step.awaits_answer;
  }
  return under_way;
}

int saga_progress::find_outstanding(message_id id) const {
  for (std::size_t i = 0; i < steps_.size(); ++i)
    if (steps_[i].awaits_answer && steps_[i].message->id == id)
      return static_cast<int>(i);
  return -1;
}

bool saga_progress::restore(const saga_definition* definition, kept all) {
  const auto step_count = definition ? definition->steps.size() : 0;
  const auto fits = [&](const step_state& step) { return step.index < step_count; };
  if (!std::ranges::all_of(all.steps, fits) || all.current > phase::terminated ||
      (all.current != phase::none && !definition))
    return false;
  definition_ = definition;
  phase_ = all.current;
  correlation_ = std::move(all.correlation);
  reason_ = std::move(all.reason);
  since_ = all.since;
  parked_slip_ = std::move(all.parked_slip);
  steps_ = std::move(all.steps);
  deadlines_ = std::move(all.deadlines);
  return true;
}

timestamp saga_progress::next_due() const {
  timestamp result = no_time;
  for (const auto& [name, due] : deadlines_)
    if (result == no_time || due < result)
      result = due;
  return result;
}

} // namespace skald
