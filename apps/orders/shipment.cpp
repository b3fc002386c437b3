#include "apps/orders/shipment.hpp"

#include "messages/address.hpp"

#include <cstddef>

namespace skald {

decision<shipment> decide(const shipment& state, const book_shipment& command,
                          const decision_context& context) {
  if (auto wrong = id_error(command.order))
    return rejection{"the order has no valid id: " + *wrong};
  if (state.status != shipment_status::unknown)
    return rejection{"the shipment was asked for already"};
  return shipment_requested{context.self.id, command.order, command.style};
}

decision<shipment> decide(const shipment& state, const cancel_shipment&) {
  switch (state.status) {
  case shipment_status::unknown:
  case shipment_status::rejected:
  case shipment_status::cancelled:
    return {};
  default:
    return shipment_cancelling{state.order};
  }
}

decision<shipment> decide(const shipment& state, const record_booked&) {
  if (state.status != shipment_status::pending)
    return {};
  return shipment_booked{state.id, state.order, state.style};
}

decision<shipment> decide(const shipment& state, const record_booking_failed& command) {
  if (state.status != shipment_status::pending)
    return {};
  return shipment_failing{state.order, command.reason};
}

decision<shipment> decide(const shipment& state, const record_called_off&) {
  if (state.status == shipment_status::failing)
    return ship_rejected{state.order, state.reason, state.style};
  if (state.status == shipment_status::cancelling)
    return shipment_cancelled{state.order};
  return {};
}

void evolve(shipment& state, const shipment_requested& event) {
  state.id = event.shipment;
  state.status = shipment_status::pending;
  state.order = event.order;
  state.style = event.style;
}

void evolve(shipment& state, const shipment_booked&) {
  state.status = shipment_status::booked;
}

void evolve(shipment& state, const shipment_failing& event) {
  state.status = shipment_status::failing;
  state.reason = event.reason;
}

void evolve(shipment& state, const ship_rejected&) {
  state.status = shipment_status::rejected;
}

void evolve(shipment& state, const shipment_cancelling&) {
  state.status = shipment_status::cancelling;
}

void evolve(shipment& state, const shipment_cancelled&) {
  state.status = shipment_status::cancelled;
}

std::string_view status_of(const shipment& state) {
  return shipment_status_names[static_cast<std::size_t>(state.status)];
}

} // namespace skald
