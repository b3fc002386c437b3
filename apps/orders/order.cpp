#include "apps/orders/order.hpp"

#include "messages/address.hpp"

#include <cstddef>
#include <optional>

namespace skald {

namespace {

// Three tries of a call a second apart, at the gateway and at the carrier, have room in it.
constexpr std::int64_t deadline_ms_default = 30'000;

// A longer deadline is a mistake in the unit, more likely than a wish.
constexpr std::int64_t deadline_ms_max = std::int64_t{366} * 24 * 60 * 60 * 1'000;

const rejection no_such_order{"no such order"};

bool is_over(const order& state) {
  return state.status == order_status::completed || state.status == order_status::cancelled;
}

// Reports of what was done for it come too late to change anything.
bool is_ending(const order& state) {
  return is_over(state) || state.status == order_status::cancelling;
}

// Nobody leads a choreographed order: it completes by itself, with the report that was missing.
bool completes(const order& state, bool stock_reserved, bool paid, bool shipped) {
  return state.style == order_style::choreographed && stock_reserved && paid && shipped;
}

order_completed completion_of(const order& state) {
  return {state.id, state.product, state.style};
}

order_cancelled cancellation_of(const order& state, const std::string& reason) {
  return {state.id, state.product, state.style, reason};
}

// What readers see while the order is under way, whatever order the reports come in.
order_status status_under_way(const order& state) {
  if (state.paid)
    return state.shipping ? order_status::shipping : order_status::paid;
  if (state.payment_pending)
    return order_status::payment_pending;
  return state.stock_reserved ? order_status::stock_reserved : order_status::received;
}

void show_progress(order& state) {
  if (!is_ending(state))
    state.status = status_under_way(state);
}

} // namespace

decision<order> decide(const order& state, const place_order& command,
                       const decision_context& context) {
  if (state.status != order_status::unknown)
    return rejection{"the order exists already"};
  if (auto wrong = id_error(command.product))
    return rejection{"the product has no valid id: " + *wrong};
  if (command.quantity <= 0)
    return rejection{"the quantity must be positive"};
  if (command.amount <= minor_units{})
    return rejection{"the amount must be positive"};
  if (command.card.empty())
    return rejection{"the card has no number"};
  const auto deadline_ms = command.deadline_ms.value_or(deadline_ms_default);
  if (deadline_ms < 1 || deadline_ms > deadline_ms_max)
    return rejection{"the deadline must be 1 to " + std::to_string(deadline_ms_max) +
                     " milliseconds"};
  return order_placed{context.self.id,  command.product,
                      command.quantity, command.amount,
                      command.card,     command.style.value_or(order_style::orchestrated),
                      deadline_ms,      command.purchased_at.value_or("")};
}

decision<order> decide(const order& state, const record_stock_reserved&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state) || state.stock_reserved)
    return {};
  if (completes(state, true, state.paid, state.shipped))
    return {order_stock_reserved{}, completion_of(state)};
  return order_stock_reserved{};
}

decision<order> decide(const order& state, const record_payment_pending&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state) || state.payment_pending || state.paid)
    return {};
  return order_payment_pending{};
}

decision<order> decide(const order& state, const record_paid&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state) || state.paid)
    return {};
  if (completes(state, state.stock_reserved, true, state.shipped))
    return {order_paid{}, completion_of(state)};
  return order_paid{};
}

decision<order> decide(const order& state, const record_payment_failed& command) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (state.payment_failed || state.status == order_status::completed)
    return {};
  if (state.style == order_style::choreographed && !is_over(state))
    return {order_payment_failed{command.reason}, cancellation_of(state, command.reason)};
  return order_payment_failed{command.reason};
}

decision<order> decide(const order& state, const record_shipping&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state) || state.shipping)
    return {};
  return order_shipping{};
}

decision<order> decide(const order& state, const record_shipped&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state) || state.shipped)
    return {};
  if (completes(state, state.stock_reserved, state.paid, true))
    return {order_shipped{}, completion_of(state)};
  return order_shipped{};
}

decision<order> decide(const order& state, const complete_order&) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (state.status == order_status::completed)
    return {};
  if (is_ending(state))
    return rejection{"the order is cancelled: " + state.reason};
  return completion_of(state);
}

decision<order> decide(const order& state, const fail_order& command) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_ending(state))
    return {};
  return order_failing{command.reason};
}

decision<order> decide(const order& state, const cancel_order& command) {
  if (state.status == order_status::unknown)
    return no_such_order;
  if (is_over(state))
    return {};
  return cancellation_of(state, command.reason);
}

void evolve(order& state, const order_placed& event) {
  state.id = event.order;
  state.status = order_status::received;
  state.product = event.product;
  state.quantity = event.quantity;
  state.amount = event.amount;
  state.card = event.card;
  state.style = event.style;
  state.deadline_ms = event.deadline_ms;
  state.purchased_at = event.purchased_at;
}

void evolve(order& state, const order_stock_reserved&) {
  state.stock_reserved = true;
  show_progress(state);
}

void evolve(order& state, const order_payment_pending&) {
  state.payment_pending = true;
  show_progress(state);
}

void evolve(order& state, const order_paid&) {
  state.paid = true;
  show_progress(state);
}

void evolve(order& state, const order_payment_failed&) {
  state.payment_failed = true;
}

void evolve(order& state, const order_shipping&) {
  state.shipping = true;
  show_progress(state);
}

void evolve(order& state, const order_shipped&) {
  state.shipped = true;
}

void evolve(order& state, const order_completed&) {
  state.status = order_status::completed;
}

void evolve(order& state, const order_failing& event) {
  state.status = order_status::cancelling;
  state.reason = event.reason;
}

void evolve(order& state, const order_cancelled& event) {
  state.status = order_status::cancelled;
  state.reason = event.reason;
}

std::string_view status_of(const order& state) {
  return order_status_names[static_cast<std::size_t>(state.status)];
}

bool is_deleted(const order& state) {
  return state.status == order_status::cancelled && state.payment_failed;
}

} // namespace skald
