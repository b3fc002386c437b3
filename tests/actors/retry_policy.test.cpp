#include "actors/retry_policy.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

using namespace std::chrono_literals;
using skald::retry_policy;

namespace {

constexpr auto most_chance = std::numeric_limits<std::uint64_t>::max();
constexpr auto longest_duration = skald::duration::max();

} // namespace

TEST_CASE("by default something is tried again three times, one second apart") {
  const retry_policy policy;
  CHECK(policy.allows_after(1));
  CHECK(policy.allows_after(3));
  CHECK_FALSE(policy.allows_after(4));
  for (unsigned retry = 1; retry <= 3; ++retry)
    CHECK(policy.delay_before(retry, most_chance) == 1s);
}

TEST_CASE("without retries the first failure is the last") {
  CHECK_FALSE(retry_policy{.retries = 0}.allows_after(1));
}

TEST_CASE("retries without end never end") {
  const retry_policy policy{.retries = retry_policy::without_end};
  CHECK(policy.allows_after(1));
  CHECK(policy.allows_after(retry_policy::without_end));
}

TEST_CASE("delays grow by the factor up to the longest") {
  const retry_policy policy{.delay = 100ms, .factor = 2, .longest = 1s};
  CHECK(policy.delay_before(1, 0) == 100ms);
  CHECK(policy.delay_before(2, 0) == 200ms);
  CHECK(policy.delay_before(4, 0) == 800ms);
  CHECK(policy.delay_before(5, 0) == 1s);
  CHECK(policy.delay_before(retry_policy::without_end, 0) == 1s);
}

TEST_CASE("chance adds up to the share that the jitter gives it") {
  const retry_policy policy{.delay = 10s, .jitter = 0.1};
  CHECK(policy.delay_before(1, 0) == 10s);
  CHECK(policy.delay_before(1, most_chance) == 11s);
  const auto some = policy.delay_before(1, most_chance / 4);
  CHECK(some > 10s);
  CHECK(some < 11s);
}

TEST_CASE("a delay is never negative and never overflows") {
  CHECK(retry_policy{.delay = -1s}.delay_before(1, 0) == 0s);
  CHECK(retry_policy{.factor = -2}.delay_before(2, 0) == 0s);
  CHECK(retry_policy{.longest = -1s}.delay_before(1, 0) == 0s);
  CHECK(retry_policy{.jitter = -5}.delay_before(1, most_chance) == 1s);
  CHECK(retry_policy{.delay = 0s, .factor = 1e300}.delay_before(1'000, most_chance) == 0s);
  const retry_policy huge{.delay = longest_duration,
                          .factor = 1e300,
                          .longest = longest_duration,
                          .jitter = std::numeric_limits<double>::max()};
  const auto waits = huge.delay_before(1'000, most_chance);
  CHECK(waits > 24h * 365 * 100);
  CHECK((skald::wall_clock_now() + waits) > skald::wall_clock_now());
}
