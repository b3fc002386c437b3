#include "apps/orders/shipment_saga.hpp"

namespace skald {

namespace {

auto take_parcel_of(const shipment& state) {
  return to_external(std::string{carrier_name}, take_parcel{state.id});
}

call_off_parcel call_off_parcel_of(const shipment& state) {
  return {state.id};
}

auto call_off_of(const shipment& state) {
  return to_external(std::string{carrier_name}, call_off_parcel_of(state));
}

record_booked record_booked_of(const shipment&) {
  return {};
}

record_booking_failed record_booking_failed_of(const shipment&, std::string_view reason) {
  return {std::string{reason}};
}

record_called_off record_called_off_of(const shipment&) {
  return {};
}

} // namespace

saga<shipment> booking_saga(const retry_policy& policy, duration patience) {
  return saga<shipment>("book with the carrier")
      .starts_on<shipment_requested>()
      .step("book")
      .send(take_parcel_of)
      .compensate(call_off_parcel_of)
      .retry(policy)
      .within(patience)
      .cancelled_by<shipment_cancelling>()
      .on_completed(record_booked_of)
      .on_failure(record_booking_failed_of)
      .on_compensated(record_called_off_of);
}

saga<shipment> call_off_saga() {
  return saga<shipment>("call the parcel off")
      .starts_on<shipment_cancelling>()
      .step("call off")
      .send(call_off_of)
      .retry(saga_step::default_compensation_policy)
      .on_completed(record_called_off_of);
}

} // namespace skald
