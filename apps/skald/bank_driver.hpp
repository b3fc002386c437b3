#pragma once

#include "apps/bank/transfer_style.hpp"
#include "apps/skald/berka_files.hpp"
#include "apps/skald/command_pipeline.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// What `skald drive bank` does.
struct drive_settings {
  std::uint32_t months = 1;
  minor_units opening_balance;
  transfer_style style = transfer_style::orchestrated;
  duration deadline = std::chrono::seconds{60};
  std::size_t in_flight_max = 512;

  /// Where each transfer's outcome is appended as it becomes known; empty: nowhere.
  std::filesystem::path outcome_file;
};

struct drive_result {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::chrono::duration<double> seconds{}; ///< from the first transfer to the last outcome
};

/// Has every order of a bank paid once a month. The payments of one payer run one after another, by
/// month and then by order id; payers run beside each other. Every message id says what the message
/// is, so that driving the same store again changes nothing and goes on where it ended.
///
/// A payer's outcomes depend on nothing but its own payments, because no payment reaches a payer:
/// receivers are accounts at other banks, and their ids have a colon, which no account's id has.
class bank_driver {
public:
  /// @throws user_error if the outcome file cannot be written or the sum of openings does not fit.
  bank_driver(runtime& target, const berka_bank& bank, drive_settings settings);

  /// @throws user_error
  drive_result run();

private:
  struct payer {
    std::vector<const berka_order*> orders; ///< by id
    std::size_t next_order = 0;
    std::uint32_t month = 1;
  };

  void open_accounts();
  void run_transfers();
  client_command opening_of(const std::string& account, minor_units balance) const;
  client_command transfer_of(const payer& x) const;
  void take_outcome(std::size_t payer_index, const outcome& answer);
  void report(std::string_view transfer, std::string_view status);

  runtime& target_;
  const berka_bank& bank_;
  drive_settings settings_;
  command_pipeline pipeline_;
  std::ofstream outcomes_;
  std::vector<payer> payers_;
  std::deque<std::size_t> ready_; ///< payers whose last transfer has its outcome
  drive_result result_;
};

} // namespace skald
