#include "actors/latency_histogram.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <thread>

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

TEST_CASE("a histogram tells what has come since an earlier one") {
  latency_histogram latencies;
  latencies.add(microseconds{90});
  latencies.add(microseconds{1'000'000});
  const auto earlier = latencies;
  CHECK(latencies.since(earlier).count() == 0);
  CHECK(latencies.since(earlier).max() == microseconds{0});
  latencies.add(microseconds{7});
  latencies.add(microseconds{90});
  const auto new_ones = latencies.since(earlier);
  CHECK(new_ones.count() == 2);
  CHECK(new_ones.percentile(500) == microseconds{7});
  CHECK(new_ones.max() == microseconds{90});
}

TEST_CASE("a histogram that is read while another thread adds misses nothing in the end") {
  constexpr std::uint64_t count = 100'000;
  shared_latency_histogram shared;
  std::thread adding{[&] {
    for (std::uint64_t i = 0; i < count; ++i)
      shared.add(microseconds{i % 200});
  }};
  std::uint64_t seen = 0;
  while (seen < count) {
    const auto now = shared.read().count();
    CHECK(now >= seen);
    seen = now;
  }
  adding.join();
  CHECK(seen == count);
  CHECK(shared.read().percentile(500) == microseconds{99});
  CHECK(shared.read().max() == microseconds{199});
}
