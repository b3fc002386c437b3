#pragma once

#include "apps/bank/money.hpp"
#include "persistence/journal.hpp"

#include <cstdint>
#include <string>

namespace skald {

/// What the journal of a bank adds up to.
struct bank_totals {
  std::uint64_t events = 0; ///< in the records behind the given position
  minor_units opened;       ///< what all accounts were opened with
  minor_units balances;     ///< what is on all accounts, without what is under way
  std::uint64_t open_sagas = 0;
  std::uint64_t violations = 0; ///< of the bank's invariant
  std::string first_violation;
};

/// Reads the whole journal. Nothing may be under way.
/// @throws store_error if it is damaged; user_error if a sum does not fit.
bank_totals total_up(const journal& log, position behind);

/// What is wrong with a bank at rest that holds other than it was opened with, or nothing.
std::string imbalance(const bank_totals& totals);

} // namespace skald
