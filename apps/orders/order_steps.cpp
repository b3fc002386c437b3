#include "apps/orders/order_steps.hpp"

#include <chrono>
#include <string>

namespace skald {

typed_dispatch<product, reserve_stock> reserve_stock_of(const order& state) {
  return to<product>(state.product, reserve_stock{state.id, state.quantity, state.style});
}

put_stock_back put_stock_back_of(const order& state) {
  return {state.id};
}

sell_stock sell_stock_of(const order& state) {
  return {state.id};
}

typed_dispatch<payment, check_fraud> check_fraud_of(const order& state) {
  return to<payment>(state.id, check_fraud{state.id, state.card, state.amount});
}

typed_dispatch<payment, authorise_payment> authorise_payment_of(const order& state) {
  return to<payment>(state.id, authorise_payment{state.id, state.card, state.amount, state.style});
}

refund_payment refund_payment_of(const order& state) {
  return {state.id};
}

typed_dispatch<shipment, book_shipment> book_shipment_of(const order& state) {
  return to<shipment>(state.id, book_shipment{state.id, state.style});
}

typed_dispatch<shipment, book_shipment> book_part_of(const order& state, std::string_view part) {
  return to<shipment>(state.id + "-" + std::string{part}, book_shipment{state.id, state.style});
}

cancel_shipment cancel_shipment_of(const order& state) {
  return {state.id};
}

record_stock_reserved record_stock_reserved_of(const order&) {
  return {};
}

record_paid record_paid_of(const order&) {
  return {};
}

complete_order complete_order_of(const order&) {
  return {};
}

fail_order fail_order_of(const order&, std::string_view reason) {
  return {std::string{reason}};
}

cancel_order cancel_order_of(const order& state) {
  return {state.reason};
}

cancel_order cancel_order_because(const order&, std::string_view reason) {
  return {std::string{reason}};
}

duration deadline_of(const order& state) {
  return std::chrono::milliseconds{state.deadline_ms};
}

std::string reason_of(const order& state) {
  return state.reason;
}

} // namespace skald
