#include "apps/orders/payment.hpp"

#include "messages/address.hpp"

#include <cstddef>
#include <optional>

namespace skald {

namespace {

std::optional<std::string> charge_error(const std::string& order, const std::string& card,
                                        minor_units amount) {
  if (auto wrong = id_error(order))
    return "the order has no valid id: " + *wrong;
  if (card.empty())
    return "the card has no number";
  if (amount <= minor_units{})
    return "the amount must be positive";
  return std::nullopt;
}

} // namespace

decision<payment> decide(const payment&, const check_fraud& command) {
  if (auto wrong = charge_error(command.order, command.card, command.amount))
    return rejection{*wrong};
  if (command.card == stolen_card)
    return fraud_suspected{command.order, command.amount, "the card was reported stolen"};
  return fraud_cleared{command.order, command.amount};
}

decision<payment> decide(const payment& state, const authorise_payment& command) {
  if (auto wrong = charge_error(command.order, command.card, command.amount))
    return rejection{*wrong};
  if (state.status != payment_status::unknown)
    return rejection{"the payment was asked for already"};
  return payment_requested{command.order, command.card, command.amount, command.style};
}

decision<payment> decide(const payment& state, const refund_payment&) {
  switch (state.status) {
  case payment_status::unknown:
  case payment_status::failed:
  case payment_status::refunded:
    return {};
  default:
    return payment_refunding{state.order, state.amount};
  }
}

decision<payment> decide(const payment& state, const record_charged&) {
  if (state.status != payment_status::pending)
    return {};
  return payment_authorised{state.order, state.amount, state.style};
}

decision<payment> decide(const payment& state, const record_charge_failed& command) {
  if (state.status != payment_status::pending)
    return {};
  return payment_voiding{state.order, command.reason};
}

decision<payment> decide(const payment& state, const record_refund_failed& command) {
  if (state.status != payment_status::refunding)
    return {};
  return refund_failed{state.order, command.reason};
}

decision<payment> decide(const payment& state, const record_uncharged&) {
  if (state.status == payment_status::voiding)
    return payment_failed{state.order, state.amount, state.reason, state.style};
  if (state.status == payment_status::refunding)
    return payment_refunded{state.order, state.amount};
  return {};
}

void evolve(payment& state, const fraud_cleared&) {
  state.fraud_cleared = true;
}

void evolve(payment& state, const fraud_suspected& event) {
  state.reason = event.reason;
}

void evolve(payment& state, const payment_requested& event) {
  state.status = payment_status::pending;
  state.order = event.order;
  state.card = event.card;
  state.amount = event.amount;
  state.style = event.style;
}

void evolve(payment& state, const payment_authorised&) {
  state.status = payment_status::authorised;
}

void evolve(payment& state, const payment_voiding& event) {
  state.status = payment_status::voiding;
  state.reason = event.reason;
}

void evolve(payment& state, const payment_failed&) {
  state.status = payment_status::failed;
}

void evolve(payment& state, const payment_refunding&) {
  state.status = payment_status::refunding;
}

void evolve(payment& state, const refund_failed& event) {
  state.status = payment_status::authorised;
  state.reason = event.reason;
}

void evolve(payment& state, const payment_refunded&) {
  state.status = payment_status::refunded;
}

std::string_view status_of(const payment& state) {
  return payment_status_names[static_cast<std::size_t>(state.status)];
}

} // namespace skald
