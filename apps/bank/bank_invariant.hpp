#pragma once

#include "apps/bank/money.hpp"
#include "persistence/record.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

class bank_books;

/// Checks a journal of the bank by bookkeeping of its own: no balance is ever below zero, money is
/// neither made nor lost, every transfer takes effect at both accounts or at neither. Remembers the
/// accounts, and the transfers that are not over.
class bank_invariant {
public:
  /// What an account holds.
  struct holdings {
    minor_units balance;
    minor_units pending;
    minor_units outgoing;

    bool operator==(const holdings&) const = default;
  };

  struct counts {
    std::uint64_t accounts = 0;  ///< opened
    std::uint64_t transfers = 0; ///< created
    std::uint64_t completed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t violations = 0;
    std::size_t unfinished =
        0; ///< transfers of which at least a confirm or cancel is still to come
  };

  bank_invariant();
  bank_invariant(bank_invariant&& other) noexcept;
  bank_invariant& operator=(bank_invariant&& other) noexcept;
  ~bank_invariant();

  /// Takes the next record of the journal. Every record has to be seen, in order, from the first.
  void see(const record& x);

  /// What is wrong, in words: the first thousand findings.
  std::vector<std::string> violations() const;

  /// Of all accounts; nothing if it does not fit.
  std::optional<minor_units> sum_of_balances() const;

  counts count() const;

  /// Empty if no such account was opened.
  std::optional<holdings> holdings_of(std::string_view account_id) const;

private:
  std::unique_ptr<bank_books> books_;
};

} // namespace skald
