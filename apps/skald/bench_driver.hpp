#pragma once

#include "apps/bank/transfer_style.hpp"
#include "apps/skald/command_pipeline.hpp"
#include "apps/skald/latency_histogram.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace skald {

/// What `skald bench transfer` does.
struct bench_settings {
  std::uint64_t accounts = 100'000;
  std::uint64_t transfers = 200'000;
  std::size_t in_flight = 512;
  transfer_style style = transfer_style::orchestrated;
  std::uint64_t seed = 1;
};

struct bench_result {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::chrono::duration<double> seconds{}; ///< from the first transfer until nothing is under way
  latency_histogram latencies;             ///< from a transfer's sending to the end of its saga
  std::uint64_t commits = 0;               ///< like the next two, of the transfers alone
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t first_behind = 0; ///< position of the last record before the transfers
};

/// Moves small amounts between random accounts as fast as they go, with a fixed number of transfers
/// under way.
class bench_driver {
public:
  bench_driver(runtime& target, bench_settings settings)
      : target_(target), settings_(settings), random_(settings.seed) {}

  /// Opens the accounts, or takes those of an earlier run, then runs the transfers.
  /// @throws user_error if the store holds other accounts.
  bench_result run();

private:
  bool has_accounts() const;
  void open_accounts();
  std::uint64_t last_transfer() const;
  void run_transfers(std::uint64_t last, bench_result& result);
  client_command transfer_of(std::uint64_t number);

  runtime& target_;
  bench_settings settings_;
  std::mt19937_64 random_;
};

} // namespace skald
