#include "apps/orders/shipment.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace skald;

namespace {

constexpr auto orchestrated = order_style::orchestrated;
const char* const self = scenario<shipment>::self;

const shipment_requested requested{self, "O-1", orchestrated};
const shipment_booked booked{self, "O-1", orchestrated};
const shipment_failing failing{"O-1", "no van is free"};
const ship_rejected rejected{"O-1", "no van is free", orchestrated};
const shipment_cancelling cancelling{"O-1"};
const shipment_cancelled cancelled{"O-1"};

} // namespace

TEST_CASE("a shipment is asked for, then booked") {
  given<shipment>().when(book_shipment{"O-1", orchestrated}).then(requested);
  const auto done = given<shipment>(requested).when(record_booked{}).then(booked);
  CHECK(done.erased().status() == "booked");
}

TEST_CASE("a shipment is asked for once, for an order") {
  given<shipment>(requested).when(book_shipment{"O-1", orchestrated}).then_rejected("already");
  given<shipment>().when(book_shipment{"", orchestrated}).then_rejected("order");
}

TEST_CASE("a booking that fails is called off before the shipment is rejected") {
  given<shipment>(requested).when(record_booking_failed{"no van is free"}).then(failing);
  const auto done = given<shipment>(requested, failing).when(record_called_off{}).then(rejected);
  CHECK(done.erased().status() == "rejected");
}

TEST_CASE("a shipment is cancelled whether it is booked, asked for or failing") {
  given<shipment>(requested, booked).when(cancel_shipment{"O-1"}).then(cancelling);
  given<shipment>(requested).when(cancel_shipment{"O-1"}).then(cancelling);
  given<shipment>(requested, failing).when(cancel_shipment{"O-1"}).then(cancelling);
  given<shipment>(requested, cancelling).when(record_called_off{}).then(cancelled);
}

TEST_CASE("there is nothing to cancel of a shipment that was rejected or cancelled") {
  given<shipment>().when(cancel_shipment{"O-1"}).then();
  given<shipment>(requested, failing, rejected).when(cancel_shipment{"O-1"}).then();
  given<shipment>(requested, cancelling, cancelled).when(cancel_shipment{"O-1"}).then();
}

TEST_CASE("a carrier that takes the parcel while it is cancelled does not book it") {
  given<shipment>(requested, cancelling).when(record_booked{}).then();
}
