#include "actors/parked_reactions.hpp"

#include <algorithm>
#include <optional>

namespace skald {

namespace {

auto lower_bound(auto& waiting, event_place place) {
  return std::ranges::lower_bound(waiting, place, {}, &parked_event::place);
}

// Takes one event out, and its line if that was the last of it.
void take_out(parked_reactions& state, const std::string& correlation, event_place place) {
  auto& waiting = state.transactions.at(correlation).waiting;
  waiting.erase(lower_bound(waiting, place));
  --state.parked;
  if (waiting.empty())
    state.transactions.erase(correlation);
}

// Why an operator's command on `correlation` is refused, or nothing.
std::optional<rejection> why_not(const parked_reactions& state, const std::string& correlation,
                                 const std::string& reason) {
  const auto* line = state.find(correlation);
  if (!line)
    return rejection{"nothing is parked under '" + correlation + "'"};
  if (line->retried)
    return rejection{"what is parked under '" + correlation + "' is being retried"};
  if (reason.empty())
    return rejection{"the reason is missing: it is kept in the journal"};
  return std::nullopt;
}

} // namespace

const parked_line* parked_reactions::find(const std::string& correlation) const {
  const auto found = transactions.find(correlation);
  return found == transactions.end() ? nullptr : &found->second;
}

bool parked_reactions::contains(const std::string& correlation, event_place place) const {
  const auto* line = find(correlation);
  if (!line)
    return false;
  const auto found = lower_bound(line->waiting, place);
  return found != line->waiting.end() && found->place == place;
}

decision<parked_reactions> decide(const parked_reactions& state, const park_event& command) {
  const auto& what = command.what;
  if (state.skipped.contains(what.place))
    return {};
  const auto* line = state.find(what.correlation);
  const bool first_of_its_own = what.attempts > 0;
  if (state.contains(what.correlation, what.place)) {
    const bool in_vain = line->retried && first_of_its_own;
    return in_vain ? decision<parked_reactions>{event_parked{what}} : decision<parked_reactions>{};
  }
  // What it was to stand behind is gone meanwhile: it need not be parked.
  if (!line && !first_of_its_own)
    return {};
  return event_parked{what};
}

decision<parked_reactions> decide(const parked_reactions& state, const unpark_event& command) {
  if (!state.contains(command.correlation, command.place))
    return {};
  return event_unparked{command.correlation, command.place};
}

decision<parked_reactions> decide(const parked_reactions& state, const retry_parked& command) {
  if (auto why = why_not(state, command.correlation, command.reason))
    return *why;
  return parked_retried{command.correlation, command.reason};
}

decision<parked_reactions> decide(const parked_reactions& state, const skip_parked& command) {
  if (auto why = why_not(state, command.correlation, command.reason))
    return *why;
  const auto& first = state.find(command.correlation)->waiting.front();
  return parked_skipped{command.correlation, first.place, command.reason};
}

void evolve(parked_reactions& state, const event_parked& event) {
  auto& line = state.transactions[event.what.correlation];
  const auto found = lower_bound(line.waiting, event.what.place);
  if (found != line.waiting.end() && found->place == event.what.place) {
    *found = event.what;
    line.retried = false;
  } else {
    line.waiting.insert(found, event.what);
    ++state.parked;
  }
}

void evolve(parked_reactions& state, const event_unparked& event) {
  take_out(state, event.correlation, event.place);
}

void evolve(parked_reactions& state, const parked_retried& event) {
  state.transactions.at(event.correlation).retried = true;
}

void evolve(parked_reactions& state, const parked_skipped& event) {
  state.transactions.at(event.correlation).retried = true;
  state.skipped.insert(event.place);
  take_out(state, event.correlation, event.place);
}

std::string_view status_of(const parked_reactions& state) {
  return state.parked > 0 ? "parked" : "clear";
}

} // namespace skald
