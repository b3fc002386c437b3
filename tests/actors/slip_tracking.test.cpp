#include "actors/slip_tracking.hpp"

#include "slip_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>

using namespace sample;

TEST_CASE("a tracking number finds its slip on its way, at a pending stop and at home") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(
      [](const skald::delivery& each) { return step_to(each, "clerk"); });
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  CHECK_FALSE(skald::find_slip(x.journal->log, "T"));
  auto answer = x.book(x.planning("clerk"));
  auto other = x.book(x.planning("h", 1, "U"));
  REQUIRE(gate->wait_for_held());
  CHECK(await(std::move(other))->accepted);
  x.settle();
  auto place = skald::find_slip(x.journal->log, "T");
  REQUIRE(place);
  CHECK(place->at == skald::address{"clerk", "clerk"});
  CHECK(place->is_under_way);
  REQUIRE(place->slip);
  CHECK(place->slip->log.size() == 1);
  CHECK(place->slip->itinerary.size() == 2);
  gate->open();
  x.host->let_go();
  x.eventually([&] { return x.state<clerk>("clerk").requests.contains("T"); });
  place = skald::find_slip(x.journal->log, "T");
  REQUIRE(place);
  CHECK(place->at == skald::address{"clerk", "clerk"});
  CHECK_FALSE(place->is_under_way);
  CHECK(x.tell("CancelSaga", "enough")->accepted);
  CHECK_FALSE(await(std::move(answer))->accepted);
  x.settle();
  place = skald::find_slip(x.journal->log, "T");
  REQUIRE(place);
  CHECK(place->at == skald::address{"trip", "T"});
  CHECK_FALSE(place->is_under_way);
  CHECK_FALSE(place->slip);
}
