#include "actors/rebuild.hpp"

#include "apps/bank/bank.hpp"
#include "bank_store.hpp"

#include <benchmark/benchmark.h>

// How long an aggregate of many events takes to come back, all of its records in the page cache.

namespace skald {

namespace {

const registry& bank_types() {
  static const auto types = [] {
    registry made;
    host_bank(made);
    return made;
  }();
  return types;
}

rebuilt rebuild_first(bank_store& store) {
  const auto& type = *bank_types().find(account::type_name);
  auto result = rebuild(type, store.log(), bank_store::account_number(0));
  if (!result.content)
    throw std::runtime_error(result.error);
  return result;
}

std::size_t only_account(std::size_t) {
  return 0;
}

/// From its events alone.
void rebuild_from_events(benchmark::State& state) {
  bank_store store{1};
  store.append(static_cast<std::size_t>(state.range(0)), only_account);
  for (auto _ : state)
    benchmark::DoNotOptimize(rebuild_first(store));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(rebuild_from_events)->Arg(1)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

/// From a snapshot and as many events behind it as the runtime lets come together.
void rebuild_from_snapshot(benchmark::State& state) {
  constexpr std::size_t behind = 1'000;
  bank_store store{1};
  store.append(static_cast<std::size_t>(state.range(0)) - behind, only_account);
  const auto so_far = rebuild_first(store);
  store.log().keep_snapshot(bank_store::account_number(0),
                            {so_far.content->cursor()->last, so_far.content->snapshot()});
  store.append(behind, only_account);
  store.log().write_indexes();
  if (rebuild_first(store).replayed != behind)
    throw std::runtime_error("the snapshot was not used");
  for (auto _ : state)
    benchmark::DoNotOptimize(rebuild_first(store));
}
BENCHMARK(rebuild_from_snapshot)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

/// Taking such a snapshot.
void take_snapshot(benchmark::State& state) {
  bank_store store{1};
  store.append(static_cast<std::size_t>(state.range(0)), only_account);
  const auto so_far = rebuild_first(store);
  for (auto _ : state)
    benchmark::DoNotOptimize(so_far.content->snapshot());
}
BENCHMARK(take_snapshot)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

} // namespace

} // namespace skald
