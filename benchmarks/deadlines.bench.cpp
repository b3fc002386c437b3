#include "actors/deadline_set.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

// What a deadline costs: with the given number of others pending.

namespace skald {

namespace {

constexpr std::int64_t first_due = 1'700'000'000'000'000;
constexpr std::size_t address_count_max = std::size_t{1} << 21;

timestamp due_at(std::size_t number) {
  return timestamp{duration{first_due + static_cast<std::int64_t>(number)}};
}

/// As the transfers of a bank are named, made before anything is timed.
const std::vector<address>& addresses() {
  static const auto result = [] {
    std::vector<address> made;
    made.reserve(address_count_max);
    for (std::size_t i = 0; i < address_count_max; ++i)
      made.push_back({"transfer", std::to_string(i)});
    return made;
  }();
  return result;
}

/// Numbers below `count`, each once, in an order that no cache foresees.
std::vector<std::uint32_t> shuffled(std::size_t count) {
  std::vector<std::uint32_t> result(count);
  for (std::size_t i = 0; i < count; ++i)
    result[i] = static_cast<std::uint32_t>(i);
  std::shuffle(result.begin(), result.end(), std::mt19937_64{1});
  return result;
}

/// Each iteration sets one deadline behind all others and clears one of those that are pending, the
/// one that was set first: as sagas do that all take about as long and end before they are late.
void set_and_clear_oldest(benchmark::State& state) {
  const auto pending = static_cast<std::size_t>(state.range(0));
  const auto& named = addresses();
  deadline_set set;
  for (std::size_t i = 0; i < pending; ++i)
    set.set(named[i % address_count_max], due_at(i));
  auto next = pending;
  for (auto _ : state) {
    set.set(named[next % address_count_max], due_at(next));
    set.set(named[(next - pending) % address_count_max], no_time);
    ++next;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(set_and_clear_oldest)->Arg(10)->Arg(10'000)->Arg(1'000'000);

/// The same in batches, as they come from commits, but those that are cleared are any of those that
/// are pending, and due times do not come in order.
void set_and_clear_any(benchmark::State& state) {
  const auto pending = static_cast<std::size_t>(state.range(0));
  const auto batch = std::min<std::size_t>(pending, 1'000);
  const auto& named = addresses();
  const auto order = shuffled(pending);
  const auto due = shuffled(address_count_max);
  deadline_set set;
  for (std::size_t i = 0; i < pending; ++i)
    set.set(named[i], due_at(due[i]));
  std::vector<std::pair<address, timestamp>> changes;
  std::size_t next = 0;
  while (state.KeepRunningBatch(static_cast<std::int64_t>(batch))) {
    state.PauseTiming();
    changes.clear();
    for (const auto end = next + batch; next < end; ++next) {
      // Takes turns between the lower and the upper half of the names.
      const auto round = next / pending;
      const auto number = order[next % pending];
      const auto one = number + (round % 2 == 0 ? 0 : pending);
      const auto other = number + (round % 2 == 0 ? pending : 0);
      changes.emplace_back(named[other], due_at(due[other]));
      changes.emplace_back(named[one], no_time);
    }
    state.ResumeTiming();
    set.set(changes);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(set_and_clear_any)->Arg(10)->Arg(10'000)->Arg(1'000'000);

/// Each iteration has all of them fall due, in an order that is not that of setting.
void fire(benchmark::State& state) {
  const auto pending = static_cast<std::size_t>(state.range(0));
  const auto& named = addresses();
  const auto due = shuffled(pending);
  address woken;
  for (auto _ : state) {
    state.PauseTiming();
    deadline_set set;
    for (std::size_t i = 0; i < pending; ++i)
      set.set(named[i], due_at(due[i]));
    state.ResumeTiming();
    while (set.take_due(timestamp::max(), woken))
      benchmark::DoNotOptimize(woken);
    state.PauseTiming();
    set = {}; // giving back memory is not firing
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(fire)->Arg(10)->Arg(10'000)->Arg(1'000'000);

} // namespace

} // namespace skald
