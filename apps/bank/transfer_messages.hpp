#pragma once

#include "apps/bank/money.hpp"
#include "apps/bank/transfer_style.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

// Commands.

struct transfer_money {
  static constexpr std::string_view type_name = "TransferMoney";
  std::string from; ///< the paying account
  std::string to;   ///< the receiving account
  minor_units amount;
  std::optional<transfer_style> style;     ///< missing: orchestrated
  std::optional<std::int64_t> deadline_ms; ///< missing: 5000
};

struct complete_deposit {
  static constexpr std::string_view type_name = "CompleteDeposit";
  static constexpr bool is_internal = true;
};

struct complete_withdraw {
  static constexpr std::string_view type_name = "CompleteWithdraw";
  static constexpr bool is_internal = true;
};

struct cancel_transfer {
  static constexpr std::string_view type_name = "CancelTransfer";
  static constexpr bool is_internal = true;
  std::string reason;
};

// Events.

/// Before transfers could be choreographed, and all had the same deadline.
struct transfer_created_v1 {
  std::string transfer;
  std::string from;
  std::string to;
  minor_units amount;
};

struct transfer_created {
  static constexpr std::string_view type_name = "TransferCreated";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = transfer_created_v1;
  std::string transfer;
  std::string from;
  std::string to;
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
  std::int64_t deadline_ms = 0;
};

inline transfer_created upcast(const transfer_created_v1& x) {
  return {x.transfer, x.from, x.to, x.amount, transfer_style::orchestrated, 5'000};
}

struct deposit_completed {
  static constexpr std::string_view type_name = "DepositCompleted";
};

struct withdraw_completed {
  static constexpr std::string_view type_name = "WithdrawCompleted";
};

struct transfer_completed {
  static constexpr std::string_view type_name = "TransferCompleted";
  std::string transfer;
  std::string from;
  std::string to;
  transfer_style style = transfer_style::orchestrated;
};

struct transfer_canceled {
  static constexpr std::string_view type_name = "TransferCanceled";
  std::string transfer;
  std::string from;
  std::string to;
  transfer_style style = transfer_style::orchestrated;
  std::string reason;
};

template <class Inspector>
bool inspect(Inspector& f, transfer_money& x) {
  return f.object(x).fields(f.field("from", x.from), f.field("to", x.to),
                            f.field("amount", x.amount), f.field("style", x.style),
                            f.field("deadline_ms", x.deadline_ms));
}

template <class Inspector>
bool inspect(Inspector& f, complete_deposit& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, complete_withdraw& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, cancel_transfer& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, transfer_created_v1& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, transfer_created& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("amount", x.amount),
                            f.field("style", x.style), f.field("deadline_ms", x.deadline_ms));
}

template <class Inspector>
bool inspect(Inspector& f, deposit_completed& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, withdraw_completed& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, transfer_completed& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, transfer_canceled& x) {
  return f.object(x).fields(f.field("transfer", x.transfer), f.field("from", x.from),
                            f.field("to", x.to), f.field("style", x.style),
                            f.field("reason", x.reason));
}

} // namespace skald
