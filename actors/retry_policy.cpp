#include "actors/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace skald {

namespace {

// Of some hundred years: added to any time of this age, it does not overflow.
constexpr double longest_of_all = 4e15;

// What is not a number counts as none, what is too large as the largest.
double bounded(double microseconds) {
  return microseconds > 0 ? std::min(microseconds, longest_of_all) : 0;
}

} // namespace

duration retry_policy::delay_before(unsigned retry, std::uint64_t chance) const {
  const auto cap = bounded(static_cast<double>(longest.count()));
  const auto grown = static_cast<double>(delay.count()) *
                     std::pow(std::max(factor, 0.0), retry == 0 ? 0 : retry - 1);
  const auto waits = std::min(bounded(grown), cap);
  const auto share = static_cast<double>(chance) / static_cast<double>(UINT64_MAX);
  return duration{
      static_cast<duration::rep>(bounded(waits + bounded(waits * std::max(jitter, 0.0)) * share))};
}

} // namespace skald
