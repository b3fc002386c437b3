#include "apps/orders/payment.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace skald;

namespace {

constexpr auto orchestrated = order_style::orchestrated;

const authorise_payment authorise{"O-1", "4242", {500}, orchestrated};
const payment_requested requested{"O-1", "4242", {500}, orchestrated};
const payment_authorised authorised{"O-1", {500}, orchestrated};
const payment_voiding voiding{"O-1", "declined"};
const payment_failed failed{"O-1", {500}, "declined", orchestrated};
const payment_refunding refunding{"O-1", {500}};
const payment_refunded refunded{"O-1", {500}};

} // namespace

TEST_CASE("a payment is asked for, then authorised") {
  given<payment>().when(authorise).then(requested);
  const auto done = given<payment>(requested).when(record_charged{}).then(authorised);
  CHECK(done.erased().status() == "authorised");
}

TEST_CASE("a payment is asked for once") {
  given<payment>(requested).when(authorise).then_rejected("already");
  given<payment>(requested, authorised, refunding, refunded)
      .when(authorise)
      .then_rejected("already");
}

TEST_CASE("a charge that fails is voided before the payment has failed") {
  given<payment>(requested).when(record_charge_failed{"declined"}).then(voiding);
  const auto done = given<payment>(requested, voiding).when(record_uncharged{}).then(failed);
  CHECK(done.erased().status() == "failed");
}

TEST_CASE("a payment is refunded whether its charge is known, under way or being voided") {
  given<payment>(requested, authorised).when(refund_payment{"O-1"}).then(refunding);
  given<payment>(requested).when(refund_payment{"O-1"}).then(refunding);
  given<payment>(requested, voiding).when(refund_payment{"O-1"}).then(refunding);
  given<payment>(requested, refunding).when(record_uncharged{}).then(refunded);
}

TEST_CASE("there is nothing to refund of a payment that failed or was refunded") {
  given<payment>().when(refund_payment{"O-1"}).then();
  given<payment>(requested, voiding, failed).when(refund_payment{"O-1"}).then();
  given<payment>(requested, refunding, refunded).when(refund_payment{"O-1"}).then();
}

TEST_CASE("a charge that succeeds while it is refunded does not authorise the payment") {
  given<payment>(requested, refunding).when(record_charged{}).then();
}

TEST_CASE("a refund that the gateway refuses leaves the payment authorised, to be refunded again") {
  const refund_failed refused{"O-1", "no refunds today"};
  const auto left = given<payment>(requested, authorised, refunding)
                        .when(record_refund_failed{"no refunds today"})
                        .then(refused);
  CHECK(left.erased().status() == "authorised");
  given<payment>(requested, authorised, refunding, refused)
      .when(refund_payment{"O-1"})
      .then(refunding);
}

TEST_CASE("a stolen card is suspected of fraud, another is cleared") {
  given<payment>().when(check_fraud{"O-1", "4242", {500}}).then(fraud_cleared{"O-1", {500}});
  given<payment>()
      .when(check_fraud{"O-1", std::string{stolen_card}, {500}})
      .then(fraud_suspected{"O-1", {500}, "the card was reported stolen"});
}

TEST_CASE("a payment needs an order, a card and an amount") {
  given<payment>().when(authorise_payment{"", "4242", {500}, orchestrated}).then_rejected("order");
  given<payment>().when(authorise_payment{"O-1", "", {500}, orchestrated}).then_rejected("card");
  given<payment>().when(authorise_payment{"O-1", "4242", {}, orchestrated}).then_rejected("amount");
  given<payment>().when(check_fraud{"O-1", "4242", {-1}}).then_rejected("amount");
}
