#include "actors/test_kit.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/orders.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

using namespace skald;
using namespace std::chrono_literals;

// What the sagas of an order send, and when, whoever answers.

namespace {

using phase = saga_progress::phase;

constexpr auto orchestrated = order_style::orchestrated;
constexpr auto choreographed = order_style::choreographed;
constexpr auto managed = order_style::managed;
constexpr auto by_slip = order_style::slip;

const registry& types() {
  static const registry result = [] {
    registry filled;
    host_orders(filled, {});
    return filled;
  }();
  return result;
}

place_order placement(order_style style, std::int64_t quantity = 2, minor_units amount = {500}) {
  return {"P", quantity, amount, "4242", style, 5'000, std::nullopt};
}

saga_scenario placed(const place_order& what) {
  saga_scenario result{types(), {"order", "O"}};
  result.when(what);
  return result;
}

const address stock_of_p{"product", "P"};
const address payment_of_o{"payment", "O"};

std::string reserve(order_style style, std::int64_t quantity = 2) {
  return sent("reserve stock", "step", reserve_stock{"O", quantity, style}, stock_of_p);
}

std::string put_back() {
  return sent("reserve stock", "cancel", put_stock_back{"O"}, stock_of_p);
}

std::string authorise(order_style style, minor_units amount = {500}) {
  return sent("authorise payment", "step", authorise_payment{"O", "4242", amount, style},
              payment_of_o);
}

std::string refund() {
  return sent("authorise payment", "cancel", refund_payment{"O"}, payment_of_o);
}

std::string book(order_style style, const std::string& step, const std::string& id) {
  return sent(step, "step", book_shipment{"O", style}, {"shipment", id});
}

std::string call_off(const std::string& step, const std::string& id) {
  return sent(step, "cancel", cancel_shipment{"O"}, {"shipment", id});
}

} // namespace

TEST_CASE("an orchestrated order reserves stock, authorises the payment, books the shipment") {
  auto order_saga = placed(placement(orchestrated));
  order_saga.then_sends({reserve(orchestrated)});
  order_saga.when_succeeded("reserve stock")
      .then(order_stock_reserved{})
      .then_sends({authorise(orchestrated)});
  order_saga.when_succeeded("authorise payment")
      .then(order_paid{})
      .then_sends({book(orchestrated, "book shipment", "O")});
  order_saga.when_succeeded("book shipment")
      .then(order_completed{"O", "P", orchestrated})
      .then_is(phase::confirming);
}

TEST_CASE("a shipment that is rejected is answered by refund, stock put back, order cancelled") {
  auto order_saga = placed(placement(orchestrated));
  order_saga.when_succeeded("reserve stock").when_succeeded("authorise payment");
  order_saga.when_failed("book shipment", "no van is free")
      .then(order_failing{"no van is free"})
      .then_sends({refund()});
  order_saga.when_succeeded("authorise payment").then().then_sends({put_back()});
  order_saga.when_succeeded("reserve stock")
      .then(order_cancelled{"O", "P", orchestrated, "no van is free"})
      .then_is(phase::compensated);
}

TEST_CASE("a payment that fails is answered by stock put back, order cancelled") {
  auto order_saga = placed(placement(orchestrated));
  order_saga.when_succeeded("reserve stock");
  order_saga.when_failed("authorise payment", "declined")
      .then(order_failing{"declined"})
      .then_sends({put_back()});
  order_saga.when_succeeded("reserve stock")
      .then(order_cancelled{"O", "P", orchestrated, "declined"})
      .then_is(phase::compensated);
}

TEST_CASE("an order without stock is cancelled at once") {
  placed(placement(orchestrated))
      .when_failed("reserve stock", "sold out")
      .then(order_failing{"sold out"}, order_cancelled{"O", "P", orchestrated, "sold out"})
      .then_sends_nothing()
      .then_is(phase::compensated);
}

TEST_CASE("the deadline of an order cancels what is unknown and undoes what is known, also after a "
          "crash") {
  auto order_saga = placed(placement(orchestrated));
  order_saga.when_succeeded("reserve stock");
  order_saga.when_restarted();
  order_saga.when_time_passes(6s).then_sends({refund(), put_back()}).then_is(phase::compensating);
  // The charge that comes after its cancel changes nothing.
  order_saga.when_answered("authorise payment", "AuthorisePayment", true).then_sends_nothing();
}

TEST_CASE(
    "a choreographed order is only watched: its saga sends nothing, and its deadline cancels") {
  auto order_saga = placed(placement(choreographed));
  order_saga.then_sends_nothing().then_is(phase::running);
  order_saga.when_time_passes(6s).then_sends_nothing().then_is(phase::compensated);
}

TEST_CASE("a small managed order is not checked for fraud and ships in one part") {
  auto order_saga = placed(placement(managed));
  order_saga.then_sends({reserve(managed)});
  order_saga.when_succeeded("reserve stock").then_sends({authorise(managed)});
  order_saga.when_succeeded("authorise payment")
      .then_sends({book(managed, "book shipment#1", "O-1")});
  order_saga.when_succeeded("book shipment#1")
      .then(order_completed{"O", "P", managed})
      .then_is(phase::confirming);
}

TEST_CASE("a large managed order waits for stock and the fraud check, whichever is first") {
  const minor_units large{500'00};
  const auto check = sent("check fraud", "step", check_fraud{"O", "4242", large}, payment_of_o);
  auto order_saga = placed(placement(managed, 2, large));
  order_saga.then_sends({reserve(managed), check});
  order_saga.when_succeeded("check fraud").then_sends_nothing();
  order_saga.when_succeeded("reserve stock").then_sends({authorise(managed, large)});
}

TEST_CASE("a managed order of many pieces ships in two parts at once, and waits for both") {
  auto order_saga = placed(placement(managed, 3));
  order_saga.when_succeeded("reserve stock");
  order_saga.when_succeeded("authorise payment")
      .then_sends(
          {book(managed, "book shipment#1", "O-1"), book(managed, "book shipment#2", "O-2")});
  order_saga.when_succeeded("book shipment#2").then_sends_nothing().then_is(phase::running);
  order_saga.when_succeeded("book shipment#1").then_is(phase::confirming);
}

TEST_CASE("when one part of a managed shipment is rejected, the other is called off") {
  auto order_saga = placed(placement(managed, 3));
  order_saga.when_succeeded("reserve stock").when_succeeded("authorise payment");
  order_saga.when_failed("book shipment#2", "no van is free")
      .then_sends({call_off("book shipment#1", "O-1"), refund()})
      .then_is(phase::compensating);
}

TEST_CASE("an order by slip sends one message, and at its deadline a recall after it") {
  auto order_saga = placed(placement(by_slip));
  order_saga.then_sends({reserve(by_slip)}).then_is(phase::running);
  order_saga.when_restarted().then_sends({reserve(by_slip)});
  order_saga.when_time_passes(6s)
      .then_sends({R"(reserve stock: cancel RecallSlip {"heading":"recalling","reason":)"
                   R"("the deadline passed before the transaction was complete"} to product/P)"})
      .then_is(phase::compensating);
}
