// A turn on its way through the runtime: command, directory, entity, journal actor, answer. Beside
// it CAF's bare message loop, which is the floor of all hops.

#include "actors/caf_compatibility.hpp"
#include "apps/skald/command_pipeline.hpp"
#include "apps/skald/temporary_folder.hpp"
#include "benchmarks/actor_system.hpp"
#include "benchmarks/tally.hpp"
#include "persistence/lmdb_journal.hpp"
#include "persistence/memory_journal.hpp"

#include <benchmark/benchmark.h>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace skald {

namespace {

constexpr std::uint64_t tallies = 1'000;
constexpr std::uint64_t turns = 20'000; // in each iteration

// Sends commands to tallies in turn, with so many under way as the benchmark's argument says.
void run_turns(benchmark::State& state, std::unique_ptr<journal> log) {
  benchmark_system system;
  registry types;
  types.host<tally>();
  runtime target{system.get(), std::move(types), std::move(log)};
  std::uint64_t number = 0;
  for (auto _ : state) {
    command_pipeline pipeline{target, static_cast<std::size_t>(state.range(0))};
    std::uint64_t sent = 0;
    pipeline.run(
        [&]() -> std::optional<command_pipeline::item> {
          if (sent == turns)
            return std::nullopt;
          ++sent;
          auto command = command_to<tally>(std::to_string(++number % tallies), add_to_tally{1});
          command.message_id = std::to_string(number);
          return command_pipeline::item{std::move(command), number};
        },
        [&](std::uint64_t, const outcome& answer, auto) {
          if (!answer.accepted)
            state.SkipWithError(answer.reason.c_str());
        });
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(turns));
  const auto done = target.statistics();
  state.counters["turns_per_commit"] =
      static_cast<double>(done.records) / static_cast<double>(done.commits);
}

void turn_in_memory(benchmark::State& state) {
  run_turns(state, std::make_unique<memory_journal>());
}
BENCHMARK(turn_in_memory)->Arg(64)->Arg(512)->Arg(2'048)->UseRealTime();

void turn_on_disk(benchmark::State& state) {
  const temporary_folder folder{std::filesystem::current_path()};
  run_turns(state, open_lmdb_journal(folder.path() / "store"));
}
BENCHMARK(turn_on_disk)->Arg(64)->Arg(512)->Arg(2'048)->UseRealTime();

// -- CAF alone

constexpr std::int64_t hops = 200'000; // in each iteration

// Passes each number on to its partner, one less, until it is zero; then tells `done`.
caf::behavior passer(caf::event_based_actor*, const caf::actor& done) {
  auto partner = std::make_shared<caf::actor>();
  return {
      [partner, done](std::int64_t left) {
        if (left > 0)
          compatibility::send_to(*partner, left - 1);
        else
          compatibility::send_to(done, true);
      },
      [partner](const caf::actor& other) { *partner = other; },
  };
}

void pass_messages(benchmark::State& state) {
  benchmark_system system;
  const auto in_flight = state.range(0);
  for (auto _ : state) {
    caf::scoped_actor waiting{system.get()};
    const auto done = caf::actor_cast<caf::actor>(waiting);
    const auto first = system.get().spawn(passer, done);
    const auto second = system.get().spawn(passer, done);
    compatibility::send_to(first, second);
    compatibility::send_to(second, first);
    for (std::int64_t i = 0; i < in_flight; ++i)
      compatibility::send_to(i % 2 == 0 ? first : second, hops / in_flight);
    for (std::int64_t i = 0; i < in_flight; ++i)
      waiting->receive([](bool) {});
    compatibility::stop(first);
    compatibility::stop(second);
  }
  state.SetItemsProcessed(state.iterations() * hops);
}
BENCHMARK(pass_messages)->Arg(1)->Arg(64)->Arg(1'024)->UseRealTime();

} // namespace

} // namespace skald
