#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace skald {

/// Counts latencies in buckets that are at most 1/128 of their value wide, so that any number of
/// them takes the same small memory.
class latency_histogram {
public:
  using microseconds = std::chrono::microseconds;

  latency_histogram();

  /// A latency below zero counts as none.
  void add(microseconds latency);

  /// The latency that the given share of all does not exceed, in thousandths: 500 is the median,
  /// 999 is p99.9. Rounded up to its bucket's end, but never beyond the maximum. Zero if there are
  /// none.
  microseconds percentile(unsigned thousandths) const;

  microseconds max() const { return microseconds{max_}; }

  /// How many there are.
  std::uint64_t count() const { return total_; }

  /// What has come to `earlier`, a former state of this one, since then. The maximum is rounded up
  /// as percentiles are.
  latency_histogram since(const latency_histogram& earlier) const;

private:
  friend class shared_latency_histogram;

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::int64_t max_ = 0;
};

/// The same, to be read by any thread while one adds.
class shared_latency_histogram {
public:
  shared_latency_histogram();

  /// One thread at a time.
  void add(latency_histogram::microseconds latency);

  /// Those added so far.
  latency_histogram read() const;

private:
  std::vector<std::atomic<std::uint64_t>> counts_;
};

} // namespace skald
