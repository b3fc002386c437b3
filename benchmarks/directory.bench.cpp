// What the directory does for each message: find the entity, note that something is under way to
// it, and later that it has come back.

#include "actors/live_set.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace skald {

namespace {

constexpr std::size_t lookups = 1 << 16;

struct live_accounts {
  live_set set;
  std::vector<address> sought; ///< in random order

  explicit live_accounts(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      set.add({"account", std::to_string(i)});
    std::mt19937_64 random{1};
    std::uniform_int_distribution<std::uint64_t> any{0, count - 1};
    for (std::size_t i = 0; i < lookups; ++i)
      sought.push_back({"account", std::to_string(any(random))});
  }
};

void look_up(benchmark::State& state) {
  const live_accounts accounts{static_cast<std::uint64_t>(state.range(0))};
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(accounts.set.find(accounts.sought[next++ % lookups]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(look_up)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void look_up_deliver_and_release(benchmark::State& state) {
  live_accounts accounts{static_cast<std::uint64_t>(state.range(0))};
  std::size_t next = 0;
  for (auto _ : state) {
    const auto slot = accounts.set.find(accounts.sought[next++ % lookups]);
    accounts.set.delivered(*slot);
    accounts.set.released(std::array{released_input{*slot}});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(look_up_deliver_and_release)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

} // namespace

} // namespace skald
