#pragma once

#include "actors/registry.hpp"
#include "actors/retry_policy.hpp"
#include "apps/orders/carrier.hpp"
#include "apps/orders/gateway_client.hpp"

#include <chrono>
#include <functional>

namespace skald {

/// The world that orders live in.
struct orders_world {
  /// Says where the payment gateway is. Asked once, when it is called for the first time. Missing:
  /// nobody is called, so that payments wait for a runtime that knows a gateway.
  std::function<gateway_settings()> gateway;
  carrier parcels = reliable_carrier();

  /// How calls of the gateway and the carrier that fail for now are tried again.
  retry_policy retry{.jitter = 0.1};

  /// How long the carrier's answer is waited for.
  duration carrier_patience = std::chrono::seconds{5};

  /// How many calls of each may be under way at once.
  unsigned calls_max = 8;
};

/// Hosts orders, products, payments and shipments, with the sagas and handlers that lead an order
/// from one to the other, and the gateway and the carrier as external participants.
void host_orders(registry& types, const orders_world& world);

} // namespace skald
