#pragma once

#include "actors/saga.hpp"
#include "apps/orders/order.hpp"

namespace skald {

/// Watches over a choreographed order: handlers carry it, this cancels it when its deadline passes.
saga<order> order_coordinator();

} // namespace skald
