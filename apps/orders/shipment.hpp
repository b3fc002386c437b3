#pragma once

#include "actors/aggregate.hpp"
#include "apps/orders/shipment_messages.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

enum class shipment_status : std::uint8_t {
  unknown,    ///< never asked for
  pending,    ///< the carrier is asked
  booked,     ///< the carrier has taken it
  failing,    ///< the carrier has not taken it; should it after all, it is called off
  rejected,   ///< the carrier ships nothing of it
  cancelling, ///< it is called off, whatever the carrier has done
  cancelled,  ///< the carrier ships nothing of it any more
};

inline constexpr std::array<std::string_view, 7> shipment_status_names{
    "unknown", "pending", "booked", "failing", "rejected", "cancelling", "cancelled"};

/// One parcel of an order. The carrier moves it; this is what is known of that.
struct shipment {
  static constexpr std::string_view type_name = "shipment";
  using command = std::variant<book_shipment, cancel_shipment, record_booked, record_booking_failed,
                               record_called_off>;
  using event = std::variant<shipment_requested, shipment_booked, shipment_failing, ship_rejected,
                             shipment_cancelling, shipment_cancelled>;

  std::string id;
  shipment_status status = shipment_status::unknown;
  std::string order;
  order_style style = order_style::orchestrated;
  std::string reason; ///< why it was rejected
};

template <class Inspector>
bool inspect(Inspector& f, shipment_status& x) {
  return inspect_by_name(f, x, shipment_status_names);
}

template <class Inspector>
bool inspect(Inspector& f, shipment& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("status", x.status),
                            f.field("order", x.order), f.field("style", x.style),
                            f.field("reason", x.reason));
}

decision<shipment> decide(const shipment& state, const book_shipment& command,
                          const decision_context& context);
decision<shipment> decide(const shipment& state, const cancel_shipment& command);
decision<shipment> decide(const shipment& state, const record_booked& command);
decision<shipment> decide(const shipment& state, const record_booking_failed& command);
decision<shipment> decide(const shipment& state, const record_called_off& command);

void evolve(shipment& state, const shipment_requested& event);
void evolve(shipment& state, const shipment_booked& event);
void evolve(shipment& state, const shipment_failing& event);
void evolve(shipment& state, const ship_rejected& event);
void evolve(shipment& state, const shipment_cancelling& event);
void evolve(shipment& state, const shipment_cancelled& event);

std::string_view status_of(const shipment& state);

} // namespace skald
