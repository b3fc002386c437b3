#pragma once

#include "actors/conflict_policy.hpp"
#include "apps/bank/money.hpp"
#include "apps/bank/transfer_style.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skald {

// Commands. A withdrawal or deposit is known by the id of its transfer.

struct open_account {
  static constexpr std::string_view type_name = "OpenAccount";
  minor_units opening_balance;
};

struct close_account {
  static constexpr std::string_view type_name = "CloseAccount";
  static constexpr auto while_held = conflict_policy::reject(); // a transfer needs the account
};

struct deposit {
  static constexpr std::string_view type_name = "Deposit";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true; // a closed account says so by an event
  std::string transfer;
  std::string from; ///< the paying account
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
};

struct confirm_deposit {
  static constexpr std::string_view type_name = "ConfirmDeposit";
  static constexpr bool is_internal = true;
  std::string transfer;
};

struct cancel_deposit {
  static constexpr std::string_view type_name = "CancelDeposit";
  static constexpr bool is_internal = true;
  std::string transfer;
};

struct withdraw {
  static constexpr std::string_view type_name = "Withdraw";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true; // a closed account says so by an event
  std::string transfer;
  std::string to; ///< the receiving account
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
};

struct confirm_withdraw {
  static constexpr std::string_view type_name = "ConfirmWithdraw";
  static constexpr bool is_internal = true;
  std::string transfer;
};

struct cancel_withdraw {
  static constexpr std::string_view type_name = "CancelWithdraw";
  static constexpr bool is_internal = true;
  std::string transfer;
};

// Events.

struct account_opened {
  static constexpr std::string_view type_name = "AccountOpened";
  minor_units opening_balance;
};

struct account_closed {
  static constexpr std::string_view type_name = "AccountClosed";
};

/// The amount is pending: shown, not spendable.
/// Before transfers could be choreographed.
struct deposited_v1 {
  std::string transfer;
  std::string from;
  std::string to;
  minor_units amount;
};

struct deposited {
  static constexpr std::string_view type_name = "Deposited";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = deposited_v1;
  std::string transfer;
  std::string from;
  std::string to; ///< this account: handlers see the event alone
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
};

inline deposited upcast(const deposited_v1& x) {
  return {x.transfer, x.from, x.to, x.amount, transfer_style::orchestrated};
}

struct deposit_failed {
  static constexpr std::string_view type_name = "DepositFailed";
  static constexpr bool is_failure = true;
  std::string transfer;
  minor_units amount;
  std::string reason;
  transfer_style style = transfer_style::orchestrated;
};

/// The pending amount is spendable.
struct deposit_confirmed {
  static constexpr std::string_view type_name = "DepositConfirmed";
  std::string transfer;
  minor_units amount;
};

/// The pending amount is dropped.
struct deposit_cancelled {
  static constexpr std::string_view type_name = "DepositCancelled";
  std::string transfer;
  minor_units amount;
};

/// The amount is outgoing: taken from the balance, given back should the transfer fail.
struct withdrawn {
  static constexpr std::string_view type_name = "Withdrawn";
  std::string transfer;
  std::string to;
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
};

struct withdraw_failed {
  static constexpr std::string_view type_name = "WithdrawFailed";
  static constexpr bool is_failure = true;
  std::string transfer;
  minor_units amount;
  std::string reason;
  transfer_style style = transfer_style::orchestrated;
};

/// The outgoing amount is gone for good.
struct withdraw_confirmed {
  static constexpr std::string_view type_name = "WithdrawConfirmed";
  std::string transfer;
  minor_units amount;
};

/// The outgoing amount is back on the balance.
struct withdraw_cancelled {
  static constexpr std::string_view type_name = "WithdrawCancelled";
  std::string transfer;
  minor_units amount;
};

template <class Inspector>
bool inspect(Inspector& f, open_account& x) {
  return f.object(x).fields(f.field("opening_balance", x.opening_balance));
}

template <class Inspector>
bool inspect(Inspector& f, close_account& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, deposit& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("amount", x.amount), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, confirm_deposit& x) {
  return f.object(x).fields(f.field("transfer", x.transfer));
}

template <class Inspector>
bool inspect(Inspector& f, cancel_deposit& x) {
  return f.object(x).fields(f.field("transfer", x.transfer));
}

template <class Inspector>
bool inspect(Inspector& f, withdraw& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("to", x.to),
                            f.field("amount", x.amount), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, confirm_withdraw& x) {
  return f.object(x).fields(f.field("transfer", x.transfer));
}

template <class Inspector>
bool inspect(Inspector& f, cancel_withdraw& x) {
  return f.object(x).fields(f.field("transfer", x.transfer));
}

template <class Inspector>
bool inspect(Inspector& f, account_opened& x) {
  return f.object(x).fields(f.field("opening_balance", x.opening_balance));
}

template <class Inspector>
bool inspect(Inspector& f, account_closed& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, deposited_v1& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, deposited& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("amount", x.amount),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, deposit_failed& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount),
                            f.field("reason", x.reason), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, deposit_confirmed& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, deposit_cancelled& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, withdrawn& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("to", x.to),
                            f.field("amount", x.amount), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, withdraw_failed& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount),
                            f.field("reason", x.reason), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, withdraw_confirmed& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, withdraw_cancelled& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("amount", x.amount));
}

} // namespace skald
