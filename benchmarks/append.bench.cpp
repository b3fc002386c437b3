// Appends of whole batches, each a commit with its sync: the journal, and bare LMDB with the same
// bytes. Writes into the current folder.

#include "apps/skald/lmdb_floor.hpp"
#include "apps/skald/temporary_folder.hpp"
#include "benchmarks/sample_record.hpp"
#include "persistence/lmdb_journal.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace skald {

namespace {

/// Encoded records of as many streams.
std::vector<byte_buffer> records(std::size_t count) {
  std::vector<byte_buffer> result(count);
  sample_record sample;
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = std::to_string(i);
    sample.value.stream.id = id;
    encode_record(sample.value, result[i]);
  }
  return result;
}

void count(benchmark::State& state, const std::vector<byte_buffer>& batch) {
  const auto appended = state.iterations() * static_cast<std::int64_t>(batch.size());
  state.SetItemsProcessed(appended);
  state.SetBytesProcessed(appended * static_cast<std::int64_t>(batch.front().size()));
}

void append_to_journal(benchmark::State& state) {
  const temporary_folder folder{std::filesystem::current_path()};
  const auto log = open_lmdb_journal(folder.path() / "store");
  auto batch = records(static_cast<std::size_t>(state.range(0)));
  std::vector<stream_cursor> cursors(batch.size());
  std::vector<pending_record> pending;
  for (std::size_t i = 0; i < batch.size(); ++i)
    pending.push_back({&batch[i], &cursors[i]});
  for (auto _ : state) {
    const auto result = log->append(pending);
    if (result.what != append_result::status::committed)
      state.SkipWithError(result.reason.c_str());
  }
  count(state, batch);
}
BENCHMARK(append_to_journal)->Arg(1)->Arg(16)->Arg(64)->Arg(512)->Arg(2'048)->UseRealTime();

void append_to_bare_lmdb(benchmark::State& state) {
  const temporary_folder folder{std::filesystem::current_path()};
  const auto batch = records(static_cast<std::size_t>(state.range(0)));
  const auto appended = state.max_iterations * batch.size();
  lmdb_floor floor{folder.path(), appended * batch.front().size(), appended};
  for (auto _ : state)
    floor.append(batch);
  count(state, batch);
}
BENCHMARK(append_to_bare_lmdb)->Arg(1)->Arg(16)->Arg(64)->Arg(512)->Arg(2'048)->UseRealTime();

} // namespace

} // namespace skald
