#include "bank_store.hpp"
#include "persistence/verify.hpp"

#include <benchmark/benchmark.h>

// How fast the journal is read from the beginning to the end, all of it in the page cache. An item
// is an event.

namespace skald {

namespace {

constexpr std::size_t account_count = 10'000;
constexpr std::size_t record_count = 1'000'000;

bank_store& filled_store() {
  static const auto store = [] {
    auto made = std::make_unique<bank_store>(account_count);
    made->append(record_count, [](std::size_t i) { return i * 7'919 % account_count; });
    return made;
  }();
  return *store;
}

void count_events(benchmark::State& state, std::uint64_t events) {
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

/// What LMDB takes to show each record.
void scan_bytes(benchmark::State& state) {
  auto& log = filled_store().log();
  std::uint64_t read = 0;
  for (auto _ : state)
    log.view()->scan(1, [&](position, byte_span bytes) {
      benchmark::DoNotOptimize(bytes.data());
      ++read;
      return true;
    });
  count_events(state, read);
}
BENCHMARK(scan_bytes)->Unit(benchmark::kMillisecond);

/// With each record decoded and its checksum compared, as a subscription reads it.
void scan_records(benchmark::State& state) {
  auto& log = filled_store().log();
  record current;
  std::uint64_t read = 0;
  for (auto _ : state)
    log.view()->scan(1, [&](position at, byte_span bytes) {
      if (auto wrong = decode_record(bytes, at, current))
        throw std::runtime_error(*wrong);
      read += current.events.size();
      return true;
    });
  count_events(state, read);
}
BENCHMARK(scan_records)->Unit(benchmark::kMillisecond);

/// With every link followed and compared with the indexes, as `skald verify` does before it looks
/// at the books.
void verify_store(benchmark::State& state) {
  auto& log = filled_store().log();
  std::uint64_t read = 0;
  for (auto _ : state) {
    const auto report = verify(log, {});
    if (!report.intact())
      throw std::runtime_error("the store is damaged");
    read += report.events;
  }
  count_events(state, read);
}
BENCHMARK(verify_store)->Unit(benchmark::kMillisecond);

} // namespace

} // namespace skald
