#include "apps/orders/order_handlers.hpp"

#include "actors/test_kit.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace skald;

namespace {

constexpr auto orchestrated = order_style::orchestrated;
constexpr auto choreographed = order_style::choreographed;

const order_placed placed{"O", "P", 2, {500}, "4242", choreographed, 5'000, ""};
const order_completed completed{"O", "P", choreographed};
const order_cancelled cancelled{"O", "P", choreographed, "why"};

template <class A, event_of<A> E>
std::vector<command_message_ptr> reactions(const reactor& handler, const E& event) {
  published_event published;
  published.at = 17;
  published.from = {std::string{A::type_name}, "any"};
  published.correlation = "O";
  published.turn = 3;
  published.event = {std::string{E::type_name}, schema_version_of<E>(), encode(event)};
  return handler.react(published);
}

// `ReserveStock {...} to product/P, as step 'reserve stock'`.
template <class A, event_of<A> E>
std::string reaction_to(const reactor& handler, const E& event) {
  const auto sent = reactions<A>(handler, event);
  if (sent.empty())
    return "";
  REQUIRE(sent.size() == 1);
  const auto& message = *sent.front();
  CHECK(message.correlation == "O");
  const auto what =
      message.type.empty() ? std::string{"release"} : written(message.type, message.payload);
  switch (message.role) {
  case participation::step:
    return what + " to " + to_string(message.to) + ", as step '" + message.step + "'";
  case participation::confirm:
    return what + " to " + to_string(message.to) + ", confirms '" + message.step + "'";
  case participation::cancel:
    return what + " to " + to_string(message.to) + ", cancels '" + message.step + "'";
  default:
    return what + " to " + to_string(message.to);
  }
}

} // namespace

TEST_CASE("a choreographed order starts stock, payment and shipment, each by its handler") {
  CHECK(reaction_to<order>(stock_handler(), placed) ==
        written(reserve_stock{"O", 2, choreographed}) + " to product/P, as step 'reserve stock'");
  CHECK(reaction_to<order>(payment_handler(), placed) ==
        written(authorise_payment{"O", "4242", {500}, choreographed}) +
            " to payment/O, as step 'authorise payment'");
  CHECK(reaction_to<order>(shipment_handler(), placed) ==
        written(book_shipment{"O", choreographed}) + " to shipment/O, as step 'book shipment'");
}

TEST_CASE("each participant of a choreographed order that is cancelled undoes its part") {
  CHECK(reaction_to<order>(stock_handler(), cancelled) ==
        written(put_stock_back{"O"}) + " to product/P, cancels 'reserve stock'");
  CHECK(reaction_to<order>(payment_handler(), cancelled) ==
        written(refund_payment{"O"}) + " to payment/O, cancels 'authorise payment'");
  CHECK(reaction_to<order>(shipment_handler(), cancelled) ==
        written(cancel_shipment{"O"}) + " to shipment/O, cancels 'book shipment'");
}

TEST_CASE("each participant of a choreographed order that is completed is released") {
  CHECK(reaction_to<order>(stock_handler(), completed) ==
        written(sell_stock{"O"}) + " to product/P, confirms 'reserve stock'");
  CHECK(reaction_to<order>(payment_handler(), completed) ==
        "release to payment/O, confirms 'authorise payment'");
  CHECK(reaction_to<order>(shipment_handler(), completed) ==
        "release to shipment/O, confirms 'book shipment'");
}

TEST_CASE("the order handler tells a choreographed order what has become of its parts") {
  const auto handler = order_handler();
  CHECK(reaction_to<product>(handler, stock_reserved{"O", 2, choreographed}) ==
        written(record_stock_reserved{}) + " to order/O");
  CHECK(reaction_to<payment>(handler, payment_authorised{"O", {500}, choreographed}) ==
        written(record_paid{}) + " to order/O");
  CHECK(reaction_to<shipment>(handler, shipment_booked{"O", "O", choreographed}) ==
        written(record_shipped{}) + " to order/O");
  CHECK(reaction_to<product>(handler, stock_refused{"O", 2, "why", choreographed}) ==
        written(cancel_order{"why"}) + " to order/O");
  CHECK(reaction_to<shipment>(handler, ship_rejected{"O", "why", choreographed}) ==
        written(cancel_order{"why"}) + " to order/O");
}

TEST_CASE("the order watcher tells an order of any style what its participants are busy with") {
  for (const auto style : {orchestrated, choreographed}) {
    const auto watcher = order_watcher();
    CHECK(reaction_to<payment>(watcher, payment_requested{"O", "4242", {500}, style}) ==
          written(record_payment_pending{}) + " to order/O");
    CHECK(reaction_to<payment>(watcher, payment_failed{"O", {500}, "why", style}) ==
          written(record_payment_failed{"why"}) + " to order/O");
    CHECK(reaction_to<shipment>(watcher, shipment_requested{"O-1", "O", style}) ==
          written(record_shipping{}) + " to order/O");
  }
}

TEST_CASE("the handlers of the choreography pass over orders that somebody leads") {
  auto led = placed;
  led.style = orchestrated;
  CHECK(reactions<order>(stock_handler(), led).empty());
  CHECK(reactions<order>(payment_handler(), led).empty());
  CHECK(reactions<order>(shipment_handler(), led).empty());
  CHECK(reactions<product>(order_handler(), stock_refused{"O", 2, "why", orchestrated}).empty());
  CHECK(reactions<order>(stock_handler(), order_cancelled{"O", "P", orchestrated, "why"}).empty());
}
