#include "actors/routing_slip.hpp"

#include "messages/codec.hpp"
#include "slip_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::participation;
using skald::slip_heading;

namespace {

skald::slip_stop stop_at(const std::string& name) {
  return skald::stop_named(name, skald::to<jar>("jar of " + name, reserve{"T", 5, false}))
      .compensated_by(release{"T"})
      .confirmed_by(settle{"T"});
}

skald::routing_slip slip_to(const std::vector<std::string>& names) {
  skald::routing_slip result;
  result.tracking = "T";
  result.originator = {"trip", "T"};
  for (const auto& each : names)
    result.itinerary.push_back(stop_at(each));
  return result;
}

std::vector<std::string> names(const std::vector<skald::slip_stop>& stops) {
  std::vector<std::string> result;
  for (const auto& each : stops)
    result.push_back(each.name);
  return result;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a slip goes from stop to stop and then back to its originator") {
  auto slip = slip_to({"a", "b"});
  REQUIRE(slip.next());
  CHECK(slip.next()->name == "a");
  CHECK(slip.goes_to({"jar", "jar of a"}, "a"));
  CHECK_FALSE(slip.goes_to({"jar", "jar of a"}, "b"));
  CHECK_FALSE(slip.goes_to({"jar", "jar of b"}, "a"));
  slip.pass();
  CHECK(slip.next()->name == "b");
  CHECK(names(slip.log) == strings{"a"});
  slip.pass();
  CHECK_FALSE(slip.next());
  CHECK(slip.goes_to({"trip", "T"}, ""));
  CHECK_FALSE(slip.goes_to({"trip", "U"}, ""));
  CHECK(names(slip.log) == strings{"a", "b"});
  slip.pass(); // there is nothing left to pass
  CHECK(names(slip.log) == strings{"a", "b"});
}

TEST_CASE("a slip that fails goes back the way it came and visits nothing else") {
  auto slip = slip_to({"a", "b", "c", "d"});
  slip.pass();
  slip.pass();
  slip.fail("no room");
  CHECK(slip.heading == slip_heading::compensating);
  CHECK(slip.reason == "no room");
  CHECK(slip.itinerary.empty());
  CHECK(slip.next()->name == "b");
  slip.pass();
  CHECK(slip.next()->name == "a");
  slip.pass();
  CHECK_FALSE(slip.next());
  CHECK(slip.log.empty());
}

TEST_CASE("a slip that is accepted goes back the way it came to be confirmed") {
  auto slip = slip_to({"a", "b"});
  slip.pass();
  slip.pass();
  slip.accept();
  CHECK(slip.next()->name == "b");
  slip.pass();
  CHECK(slip.next()->name == "a");
  slip.pass();
  CHECK_FALSE(slip.next());
}

TEST_CASE("a slip whose stop cannot be undone goes to its originator, with what is left to undo") {
  auto slip = slip_to({"a", "b"});
  slip.pass();
  slip.fail("no room");
  slip.park("stuck");
  CHECK_FALSE(slip.next());
  CHECK(slip.goes_to({"trip", "T"}, ""));
  CHECK(names(slip.log) == strings{"a"});
  CHECK(slip.reason == "stuck");
}

TEST_CASE("the message that brings a slip says what its stop is to do") {
  auto slip = slip_to({"a"});
  const auto forward = skald::sending_of(slip);
  CHECK(forward.to == skald::address{"jar", "jar of a"});
  CHECK(forward.role == participation::step);
  CHECK(forward.step == "a");
  CHECK(forward.command.type == "Reserve");
  CHECK(forward.command.payload == skald::encode(reserve{"T", 5, false}));
  slip.pass();
  const auto back = skald::sending_of(slip);
  CHECK(back.to == skald::address{"trip", "T"});
  CHECK(back.role == participation::none);
  CHECK(back.command.type == "SlipCameBack");
  CHECK(skald::json_of_cbor(back.command.payload)["heading"] == "forward");
  auto accepted = slip;
  accepted.accept();
  CHECK(skald::sending_of(accepted).role == participation::confirm);
  CHECK(skald::sending_of(accepted).command.type == "Settle");
  slip.fail("no room");
  CHECK(skald::sending_of(slip).role == participation::cancel);
  CHECK(skald::sending_of(slip).command.type == "Release");
  const auto recall =
      skald::sending_of(skald::recall_of("T", {"trip", "T"}, "too late", "a", {"jar", "jar of a"}));
  CHECK(recall.to == skald::address{"jar", "jar of a"});
  CHECK(recall.role == participation::cancel);
  CHECK(recall.step == "a");
  CHECK(recall.command.type == "RecallSlip");
}

TEST_CASE("a slip is read as it was written") {
  auto slip = slip_to({"a", "b"});
  slip.itinerary[1].retry = {
      .retries = 7, .delay = 3s, .factor = 1.5, .longest = 9s, .jitter = 0.25};
  slip.pass();
  slip.fail("no room");
  slip.itinerary.push_back(stop_at("c"));
  skald::routing_slip read;
  REQUIRE_FALSE(skald::decode(skald::encode(slip), read));
  CHECK(read.tracking == "T");
  CHECK(read.originator == skald::address{"trip", "T"});
  CHECK(read.heading == slip_heading::compensating);
  CHECK(read.reason == "no room");
  CHECK(names(read.log) == strings{"a"});
  CHECK(names(read.itinerary) == strings{"c"});
  CHECK(read.log[0].at == slip.log[0].at);
  CHECK(read.log[0].command == slip.log[0].command);
  CHECK(read.log[0].compensate == slip.log[0].compensate);
  CHECK(read.log[0].confirm == slip.log[0].confirm);
  CHECK(read.log[0].retry == slip.log[0].retry);
  auto wrong = skald::encode(slip);
  wrong.pop_back();
  CHECK(skald::decode(wrong, read));
}

TEST_CASE("an itinerary must not repeat a name, leave it out, or leave the aggregates") {
  auto slip = slip_to({"a", "b"});
  CHECK_FALSE(slip.itinerary_error());
  slip.pass();
  slip.itinerary.push_back(stop_at("a"));
  CHECK_THAT(slip.itinerary_error().value_or(""), ContainsSubstring("'a'"));
  slip.itinerary.back() = stop_at("");
  CHECK_THAT(slip.itinerary_error().value_or(""), ContainsSubstring("no name"));
  slip.itinerary.back() = stop_at("c");
  slip.itinerary.back().at = {"external", "gateway"};
  CHECK_THAT(slip.itinerary_error().value_or(""), ContainsSubstring("outside"));
}

TEST_CASE("what needs somebody who coordinates is refused of a routing slip") {
  const auto slip = [] {
    return skald::saga<trip>("slip").starts_on<trip_planned>().as_routing_slip();
  };
  const auto send = [](const trip& state) {
    return skald::to<jar>("j", reserve{state.plan.id, 1, false});
  };
  const auto outside = [](const trip& state) {
    return skald::to_external("gateway", reserve{state.plan.id, 1, false});
  };
  CHECK_NOTHROW(slip().step("a").send(send).build());
  CHECK_THROWS_WITH(slip().completes_on<trip_given_up>().build(),
                    ContainsSubstring("without steps"));
  CHECK_THROWS_WITH(slip().step("a").send(send).parallel_step("b").send(send).build(),
                    ContainsSubstring("'b'") && ContainsSubstring("parallel"));
  CHECK_THROWS_WITH(slip().step("a").send(outside).build(), ContainsSubstring("outside"));
  CHECK_THROWS_WITH(slip().step("a").send(send).within(1s).build(), ContainsSubstring("'a'"));
  CHECK_THROWS_WITH(slip().step("a").send(send).may_fail().build(), ContainsSubstring("'a'"));
  CHECK_THROWS_WITH(
      slip().step("a").send(send).on_success([](const trip&) { return note_step{"a"}; }).build(),
      ContainsSubstring("'a'"));
  CHECK_THROWS_WITH(slip()
                        .step("a")
                        .send(send)
                        .choose([](const trip&, const skald::saga_view&) { return strings{"a"}; })
                        .build(),
                    ContainsSubstring("choose"));
}
