#include "bank_store.hpp"

#include <benchmark/benchmark.h>

#include <random>

// The indexes: what bringing them up costs, and what a look-up in them does.

namespace skald {

namespace {

constexpr std::size_t default_interval = 250'000; // of runtime_options

/// Each iteration writes the heads of the interval's records, whose accounts are any of as many as
/// the argument says.
void write_indexes(benchmark::State& state) {
  const auto accounts = static_cast<std::size_t>(state.range(0));
  bank_store store{accounts};
  store.append(accounts, [](std::size_t i) { return i; });
  store.log().write_indexes();
  std::mt19937_64 random{1};
  for (auto _ : state) {
    state.PauseTiming();
    store.append(default_interval, [&](std::size_t) { return random() % accounts; });
    state.ResumeTiming();
    store.log().write_indexes();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(default_interval));
}
BENCHMARK(write_indexes)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(5)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// Each iteration looks up the head of an account that was not used lately.
void find_cold_head(benchmark::State& state) {
  const auto accounts = static_cast<std::size_t>(state.range(0));
  bank_store store{accounts};
  store.append(accounts, [](std::size_t i) { return i; });
  store.log().write_indexes();
  std::vector<address> sought;
  std::mt19937_64 random{1};
  for (int i = 0; i < 100'000; ++i)
    sought.push_back(bank_store::account_number(random() % accounts));
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(store.log().head(sought[next++ % sought.size()]));
}
BENCHMARK(find_cold_head)->Arg(10'000)->Arg(1'000'000);

/// Opens a store whose process was killed when it was about to write the indexes.
void open_after_crash(benchmark::State& state) {
  constexpr std::size_t accounts = 100'000;
  bank_store store{accounts};
  store.append(accounts, [](std::size_t i) { return i; });
  store.close();
  const auto index = store.store() / "index";
  const auto old_index = store.store() / "old-index";
  std::filesystem::copy(index, old_index);
  store.open();
  std::mt19937_64 random{1};
  store.append(default_interval, [&](std::size_t) { return random() % accounts; });
  store.close();
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(index);
    std::filesystem::copy(old_index, index);
    state.ResumeTiming();
    store.open();
    state.PauseTiming();
    store.close();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(default_interval));
}
BENCHMARK(open_after_crash)->Iterations(5)->UseRealTime()->Unit(benchmark::kMillisecond);

/// Opens a store that has lost its indexes: they are made anew from the whole log.
void open_without_index(benchmark::State& state) {
  constexpr std::size_t accounts = 100'000;
  const auto records = static_cast<std::size_t>(state.range(0));
  bank_store store{accounts};
  std::mt19937_64 random{1};
  store.append(records, [&](std::size_t) { return random() % accounts; });
  for (auto _ : state) {
    state.PauseTiming();
    store.close();
    std::filesystem::remove_all(store.store() / "index");
    state.ResumeTiming();
    store.open();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(open_without_index)
    ->Arg(2'000'000)
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace

} // namespace skald
