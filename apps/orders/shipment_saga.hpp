#pragma once

#include "actors/retry_policy.hpp"
#include "actors/saga.hpp"
#include "apps/orders/shipment.hpp"

#include <string>
#include <string_view>

namespace skald {

/// The name of the external participant that moves the parcels.
inline constexpr std::string_view carrier_name = "carrier";

// What it is asked.

struct take_parcel {
  static constexpr std::string_view type_name = "TakeParcel";
  std::string shipment;
};

struct call_off_parcel {
  static constexpr std::string_view type_name = "CallOffParcel";
  std::string shipment;
};

template <class Inspector>
bool inspect(Inspector& f, take_parcel& x) {
  return f.object(x).fields(f.field("shipment", x.shipment));
}

template <class Inspector>
bool inspect(Inspector& f, call_off_parcel& x) {
  return f.object(x).fields(f.field("shipment", x.shipment));
}

/// Has the carrier take the parcel, and waits no longer than `patience` for it.
saga<shipment> booking_saga(const retry_policy& policy, duration patience);

/// Calls a parcel off that the carrier has taken.
saga<shipment> call_off_saga();

} // namespace skald
