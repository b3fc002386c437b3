#include "apps/bank/transfer.hpp"

#include "messages/address.hpp"

#include <cstddef>
#include <optional>

namespace skald {

namespace {

constexpr std::int64_t deadline_ms_default = 5'000;

// A longer deadline is a mistake in the unit, more likely than a wish.
constexpr std::int64_t deadline_ms_max = std::int64_t{366} * 24 * 60 * 60 * 1'000;

bool is_over(const transfer& state) {
  return state.status == transfer_status::completed || state.status == transfer_status::cancelled;
}

// Why the transfer cannot take a step towards its completion, or nothing.
std::optional<rejection> why_stopped(const transfer& state) {
  if (state.status == transfer_status::unknown)
    return rejection{"no such transfer"};
  // Handlers of a choreography come late and are passed over. A saga that comes late was not the
  // one that cancelled: it has to learn of it, and compensate.
  if (state.status == transfer_status::cancelled && state.style == transfer_style::orchestrated)
    return rejection{"the transfer is cancelled: " + state.reason};
  return std::nullopt;
}

transfer_completed completion_of(const transfer& state) {
  return {state.id, state.from, state.to, state.style};
}

} // namespace

decision<transfer> decide(const transfer& state, const transfer_money& command,
                          const decision_context& context) {
  if (state.status != transfer_status::unknown)
    return rejection{"the transfer exists already"};
  if (auto wrong = id_error(command.from))
    return rejection{"the paying account has no valid id: " + *wrong};
  if (auto wrong = id_error(command.to))
    return rejection{"the receiving account has no valid id: " + *wrong};
  if (command.from == command.to)
    return rejection{"an account does not pay itself"};
  if (command.amount <= minor_units{})
    return rejection{"the amount must be positive"};
  const auto deadline_ms = command.deadline_ms.value_or(deadline_ms_default);
  if (deadline_ms < 1 || deadline_ms > deadline_ms_max)
    return rejection{"the deadline must be 1 to " + std::to_string(deadline_ms_max) +
                     " milliseconds"};
  return transfer_created{context.self.id,
                          command.from,
                          command.to,
                          command.amount,
                          command.style.value_or(transfer_style::orchestrated),
                          deadline_ms};
}

decision<transfer> decide(const transfer& state, const complete_deposit&) {
  if (auto why = why_stopped(state))
    return *why;
  if (is_over(state) || state.deposit_completed)
    return {};
  if (state.withdraw_completed)
    return {deposit_completed{}, completion_of(state)};
  return deposit_completed{};
}

decision<transfer> decide(const transfer& state, const complete_withdraw&) {
  if (auto why = why_stopped(state))
    return *why;
  if (is_over(state) || state.withdraw_completed)
    return {};
  if (state.deposit_completed)
    return {withdraw_completed{}, completion_of(state)};
  return withdraw_completed{};
}

decision<transfer> decide(const transfer& state, const cancel_transfer& command) {
  if (state.status == transfer_status::unknown)
    return rejection{"no such transfer"};
  if (is_over(state))
    return {};
  return transfer_canceled{state.id, state.from, state.to, state.style, command.reason};
}

void evolve(transfer& state, const transfer_created& event) {
  state.id = event.transfer;
  state.status = transfer_status::created;
  state.from = event.from;
  state.to = event.to;
  state.amount = event.amount;
  state.style = event.style;
  state.deadline_ms = event.deadline_ms;
}

void evolve(transfer& state, const deposit_completed&) {
  state.deposit_completed = true;
  state.status = transfer_status::deposited;
}

void evolve(transfer& state, const withdraw_completed&) {
  state.withdraw_completed = true;
  state.status = transfer_status::withdrawn;
}

void evolve(transfer& state, const transfer_completed&) {
  state.status = transfer_status::completed;
}

void evolve(transfer& state, const transfer_canceled& event) {
  state.status = transfer_status::cancelled;
  state.reason = event.reason;
}

std::string_view status_of(const transfer& state) {
  return transfer_status_names[static_cast<std::size_t>(state.status)];
}

} // namespace skald
