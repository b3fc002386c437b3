#pragma once

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

private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::int64_t max_ = 0;
};

} // namespace skald
