#pragma once

#include "actors/saga.hpp"
#include "apps/orders/order.hpp"

namespace skald {

/// Fulfils an order by a routing slip: the product, the payment and the shipment pass it on.
saga<order> order_slip();

} // namespace skald
