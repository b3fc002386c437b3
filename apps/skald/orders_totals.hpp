#pragma once

#include "actors/runtime.hpp"
#include "apps/orders/gateway_client.hpp"
#include "apps/orders/orders_invariant.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace skald {

/// What a store of orders and the payment gateway add up to.
struct orders_totals {
  orders_invariant::counts books;
  std::map<std::string, std::uint64_t> reasons; ///< why orders were cancelled
  std::map<std::string, std::string> parked;    ///< by who hosts the saga: why
  std::uint64_t open_sagas = 0;                 ///< without the parked ones
  std::uint64_t locks = 0;                      ///< aggregates that a saga holds
  gateway_totals gateway;
  std::vector<std::string> findings; ///< what does not add up
};

/// Waits until every saga of the store has ended or is parked, but no longer than `limit`. Returns
/// whether that is so.
bool wait_for_sagas(runtime& target, duration limit);

/// Reads the whole journal, looks at every aggregate and asks the gateway. Nothing may be under
/// way.
/// @throws store_error if the journal is damaged; std::runtime_error if the gateway is silent.
orders_totals total_up_orders(runtime& target, const gateway_client& gateway);

} // namespace skald
