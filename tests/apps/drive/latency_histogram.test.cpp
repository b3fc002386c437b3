#include "apps/skald/latency_histogram.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>

using namespace skald;
using std::chrono::microseconds;

TEST_CASE("a histogram without latencies has zero percentiles") {
  const latency_histogram none;
  CHECK(none.percentile(500) == microseconds{0});
  CHECK(none.max() == microseconds{0});
}

TEST_CASE("percentiles of small latencies are exact") {
  latency_histogram latencies;
  for (int i = 1; i <= 200; ++i)
    latencies.add(microseconds{i});
  CHECK(latencies.percentile(500) == microseconds{100});
  CHECK(latencies.percentile(990) == microseconds{198});
  CHECK(latencies.percentile(999) == microseconds{200});
  CHECK(latencies.percentile(1'000) == microseconds{200});
  CHECK(latencies.max() == microseconds{200});
}

TEST_CASE("percentiles of any latency are at most one in 128 too high, never too low") {
  for (std::int64_t value = 1; value < std::numeric_limits<std::int64_t>::max() / 3;
       value = value * 3 + 1) {
    latency_histogram latencies;
    latencies.add(microseconds{value});
    latencies.add(microseconds{std::numeric_limits<std::int64_t>::max()});
    const auto median = latencies.percentile(500).count();
    CHECK(median >= value);
    CHECK(median <= value + value / 128);
    CHECK(latencies.percentile(1'000).count() == std::numeric_limits<std::int64_t>::max());
  }
}

TEST_CASE("one slow transfer in a thousand shows in the maximum and not in p99") {
  latency_histogram latencies;
  for (int i = 0; i < 999; ++i)
    latencies.add(microseconds{5});
  latencies.add(microseconds{70'000});
  CHECK(latencies.percentile(990) == microseconds{5});
  CHECK(latencies.percentile(999) == microseconds{5});
  CHECK(latencies.max() == microseconds{70'000});
}

TEST_CASE("a latency below zero counts as none") {
  latency_histogram latencies;
  latencies.add(microseconds{-3});
  CHECK(latencies.percentile(1'000) == microseconds{0});
}
