#pragma once

#include "actors/aggregate.hpp"
#include "apps/bank/transfer_messages.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

enum class transfer_status : std::uint8_t {
  unknown,   ///< never created
  created,   ///< neither account has done its part yet
  deposited, ///< pending at the receiver
  withdrawn, ///< taken from the payer, the deposit not known yet
  completed,
  cancelled,
};

inline constexpr std::array<std::string_view, 6> transfer_status_names{
    "unknown", "created", "deposited", "withdrawn", "completed", "cancelled"};

/// A payment from one account to another. Complete when both accounts have done their part,
/// whichever is first; what arrives after its end changes nothing.
struct transfer {
  static constexpr std::string_view type_name = "transfer";
  using command =
      std::variant<transfer_money, complete_deposit, complete_withdraw, cancel_transfer>;
  using event = std::variant<transfer_created, skald::deposit_completed, skald::withdraw_completed,
                             transfer_completed, transfer_canceled>;

  std::string id;
  transfer_status status = transfer_status::unknown;
  std::string from;
  std::string to;
  minor_units amount;
  transfer_style style = transfer_style::orchestrated;
  std::int64_t deadline_ms = 0;
  bool deposit_completed = false;
  bool withdraw_completed = false;
  std::string reason; ///< why it was cancelled
};

template <class Inspector>
bool inspect(Inspector& f, transfer_status& x) {
  return inspect_by_name(f, x, transfer_status_names);
}

template <class Inspector>
bool inspect(Inspector& f, transfer& x) {
  return f.object(x).fields(
      f.field("id", x.id), f.field("status", x.status), f.field("from", x.from),
      f.field("to", x.to), f.field("amount", x.amount), f.field("style", x.style),
      f.field("deadline_ms", x.deadline_ms), f.field("deposit_completed", x.deposit_completed),
      f.field("withdraw_completed", x.withdraw_completed), f.field("reason", x.reason));
}

decision<transfer> decide(const transfer& state, const transfer_money& command,
                          const decision_context& context);
decision<transfer> decide(const transfer& state, const complete_deposit& command);
decision<transfer> decide(const transfer& state, const complete_withdraw& command);
decision<transfer> decide(const transfer& state, const cancel_transfer& command);

void evolve(transfer& state, const transfer_created& event);
void evolve(transfer& state, const deposit_completed& event);
void evolve(transfer& state, const withdraw_completed& event);
void evolve(transfer& state, const transfer_completed& event);
void evolve(transfer& state, const transfer_canceled& event);

std::string_view status_of(const transfer& state);

} // namespace skald
