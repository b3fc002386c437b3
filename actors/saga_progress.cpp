#include "actors/saga_progress.hpp"

#include <algorithm>

namespace skald {

namespace {

saga_progress::step_status answered(saga_progress::step_status status, bool accepted) {
  using enum saga_progress::step_status;
  switch (status) {
  case sent:
    return accepted ? succeeded : failed;
  case confirming:
    return accepted ? confirmed : confirming;
  case cancelling:
  case compensating:
    return accepted ? compensated : status;
  default:
    return status;
  }
}

saga_progress::step_status dispatched_as(participation role, saga_progress::step_status before) {
  using enum saga_progress::step_status;
  switch (role) {
  case participation::step:
    return sent;
  case participation::confirm:
    return confirming;
  case participation::cancel:
    return before == succeeded || before == compensating ? compensating : cancelling;
  default:
    return before;
  }
}

} // namespace

void saga_progress::take_input(const record& x) {
  if (x.kind != input_kind::outcome)
    return;
  const auto index = find_outstanding(x.input);
  if (index < 0)
    return;
  auto& step = steps_[static_cast<std::size_t>(index)];
  if (!x.accepted && step.status != step_status::sent)
    ++step.refusals;
  step.status = answered(step.status, x.accepted);
  step.outstanding.reset();
}

void saga_progress::take_effects(const record& x,
                                 const std::vector<command_message_ptr>& dispatched,
                                 const saga_definition* started) {
  switch (x.saga_change) {
  case saga_transition::none:
    break;
  case saga_transition::started:
    definition_ = started;
    phase_ = phase::running;
    steps_.assign(started->steps.size(), {});
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
  }
  for (const auto& message : dispatched) {
    if (!definition_)
      break;
    const auto found = std::ranges::find(definition_->steps, message->step, &saga_step::name);
    if (found == definition_->steps.end())
      continue;
    auto& step = steps_[static_cast<std::size_t>(found - definition_->steps.begin())];
    step.status = dispatched_as(message->role, step.status);
    step.participant = message->to;
    step.outstanding = message;
  }
  for (const auto& change : x.deadlines) {
    std::erase_if(deadlines_, [&](const auto& each) { return each.first == change.name; });
    if (change.due != no_time)
      deadlines_.emplace_back(change.name, change.due);
  }
}

bool saga_progress::awaits_more_confirms() const {
  if (phase_ != phase::confirming)
    return false;
  bool under_way = false;
  for (const auto& step : steps_) {
    if (step.status == step_status::confirming && !step.outstanding)
      return false; // refused: it is to be sent again
    under_way = under_way || step.outstanding;
  }
  return under_way;
}

int saga_progress::find_outstanding(message_id id) const {
  for (std::size_t i = 0; i < steps_.size(); ++i)
    if (steps_[i].outstanding && steps_[i].outstanding->id == id)
      return static_cast<int>(i);
  return -1;
}

bool saga_progress::restore(const saga_definition* definition, phase current,
                            std::vector<step_state> steps,
                            std::vector<std::pair<std::string, timestamp>> deadlines) {
  if (steps.size() != (definition ? definition->steps.size() : 0) || current > phase::compensated)
    return false;
  definition_ = definition;
  phase_ = current;
  steps_ = std::move(steps);
  deadlines_ = std::move(deadlines);
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
