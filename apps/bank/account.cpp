#include "apps/bank/account.hpp"

#include "messages/address.hpp"

#include <cstddef>
#include <optional>

namespace skald {

namespace {

// Why nothing can be paid in or out, or nothing.
std::optional<std::string> why_unusable(const account& state) {
  switch (state.status) {
  case account_status::unopened:
    return "no such account";
  case account_status::closed:
    return "the account is closed";
  case account_status::open:
    break;
  }
  return std::nullopt;
}

// What makes a payment between this account and `other` senseless, or nothing.
std::optional<std::string> payment_error(const std::string& transfer, const std::string& other,
                                         minor_units amount, const decision_context& context) {
  if (auto wrong = id_error(transfer))
    return "the transfer has no valid id: " + *wrong;
  if (auto wrong = id_error(other))
    return "the other account has no valid id: " + *wrong;
  if (other == context.self.id)
    return "an account does not pay itself";
  if (amount <= minor_units{})
    return "the amount must be positive";
  return std::nullopt;
}

// Withdrawals that are cancelled come back to the balance, so they count as well.
bool can_hold(const account& state, minor_units more) {
  auto total = checked_add(state.balance, state.pending);
  for (auto each : {state.outgoing, more})
    if (total)
      total = checked_add(*total, each);
  return total.has_value();
}

rejection no_deposit(const std::string& transfer) {
  return {"no deposit of transfer '" + transfer + "' is pending"};
}

rejection no_withdrawal(const std::string& transfer) {
  return {"no withdrawal of transfer '" + transfer + "' is outgoing"};
}

// Decisions see to it that totals fit; a history in which one does not must not become a state.
void add(minor_units& total, minor_units amount) {
  total = checked_add(total, amount).value();
}

void subtract(minor_units& total, minor_units amount) {
  total = checked_subtract(total, amount).value();
}

} // namespace

decision<account> decide(const account& state, const open_account& command) {
  if (state.status == account_status::open)
    return rejection{"the account is open already"};
  if (state.status == account_status::closed)
    return rejection{"the account is closed"};
  if (command.opening_balance < minor_units{})
    return rejection{"the opening balance is negative"};
  return account_opened{command.opening_balance};
}

decision<account> decide(const account& state, const close_account&) {
  if (auto why = why_unusable(state))
    return rejection{*why};
  if (state.balance != minor_units{})
    return rejection{"the balance is " + to_string(state.balance) + ", not zero"};
  if (!state.deposits.empty())
    return rejection{"a deposit is pending"};
  if (!state.withdrawals.empty())
    return rejection{"a withdrawal is outgoing"};
  return account_closed{};
}

decision<account> decide(const account& state, const deposit& command,
                         const decision_context& context) {
  if (auto wrong = payment_error(command.transfer, command.from, command.amount, context))
    return rejection{*wrong};
  if (state.deposits.contains(command.transfer))
    return rejection{"a deposit of transfer '" + command.transfer + "' is pending already"};
  auto why = why_unusable(state);
  if (!why && !can_hold(state, command.amount))
    why = "the account cannot hold that much";
  if (why)
    return deposit_failed{command.transfer, command.amount, *why, command.style};
  return deposited{command.transfer, command.from, context.self.id, command.amount, command.style};
}

decision<account> decide(const account& state, const confirm_deposit& command) {
  const auto found = state.deposits.find(command.transfer);
  if (found == state.deposits.end())
    return no_deposit(command.transfer);
  return deposit_confirmed{command.transfer, found->second};
}

decision<account> decide(const account& state, const cancel_deposit& command) {
  const auto found = state.deposits.find(command.transfer);
  if (found == state.deposits.end())
    return no_deposit(command.transfer);
  return deposit_cancelled{command.transfer, found->second};
}

decision<account> decide(const account& state, const withdraw& command,
                         const decision_context& context) {
  if (auto wrong = payment_error(command.transfer, command.to, command.amount, context))
    return rejection{*wrong};
  if (state.withdrawals.contains(command.transfer))
    return rejection{"a withdrawal of transfer '" + command.transfer + "' is outgoing already"};
  auto why = why_unusable(state);
  if (!why && command.amount > state.balance)
    why = "insufficient funds";
  if (why)
    return withdraw_failed{command.transfer, command.amount, *why, command.style};
  return withdrawn{command.transfer, command.to, command.amount, command.style};
}

decision<account> decide(const account& state, const confirm_withdraw& command) {
  const auto found = state.withdrawals.find(command.transfer);
  if (found == state.withdrawals.end())
    return no_withdrawal(command.transfer);
  return withdraw_confirmed{command.transfer, found->second};
}

decision<account> decide(const account& state, const cancel_withdraw& command) {
  const auto found = state.withdrawals.find(command.transfer);
  if (found == state.withdrawals.end())
    return no_withdrawal(command.transfer);
  return withdraw_cancelled{command.transfer, found->second};
}

void evolve(account& state, const account_opened& event) {
  state.status = account_status::open;
  state.balance = event.opening_balance;
}

void evolve(account& state, const account_closed&) {
  state.status = account_status::closed;
}

void evolve(account& state, const deposited& event) {
  add(state.pending, event.amount);
  state.deposits.emplace(event.transfer, event.amount);
}

void evolve(account&, const deposit_failed&) {}

void evolve(account& state, const deposit_confirmed& event) {
  subtract(state.pending, event.amount);
  add(state.balance, event.amount);
  state.deposits.erase(event.transfer);
}

void evolve(account& state, const deposit_cancelled& event) {
  subtract(state.pending, event.amount);
  state.deposits.erase(event.transfer);
}

void evolve(account& state, const withdrawn& event) {
  subtract(state.balance, event.amount);
  add(state.outgoing, event.amount);
  state.withdrawals.emplace(event.transfer, event.amount);
}

void evolve(account&, const withdraw_failed&) {}

void evolve(account& state, const withdraw_confirmed& event) {
  subtract(state.outgoing, event.amount);
  state.withdrawals.erase(event.transfer);
}

void evolve(account& state, const withdraw_cancelled& event) {
  subtract(state.outgoing, event.amount);
  add(state.balance, event.amount);
  state.withdrawals.erase(event.transfer);
}

std::string_view status_of(const account& state) {
  return account_status_names[static_cast<std::size_t>(state.status)];
}

bool is_deleted(const account& state) {
  return state.status == account_status::closed;
}

} // namespace skald
