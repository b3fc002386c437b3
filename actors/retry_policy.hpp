#pragma once

#include "messages/time.hpp"

#include <chrono>
#include <cstdint>
#include <limits>

namespace skald {

/// How often something that failed is tried again, and how long that waits. By default three times,
/// one second apart.
struct retry_policy {
  /// As a number of retries: it is tried until it succeeds.
  static constexpr unsigned without_end = std::numeric_limits<unsigned>::max();

  unsigned retries = 3;                        ///< after the first try; `without_end`: no limit
  duration delay = std::chrono::seconds{1};    ///< before the first retry
  double factor = 1;                           ///< from one delay to the next
  duration longest = std::chrono::seconds{60}; ///< no delay grows beyond this
  double jitter = 0; ///< the share of a delay that chance may add to it: 0.1 is up to a tenth

  /// May it be tried again after `failed` tries, the first one included?
  bool allows_after(unsigned failed) const { return retries == without_end || failed <= retries; }

  /// How long to wait before the retry number `retry`, counted from 1. `chance` is any number; it
  /// decides on the jitter, which may exceed `longest`. Never negative.
  duration delay_before(unsigned retry, std::uint64_t chance) const;

  bool operator==(const retry_policy&) const = default;
};

} // namespace skald
