#pragma once

#include "actors/saga.hpp"
#include "apps/orders/order.hpp"

namespace skald {

/// An order of more than this is checked for fraud before it is paid.
inline constexpr minor_units fraud_limit{300'00};

/// An order of more pieces than this ships in two parts.
inline constexpr std::int64_t parcel_quantity_max = 2;

/// Leads a managed order: chooses the next steps from the order and from the results so far. Stock
/// is reserved while a large order is checked for fraud; a split order ships in two parts at once.
saga<order> order_manager();

} // namespace skald
