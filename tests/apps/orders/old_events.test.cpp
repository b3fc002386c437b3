#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string_view>

using namespace skald;

namespace {

/// An aggregate that has stored `bytes` as version 1 of the event `type`, before orders had styles.
template <class A>
A after_stored(std::string_view type, std::string_view bytes) {
  typed_aggregate_state<A> state;
  const auto wrong = state.evolve(type, 1, as_bytes(bytes));
  INFO(wrong.value_or(""));
  REQUIRE_FALSE(wrong);
  return state.get();
}

} // namespace

TEST_CASE("an order that was stored before there were styles is orchestrated") {
  const auto state = after_stored<order>(
      "OrderPlaced", "\xa7\x65order\x63O-1\x67product\x63P-1\x68quantity\x02\x66"
                     "amount\x19\x01\xf4\x64"
                     "card\x64"
                     "4242\x6b"
                     "deadline_ms\x19\x13\x88\x6cpurchased_at\x60");
  CHECK(state.product == "P-1");
  CHECK(state.quantity == 2);
  CHECK(state.amount == minor_units{500});
  CHECK(state.style == order_style::orchestrated);
}

TEST_CASE("a reservation that was stored before there were styles still holds stock") {
  typed_aggregate_state<product> state;
  REQUIRE_FALSE(state.evolve("StockAdded", 1, encode(stock_added{5})));
  REQUIRE_FALSE(state.evolve("StockReserved", 1, as_bytes("\xa2\x65order\x63O-1\x68quantity\x02")));
  CHECK(state.get().in_stock == 3);
  CHECK(state.get().reserved == 2);
}

TEST_CASE("a payment that was stored before there were styles is still pending") {
  const auto state = after_stored<payment>("PaymentRequested", "\xa3\x65order\x63O-1\x64"
                                                               "card\x64"
                                                               "4242\x66"
                                                               "amount\x19\x01\xf4");
  CHECK(state.amount == minor_units{500});
  CHECK(status_of(state) == "pending");
}

TEST_CASE("a shipment that was stored before there were styles is still asked for") {
  const auto state =
      after_stored<shipment>("ShipmentRequested", "\xa2\x68shipment\x63S-1\x65order\x63O-1");
  CHECK(state.order == "O-1");
  CHECK(status_of(state) == "pending");
}
