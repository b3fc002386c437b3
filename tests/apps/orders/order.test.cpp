#include "apps/orders/order.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace skald;

namespace {

constexpr auto orchestrated = order_style::orchestrated;
constexpr auto choreographed = order_style::choreographed;
const char* const self = scenario<order>::self;

place_order placement() {
  return {"P-1", 2, {500}, "4242", std::nullopt, std::nullopt, std::nullopt};
}

order_placed placed(order_style style) {
  return {self, "P-1", 2, {500}, "4242", style, 30'000, ""};
}

order_completed completed(order_style style) {
  return {self, "P-1", style};
}

order_cancelled cancelled(order_style style) {
  return {self, "P-1", style, "why"};
}

template <class... Es>
std::string status_after(const Es&... past) {
  return std::string{given<order>(past...).erased().status()};
}

} // namespace

TEST_CASE(
    "an order is placed once, orchestrated and within half a minute unless it says otherwise") {
  given<order>().when(placement()).then(placed(orchestrated));
  given<order>(placed(orchestrated)).when(placement()).then_rejected("exists already");
  auto other = placement();
  other.style = choreographed;
  other.deadline_ms = 100;
  other.purchased_at = "2017-10-02 10:56:33";
  given<order>().when(other).then(
      order_placed{self, "P-1", 2, {500}, "4242", choreographed, 100, "2017-10-02 10:56:33"});
}

TEST_CASE("an order needs a product, a quantity, an amount, a card and a sensible deadline") {
  const auto refused = [](auto change, const char* why) {
    auto wrong = placement();
    change(wrong);
    given<order>().when(wrong).then_rejected(why);
  };
  refused([](place_order& x) { x.product = ""; }, "product");
  refused([](place_order& x) { x.quantity = 0; }, "quantity");
  refused([](place_order& x) { x.amount = {0}; }, "amount");
  refused([](place_order& x) { x.card = ""; }, "card");
  refused([](place_order& x) { x.deadline_ms = 0; }, "deadline");
}

TEST_CASE("an order shows its soft state all the way") {
  const auto start = placed(orchestrated);
  CHECK(status_after() == "unknown");
  CHECK(status_after(start) == "received");
  CHECK(status_after(start, order_stock_reserved{}) == "stock reserved");
  CHECK(status_after(start, order_stock_reserved{}, order_payment_pending{}) == "payment pending");
  CHECK(status_after(start, order_stock_reserved{}, order_payment_pending{}, order_paid{}) ==
        "paid");
  CHECK(status_after(start, order_stock_reserved{}, order_paid{}, order_shipping{}) == "shipping");
  CHECK(status_after(start, order_failing{"why"}) == "cancelling");
  CHECK(status_after(start, completed(orchestrated)) == "completed");
  const auto over = given<order>(start, order_failing{"why"}, cancelled(orchestrated));
  CHECK(over.erased().status() == "cancelled");
  CHECK(over.state().reason == "why");
}

TEST_CASE("an order that ships before it is paid shows that it is not paid yet") {
  CHECK(status_after(placed(choreographed), order_shipping{}) == "received");
  CHECK(status_after(placed(choreographed), order_shipping{}, order_payment_pending{}) ==
        "payment pending");
}

TEST_CASE("a choreographed order completes with the report that was missing, whichever it is") {
  const auto start = placed(choreographed);
  const auto end = completed(choreographed);
  given<order>(start, order_paid{}, order_shipped{})
      .when(record_stock_reserved{})
      .then(order_stock_reserved{}, end);
  given<order>(start, order_stock_reserved{}, order_shipped{})
      .when(record_paid{})
      .then(order_paid{}, end);
  given<order>(start, order_stock_reserved{}, order_paid{})
      .when(record_shipped{})
      .then(order_shipped{}, end);
  given<order>(start, order_stock_reserved{}).when(record_paid{}).then(order_paid{});
}

TEST_CASE("an order that is led completes when its leader says so") {
  const auto start = placed(orchestrated);
  given<order>(start, order_stock_reserved{}, order_paid{})
      .when(record_shipped{})
      .then(order_shipped{});
  given<order>(start).when(complete_order{}).then(completed(orchestrated));
  given<order>(start, completed(orchestrated)).when(complete_order{}).then();
  given<order>(start, order_failing{"why"}).when(complete_order{}).then_rejected("cancelled: why");
}

TEST_CASE("an order that could not be paid is deleted once it is cancelled") {
  const auto start = placed(orchestrated);
  given<order>(start)
      .when(record_payment_failed{"declined"})
      .then(order_payment_failed{"declined"});
  CHECK_FALSE(given<order>(start, order_payment_failed{"declined"}).erased().deleted());
  CHECK(given<order>(start, order_payment_failed{"declined"}, cancelled(orchestrated))
            .erased()
            .deleted());
  CHECK(given<order>(start, cancelled(orchestrated), order_payment_failed{"declined"})
            .erased()
            .deleted());
  CHECK_FALSE(given<order>(start, cancelled(orchestrated)).erased().deleted());
}

TEST_CASE("the failed payment of a choreographed order cancels it") {
  given<order>(placed(choreographed))
      .when(record_payment_failed{"why"})
      .then(order_payment_failed{"why"}, cancelled(choreographed));
  given<order>(placed(choreographed), cancelled(choreographed))
      .when(record_payment_failed{"why"})
      .then(order_payment_failed{"why"});
}

TEST_CASE("what comes after the end of an order changes nothing") {
  const auto check = [](const auto& end) {
    const auto past = [&] { return given<order>(placed(choreographed), end); };
    past().when(record_stock_reserved{}).then();
    past().when(record_payment_pending{}).then();
    past().when(record_paid{}).then();
    past().when(record_shipping{}).then();
    past().when(record_shipped{}).then();
    past().when(fail_order{"late"}).then();
    past().when(cancel_order{"late"}).then();
  };
  check(completed(choreographed));
  check(cancelled(choreographed));
}

TEST_CASE("reports about an order that was never placed are refused") {
  given<order>().when(record_stock_reserved{}).then_rejected("no such order");
  given<order>().when(record_payment_pending{}).then_rejected("no such order");
  given<order>().when(record_paid{}).then_rejected("no such order");
  given<order>().when(record_payment_failed{"why"}).then_rejected("no such order");
  given<order>().when(record_shipping{}).then_rejected("no such order");
  given<order>().when(record_shipped{}).then_rejected("no such order");
  given<order>().when(complete_order{}).then_rejected("no such order");
  given<order>().when(fail_order{"why"}).then_rejected("no such order");
  given<order>().when(cancel_order{"why"}).then_rejected("no such order");
}
