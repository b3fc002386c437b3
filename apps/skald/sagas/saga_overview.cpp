#include "apps/skald/sagas/saga_overview.hpp"

#include <algorithm>

namespace skald {

namespace {

using phase = saga_progress::phase;
using step_status = saga_progress::step_status;

std::string_view name_of(phase x) {
  switch (x) {
  case phase::none:
    return "none";
  case phase::running:
    return "running";
  case phase::confirming:
    return "confirming";
  case phase::compensating:
    return "compensating";
  case phase::parked:
    return "compensation failed";
  case phase::resolving:
    return "resolving";
  case phase::terminating:
    return "terminating";
  case phase::completed:
    return "completed";
  case phase::compensated:
    return "compensated";
  case phase::resolved:
    return "resolved";
  case phase::terminated:
    return "terminated";
  }
  return {};
}

std::string_view name_of(step_status x) {
  switch (x) {
  case step_status::sent:
    return "sent";
  case step_status::waiting:
    return "waiting";
  case step_status::succeeded:
    return "succeeded";
  case step_status::failed:
    return "failed";
  case step_status::confirming:
    return "confirming";
  case step_status::confirmed:
    return "confirmed";
  case step_status::cancelling:
    return "cancelling";
  case step_status::compensating:
    return "compensating";
  case step_status::compensated:
    return "compensated";
  case step_status::released:
    return "released";
  }
  return {};
}

bool has_effect(step_status x) {
  return x == step_status::succeeded || x == step_status::confirming ||
         x == step_status::confirmed || x == step_status::compensating ||
         x == step_status::released;
}

bool is_left_to_do(step_status x, phase current) {
  switch (x) {
  case step_status::succeeded:
    return current == phase::compensating || current == phase::parked;
  case step_status::failed:
  case step_status::confirmed:
  case step_status::compensated:
  case step_status::released:
    return false;
  default:
    return true;
  }
}

step_overview overview_of(const saga_progress::step_state& step, phase current) {
  step_overview result;
  result.name = step.name;
  // Of the answers to confirms only the last is recorded: a saga is completed when all are there.
  const bool is_confirmed = current == phase::completed && step.status == step_status::confirming;
  result.status = name_of(is_confirmed ? step_status::confirmed : step.status);
  result.participant = step.participant;
  if (step.message)
    result.sent = step.message->first_sent;
  result.awaits_answer = step.awaits_answer && !is_confirmed;
  result.refusals = step.refusals;
  result.took_effect = has_effect(step.status);
  result.remains = is_left_to_do(step.status, current);
  return result;
}

// Was the step, or a part of it, ever sent?
bool was_taken(const saga_progress& progress, std::size_t index) {
  return std::ranges::find(progress.steps(), index, &saga_progress::step_state::index) !=
         progress.steps().end();
}

template <class Predicate>
std::vector<std::string_view> names_where(const std::vector<step_overview>& steps,
                                          Predicate holds) {
  std::vector<std::string_view> result;
  for (const auto& each : steps)
    if (holds(each))
      result.push_back(each.name);
  return result;
}

} // namespace

std::vector<std::string_view> saga_overview::took_effect() const {
  return names_where(steps, [](const step_overview& each) { return each.took_effect; });
}

std::vector<std::string_view> saga_overview::remains() const {
  return names_where(steps, [this](const step_overview& each) { return open && each.remains; });
}

std::optional<timestamp> saga_overview::waits_since() const {
  if (!open)
    return std::nullopt;
  std::optional<timestamp> result;
  for (const auto& each : steps)
    if ((each.awaits_answer || each.refusals > 0) && each.remains && each.sent != no_time)
      result = result ? std::min(*result, each.sent) : each.sent;
  if (!result && (steps.empty() || parked))
    result = since;
  return result;
}

bool saga_overview::stuck(timestamp now, duration patience) const {
  if (!open)
    return false;
  const bool is_late = !deadlines.empty() && deadlines.front().second < now;
  const auto waiting = waits_since();
  return is_late || parked || (waiting && now - *waiting > patience);
}

std::optional<saga_overview> overview_of(const entity& host) {
  const auto& progress = host.progress();
  const auto* definition = progress.definition();
  if (!definition)
    return std::nullopt;
  saga_overview result;
  result.self = host.self();
  result.saga = definition->name;
  result.correlation = progress.correlation();
  result.phase = name_of(progress.current());
  result.open = progress.open();
  result.parked = progress.current() == phase::parked;
  result.since = progress.since();
  result.reason = progress.reason();
  for (const auto& each : progress.steps())
    result.steps.push_back(overview_of(each, progress.current()));
  // Which steps a process manager will take nobody knows before it chooses.
  for (std::size_t i = 0; i < definition->steps.size(); ++i)
    if (!was_taken(progress, i) && !definition->choose) {
      step_overview& unsent = result.steps.emplace_back();
      unsent.name = definition->steps[i].name;
      unsent.status = "not sent";
      unsent.remains = progress.current() == phase::running;
    }
  result.deadlines = progress.deadlines();
  std::ranges::sort(result.deadlines, {}, &std::pair<std::string, timestamp>::second);
  return result;
}

} // namespace skald
