#pragma once

#include "actors/latency_histogram.hpp"
#include "apps/bank/transfer_style.hpp"
#include "apps/skald/command_pipeline.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace skald {

/// What `skald bench transfer` does.
struct bench_settings {
  std::uint64_t accounts = 100'000;
  std::uint64_t transfers = 200'000;
  std::chrono::seconds time{}; ///< run for so long instead; 0: until the transfers are done
  std::size_t in_flight = 512;
  double rate = 0; ///< transfers sent per second; 0: the next whenever one is done
  double hot = 0;  ///< share of the transfers that have account 1 as one party
  transfer_style style = transfer_style::orchestrated;
  std::uint64_t seed = 1;
};

struct bench_result {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::chrono::duration<double> seconds{}; ///< from the first transfer until nothing is under way
  double processor_seconds = 0;            ///< like all below, of the transfers alone
  latency_histogram latencies;             ///< from a transfer's sending to the end of its saga
  latency_histogram commit_times;
  std::uint64_t commits = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;        ///< of the records
  std::uint64_t store_bytes = 0;  ///< on disk, indexes included
  std::uint64_t first_behind = 0; ///< position of the last record before the transfers
};

/// Moves small amounts between random accounts: as fast as they go with a fixed number of transfers
/// under way, or at a steady rate.
class bench_driver {
public:
  bench_driver(runtime& target, bench_settings settings)
      : target_(target), settings_(settings), random_(settings.seed) {}

  /// Opens the accounts, or takes those of an earlier run, and writes the indexes.
  /// @throws user_error if the store holds other accounts.
  void prepare();

  /// Runs the transfers, and returns when nothing of them is under way. After `prepare`.
  bench_result run();

  /// Transfers of `run` that have ended so far. Any thread.
  std::uint64_t done() const { return done_.load(std::memory_order_relaxed); }

private:
  using steady_clock = command_pipeline::steady_clock;

  bool has_accounts() const;
  void open_accounts();
  std::uint64_t last_transfer() const;
  void run_transfers(bench_result& result);
  std::optional<steady_clock::time_point> time_of(std::uint64_t before,
                                                  steady_clock::time_point start) const;
  client_command transfer_of(std::uint64_t number);
  std::pair<std::uint64_t, std::uint64_t> pick_accounts();
  std::uint64_t pick(std::uint64_t first, std::uint64_t last);

  runtime& target_;
  bench_settings settings_;
  std::mt19937_64 random_;
  std::uint64_t last_ = 0; ///< number of the last transfer
  std::atomic<std::uint64_t> done_ = 0;
};

} // namespace skald
