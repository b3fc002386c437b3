#include "actors/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace skald {

namespace {

// Values below 2 * 128 have a bucket each; above, every doubling has 128 buckets.
constexpr unsigned fraction_bits = 7;
constexpr std::size_t buckets_per_doubling = std::size_t{1} << fraction_bits;
constexpr std::size_t bucket_count = (64 - fraction_bits) * buckets_per_doubling;

std::size_t bucket_of(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const auto shift = width > fraction_bits + 1 ? width - fraction_bits - 1 : 0;
  return shift * buckets_per_doubling + static_cast<std::size_t>(value >> shift);
}

std::size_t bucket_of(latency_histogram::microseconds latency) {
  return bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0)));
}

std::uint64_t last_of_bucket(std::size_t bucket) {
  if (bucket < 2 * buckets_per_doubling)
    return bucket;
  const auto shift = bucket / buckets_per_doubling - 1;
  const auto start = (bucket % buckets_per_doubling + buckets_per_doubling) << shift;
  return start + (std::uint64_t{1} << shift) - 1;
}

} // namespace

latency_histogram::latency_histogram() : counts_(bucket_count) {}

void latency_histogram::add(microseconds latency) {
  ++counts_[bucket_of(latency)];
  ++total_;
  max_ = std::max<std::int64_t>(max_, latency.count());
}

latency_histogram::microseconds latency_histogram::percentile(unsigned thousandths) const {
  const auto wanted = (total_ * thousandths + 999) / 1'000;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted)
      return std::min(microseconds{static_cast<std::int64_t>(last_of_bucket(bucket))}, max());
  }
  return max();
}

latency_histogram latency_histogram::since(const latency_histogram& earlier) const {
  latency_histogram result;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    const auto count = counts_[bucket] - earlier.counts_[bucket];
    result.counts_[bucket] = count;
    result.total_ += count;
    if (count > 0)
      result.max_ = std::min(max_, static_cast<std::int64_t>(last_of_bucket(bucket)));
  }
  return result;
}

shared_latency_histogram::shared_latency_histogram() : counts_(bucket_count) {}

void shared_latency_histogram::add(latency_histogram::microseconds latency) {
  counts_[bucket_of(latency)].fetch_add(1, std::memory_order_relaxed);
}

latency_histogram shared_latency_histogram::read() const {
  latency_histogram result;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    const auto count = counts_[bucket].load(std::memory_order_relaxed);
    result.counts_[bucket] = count;
    result.total_ += count;
    if (count > 0)
      result.max_ = static_cast<std::int64_t>(last_of_bucket(bucket));
  }
  return result;
}

} // namespace skald
