#pragma once

#include "apps/bank/account.hpp"
#include "apps/bank/bank_invariant.hpp"
#include "apps/bank/transfer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace skald {

/// The books that `bank_invariant` keeps.
class bank_books {
public:
  void see(const record& x);

  const std::vector<std::string>& violations() const { return violations_; }
  std::optional<minor_units> sum_of_balances() const;
  bank_invariant::counts count() const;
  std::optional<bank_invariant::holdings> holdings_of(std::string_view account_id) const;

private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view x) const { return std::hash<std::string_view>{}(x); }
  };

  template <class T>
  using by_id = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

  struct account_entry {
    bank_invariant::holdings holds;
    account_status status = account_status::unopened;
  };

  // What the payer or the receiver has done for a transfer.
  struct part {
    enum class state : std::uint8_t { none, held, confirmed, cancelled };

    account_entry* where = nullptr;
    state now = state::none;
    bool was_reported = false;       // to the transfer
    bool was_told_to_cancel = false; // so it has to refuse the step, should that still come
  };

  struct transfer_entry {
    minor_units amount;
    transfer_style style = transfer_style::orchestrated;
    bool is_completed = false;
    bool is_cancelled = false;
    bool is_under_way =
        false; // taken from the payer, neither confirmed at the receiver nor given back
    part deposit;
    part withdrawal;
  };

  // Events of accounts.
  void apply(const account_opened& event);
  void apply(const account_closed& event);
  void apply(const deposited& event);
  void apply(const deposit_failed& event);
  void apply(const deposit_confirmed& event);
  void apply(const deposit_cancelled& event);
  void apply(const withdrawn& event);
  void apply(const withdraw_failed& event);
  void apply(const withdraw_confirmed& event);
  void apply(const withdraw_cancelled& event);

  // Events of transfers.
  void apply(const transfer_created& event);
  void apply(const deposit_completed& event);
  void apply(const withdraw_completed& event);
  void apply(const transfer_completed& event);
  void apply(const transfer_canceled& event);

  template <class A>
  void see_events();
  void see_cancel();
  void see_end_of_saga();
  void take_step(const transfer_entry& its, part& x, minor_units amount);
  void end_step(const transfer_entry& its, part& x, minor_units amount, part::state end);
  void report_step(part& x);
  void end_way(transfer_entry& its);
  void forget_if_over(std::string_view id);
  void check_sum();

  account_entry& account_of(std::string_view id);
  account_entry& account_here() { return account_of(now_->stream.id); }
  transfer_entry* find_transfer(std::string_view id);
  transfer_entry* transfer_here() { return find_transfer(now_->stream.id); }

  void change(minor_units& total, std::string_view name, minor_units by);
  void change_balance(account_entry& x, minor_units by);
  void require(bool holds, std::string_view violation);
  void report(std::string_view violation);

  by_id<account_entry> accounts_; // its entries stay where they are: transfers point to them
  by_id<transfer_entry> transfers_;
  bank_invariant::counts count_;
  std::vector<std::string> violations_;

  // Sums modulo 2^64: those of many accounts may not fit, and equality survives that.
  std::uint64_t opened_ = 0;
  std::uint64_t balances_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t reported_difference_ = 0;

  // What is being seen.
  const record* now_ = nullptr;
  std::size_t event_index_ = 0;
};

} // namespace skald
