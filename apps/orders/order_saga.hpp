#pragma once

#include "actors/saga.hpp"
#include "apps/orders/order.hpp"

namespace skald {

/// Leads an orchestrated order: stock, payment, shipment, one after another.
saga<order> order_saga();

} // namespace skald
