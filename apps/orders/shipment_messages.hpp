#pragma once

#include "apps/orders/order_style.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skald {

// Commands.

struct book_shipment {
  static constexpr std::string_view type_name = "BookShipment";
  static constexpr bool is_internal = true;
  std::string order;
  order_style style = order_style::orchestrated;
};

/// Nothing is to be shipped, whatever has happened so far.
struct cancel_shipment {
  static constexpr std::string_view type_name = "CancelShipment";
  static constexpr bool is_internal = true;
  std::string order;
};

struct record_booked {
  static constexpr std::string_view type_name = "RecordBooked";
  static constexpr bool is_internal = true;
};

struct record_booking_failed {
  static constexpr std::string_view type_name = "RecordBookingFailed";
  static constexpr bool is_internal = true;
  std::string reason;
};

/// The carrier ships nothing of it.
struct record_called_off {
  static constexpr std::string_view type_name = "RecordCalledOff";
  static constexpr bool is_internal = true;
};

// Events.

/// The carrier is asked; how that ended a later event tells.
/// Before orders had styles.
struct shipment_requested_v1 {
  std::string shipment;
  std::string order;
};

struct shipment_requested {
  static constexpr std::string_view type_name = "ShipmentRequested";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = shipment_requested_v1;
  static constexpr bool is_pending = true;
  std::string shipment;
  std::string order;
  order_style style = order_style::orchestrated;
};

inline shipment_requested upcast(const shipment_requested_v1& x) {
  return {x.shipment, x.order, order_style::orchestrated};
}

struct shipment_booked {
  static constexpr std::string_view type_name = "ShipmentBooked";
  std::string shipment;
  std::string order;
  order_style style = order_style::orchestrated;
};

/// The carrier has not taken it as far as one can see. Should it take it after all, it is called
/// off.
struct shipment_failing {
  static constexpr std::string_view type_name = "ShipmentFailing";
  static constexpr bool is_pending = true;
  std::string order;
  std::string reason;
};

struct ship_rejected {
  static constexpr std::string_view type_name = "ShipRejected";
  static constexpr bool is_failure = true;
  std::string order;
  std::string reason;
  order_style style = order_style::orchestrated;
};

struct shipment_cancelling {
  static constexpr std::string_view type_name = "ShipmentCancelling";
  static constexpr bool is_pending = true;
  std::string order;
};

struct shipment_cancelled {
  static constexpr std::string_view type_name = "ShipmentCancelled";
  std::string order;
};

template <class Inspector>
bool inspect(Inspector& f, book_shipment& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, cancel_shipment& x) {
  return f.object(x).fields(f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, record_booked& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_booking_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, record_called_off& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, shipment_requested_v1& x) {
  return f.object(x).fields(f.field("shipment", x.shipment), f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, shipment_requested& x) {
  return f.object(x).fields(f.field("shipment", x.shipment), f.field("order", x.order),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, shipment_booked& x) {
  return f.object(x).fields(f.field("shipment", x.shipment), f.field("order", x.order),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, shipment_failing& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, ship_rejected& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("reason", x.reason),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, shipment_cancelling& x) {
  return f.object(x).fields(f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, shipment_cancelled& x) {
  return f.object(x).fields(f.field("order", x.order));
}

} // namespace skald
