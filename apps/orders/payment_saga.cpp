#include "apps/orders/payment_saga.hpp"

#include <chrono>

namespace skald {

namespace {

auto charge_of(const payment& state) {
  return to_external(std::string{payment_gateway_name},
                     charge_card{state.order, state.card, state.amount});
}

give_back give_back_of(const payment& state) {
  return {state.order};
}

auto refund_of(const payment& state) {
  return to_external(std::string{payment_gateway_name}, give_back_of(state));
}

record_charged record_charged_of(const payment&) {
  return {};
}

record_charge_failed record_charge_failed_of(const payment&, std::string_view reason) {
  return {std::string{reason}};
}

record_refund_failed record_refund_failed_of(const payment&, std::string_view reason) {
  return {std::string{reason}};
}

record_uncharged record_uncharged_of(const payment&) {
  return {};
}

} // namespace

saga<payment> charge_saga(const retry_policy& policy) {
  return saga<payment>("charge the card")
      .starts_on<payment_requested>()
      .step("charge")
      .send(charge_of)
      .compensate(give_back_of)
      .retry(policy)
      .cancelled_by<payment_refunding>()
      .on_completed(record_charged_of)
      .on_failure(record_charge_failed_of)
      .on_compensated(record_uncharged_of);
}

saga<payment> refund_saga() {
  return saga<payment>("refund the card")
      .starts_on<payment_refunding>()
      .step("refund")
      .send(refund_of)
      .retry(saga_step::default_compensation_policy)
      .on_completed(record_uncharged_of)
      .on_failure(record_refund_failed_of);
}

} // namespace skald
