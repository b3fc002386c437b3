#pragma once

#include "actors/aggregate.hpp"
#include "apps/bank/account_messages.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

enum class account_status : std::uint8_t { unopened, open, closed };

inline constexpr std::array<std::string_view, 3> account_status_names{"unopened", "open", "closed"};

/// An account. What it holds for transfers under way is shown apart from the balance: money that is
/// coming is not spendable yet, money that is going may come back.
struct account {
  static constexpr std::string_view type_name = "account";
  using command = std::variant<open_account, close_account, deposit, confirm_deposit,
                               cancel_deposit, withdraw, confirm_withdraw, cancel_withdraw>;
  using event = std::variant<account_opened, account_closed, deposited, deposit_failed,
                             deposit_confirmed, deposit_cancelled, withdrawn, withdraw_failed,
                             withdraw_confirmed, withdraw_cancelled>;

  account_status status = account_status::unopened;
  minor_units balance;                            ///< spendable
  minor_units pending;                            ///< total of `deposits`
  minor_units outgoing;                           ///< total of `withdrawals`
  std::map<std::string, minor_units> deposits;    ///< coming, by transfer
  std::map<std::string, minor_units> withdrawals; ///< going, by transfer
};

template <class Inspector>
bool inspect(Inspector& f, account_status& x) {
  return inspect_by_name(f, x, account_status_names);
}

template <class Inspector>
bool inspect(Inspector& f, account& x) {
  return f.object(x).fields(f.field("status", x.status), f.field("balance", x.balance),
                            f.field("pending", x.pending), f.field("outgoing", x.outgoing),
                            f.field("deposits", x.deposits), f.field("withdrawals", x.withdrawals));
}

decision<account> decide(const account& state, const open_account& command);
decision<account> decide(const account& state, const close_account& command);
decision<account> decide(const account& state, const deposit& command,
                         const decision_context& context);
decision<account> decide(const account& state, const confirm_deposit& command);
decision<account> decide(const account& state, const cancel_deposit& command);
decision<account> decide(const account& state, const withdraw& command,
                         const decision_context& context);
decision<account> decide(const account& state, const confirm_withdraw& command);
decision<account> decide(const account& state, const cancel_withdraw& command);

void evolve(account& state, const account_opened& event);
void evolve(account& state, const account_closed& event);
void evolve(account& state, const deposited& event);
void evolve(account& state, const deposit_failed& event);
void evolve(account& state, const deposit_confirmed& event);
void evolve(account& state, const deposit_cancelled& event);
void evolve(account& state, const withdrawn& event);
void evolve(account& state, const withdraw_failed& event);
void evolve(account& state, const withdraw_confirmed& event);
void evolve(account& state, const withdraw_cancelled& event);

std::string_view status_of(const account& state);
bool is_deleted(const account& state);

} // namespace skald
