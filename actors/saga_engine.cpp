#include "actors/saga_engine.hpp"

#include <algorithm>

namespace skald {

namespace {

using phase = saga_progress::phase;
using step_status = saga_progress::step_status;

// A refused confirm or cancel is tried again: after 100 ms, then twice as long each time, up to a
// minute.
duration retry_delay(unsigned refusals) {
  using namespace std::chrono_literals;
  const duration first = 100ms;
  const duration longest = 60s;
  return std::min<duration>(first * (1 << std::min(refusals - 1, 10u)), longest);
}

// The end of time where the sum lies beyond it.
timestamp later_by(timestamp now, duration delay) {
  return delay < timestamp::max() - now ? now + delay : timestamp::max();
}

} // namespace

void saga_engine::start(const saga_definition& definition) {
  plan_.started = &definition;
  plan_.change = saga_transition::started;
  if (definition.deadline)
    plan_.deadlines.emplace_back(saga_deadline,
                                 later_by(context_.now, definition.deadline(state_)));
  if (!definition.steps.empty())
    send_step(definition, 0);
}

void saga_engine::on_outcome(std::size_t index, bool accepted, std::string_view reason) {
  const auto& definition = *progress_.definition();
  switch (progress_.current()) {
  case phase::running: {
    if (!accepted)
      return fail(reason);
    const auto& step = definition.steps[index];
    if (step.on_success) {
      plan_.own_command = step.on_success_type;
      if (auto own = step.on_success(state_, context_, events_); !own.accepted)
        return fail(own.reason);
    }
    if (index + 1 < definition.steps.size())
      send_step(definition, index + 1);
    else
      confirm_all();
    return;
  }
  case phase::confirming:
    if (!accepted)
      retry_later(index);
    else if (every_step_is({step_status::confirmed}))
      end(saga_transition::completed);
    return;
  case phase::compensating:
    if (!accepted)
      retry_later(index);
    else
      compensate_next();
    return;
  default:
    return;
  }
}

void saga_engine::on_deadline(std::string_view name) {
  plan_.deadlines.emplace_back(name, no_time);
  if (name == retry_deadline)
    retry_now();
  else if (progress_.current() == phase::running)
    fail("the deadline passed before the transaction was complete");
}

void saga_engine::end(saga_transition how) {
  plan_.change = how;
  for (const auto& [name, due] : progress_.deadlines())
    plan_.deadlines.emplace_back(name, no_time);
}

void saga_engine::send_step(const saga_definition& definition, std::size_t index) {
  const auto& step = definition.steps[index];
  auto what = step.send(state_);
  plan_.dispatches.push_back(
      {std::move(what.to), participation::step, step.name, std::move(what.command)});
}

// Confirms or cancels a step at the participant that it was sent to.
void saga_engine::finish_step(std::size_t index, participation role) {
  const auto& step = progress_.definition()->steps[index];
  const auto& command_of = role == participation::confirm ? step.confirm : step.compensate;
  plan_.dispatches.push_back({progress_.steps()[index].participant, role, step.name,
                              command_of ? command_of(state_) : encoded_command{}});
}

void saga_engine::confirm_all() {
  plan_.change = saga_transition::confirming;
  plan_.deadlines.emplace_back(saga_deadline, no_time);
  for (std::size_t i = 0; i < progress_.steps().size(); ++i)
    finish_step(i, participation::confirm);
}

void saga_engine::fail(std::string_view reason) {
  plan_.change = saga_transition::compensating;
  plan_.reason = reason;
  plan_.deadlines.emplace_back(saga_deadline, no_time);
  const auto& definition = *progress_.definition();
  if (definition.on_failure) {
    plan_.own_command = definition.on_failure_type;
    definition.on_failure(state_, reason, context_, events_);
  }
  // Nobody waits for a step whose outcome is unknown: its participant undoes it, or refuses it when
  // it comes.
  for (std::size_t i = 0; i < progress_.steps().size(); ++i)
    if (progress_.steps()[i].status == step_status::sent)
      finish_step(i, participation::cancel);
  compensate_next();
}

// Compensates, of the steps that took effect, the last one that is not compensated yet.
void saga_engine::compensate_next() {
  const auto& steps = progress_.steps();
  for (auto i = steps.size(); i-- > 0;) {
    if (steps[i].status == step_status::compensating)
      return;
    if (steps[i].status == step_status::succeeded)
      return finish_step(i, participation::cancel);
  }
  const bool pending = !plan_.dispatches.empty();
  if (!pending &&
      every_step_is({step_status::unsent, step_status::failed, step_status::compensated}))
    end(saga_transition::compensated);
}

void saga_engine::retry_later(std::size_t index) {
  plan_.deadlines.emplace_back(retry_deadline,
                               context_.now + retry_delay(progress_.steps()[index].refusals));
}

void saga_engine::retry_now() {
  for (std::size_t i = 0; i < progress_.steps().size(); ++i) {
    const auto& step = progress_.steps()[i];
    if (step.outstanding)
      continue;
    if (step.status == step_status::confirming)
      finish_step(i, participation::confirm);
    else if (step.status == step_status::cancelling || step.status == step_status::compensating)
      finish_step(i, participation::cancel);
  }
}

bool saga_engine::every_step_is(std::initializer_list<step_status> statuses) const {
  return std::ranges::all_of(progress_.steps(), [&](const auto& step) {
    return std::ranges::find(statuses, step.status) != statuses.end();
  });
}

} // namespace skald
