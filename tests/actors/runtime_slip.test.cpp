#include "slip_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <memory>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::participation;

TEST_CASE("a slip goes to three stops, and back to make what they did final") {
  slip_fixture x;
  x.start_with_jars();
  const auto answer = await(x.book(x.planning()));
  INFO(answer->reason);
  CHECK(answer->accepted);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.story() ==
        strings{"f Reserved", "h Reserved", "c Reserved", "c Settled", "h Settled", "f Settled"});
  CHECK(x.state<trip>("T").noted == strings{"all"});
  // The tracking number stands in every record of the journey, and nowhere else.
  CHECK(x.count_records([](const skald::record& stored) {
    const bool is_filling = stored.stream.type == "jar" && stored.input_type == "Put";
    return (stored.correlation == "T") == is_filling;
  }) == 0);
}

TEST_CASE("the participants of a slip pass it on themselves") {
  slip_fixture x;
  x.start_with_jars();
  REQUIRE(await(x.book(x.planning()))->accepted);
  x.settle();
  strings senders;
  x.journal->each_record([&](const skald::record& stored) {
    if (stored.role == participation::step)
      senders.push_back(std::string{stored.source.id} + " to " + std::string{stored.stream.id});
  });
  CHECK(senders == strings{"T to f", "f to h", "h to c"});
}

TEST_CASE(
    "a stop that fails turns the slip round, and exactly what was done is undone in reverse") {
  const std::string fails = GENERATE(as<std::string>{}, "f", "h", "c");
  slip_fixture x;
  x.start_with_jars();
  REQUIRE(x.ask<jar>(fails, reserve{"other", 10, false})->accepted);
  const auto answer = await(x.book(x.planning()));
  CHECK_FALSE(answer->accepted);
  CHECK(answer->reason == "not enough tokens");
  x.settle();
  const strings forward{"f", "h", "c"};
  strings expected;
  for (const auto& each : forward) {
    if (each == fails)
      break;
    expected.push_back(each + " Reserved");
  }
  auto done = expected;
  expected.push_back(fails + " ReserveFailed");
  for (auto i = done.size(); i-- > 0;)
    expected.push_back(forward[i] + " Released");
  CHECK(x.story() == expected);
  for (const auto& each : all_jars)
    CHECK(x.show<jar>(each).in_saga.empty());
  CHECK(x.state<trip>("T").reason == "not enough tokens");
}

TEST_CASE("a stop that refuses, that throws or that is not there turns the slip round") {
  slip_fixture x;
  x.start_with_jars();
  std::string part;
  auto plan = x.planning();
  SECTION("it is deleted") {
    REQUIRE(x.ask<jar>("c", smash{})->accepted);
    part = "deleted";
  }
  SECTION("its address cannot be") {
    plan = x.to<trip>("T", plan_trip{"f", "h", "", 5, 5'000});
    part = "id";
  }
  SECTION("it revises the slip in a way that cannot be followed") {
    // The flight has been visited.
    REQUIRE(x.ask<clerk>("clerk", instruct{true, "x", "", "flight"})->accepted);
    plan = x.planning("clerk");
    part = "'flight'";
  }
  const auto answer = await(x.book(plan));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring(part));
  x.settle();
  CHECK(x.state<jar>("f").tokens == 10);
  CHECK(x.state<jar>("h").tokens == 10);
  x.check_nobody_is_held();
}

TEST_CASE("a first stop that is not there ends the transaction at once") {
  slip_fixture x;
  x.start_with_jars();
  const auto answer = await(x.book(x.to<trip>("T", plan_trip{"", "h", "c", 5, 5'000})));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("id"));
  x.settle();
  x.check_nothing_was_taken();
}

TEST_CASE("an originator that refuses the completed slip sends it back to be undone") {
  slip_fixture x;
  x.make_types = refusing_slip_types;
  x.start_with_jars();
  const auto answer = await(x.book(x.planning()));
  CHECK_FALSE(answer->accepted);
  CHECK(answer->reason == "planned already");
  x.settle();
  x.check_nothing_was_taken();
  CHECK(x.story() == strings{"f Reserved", "h Reserved", "c Reserved", "c Released", "h Released",
                             "f Released"});
}

// -- pending stops
// ---------------------------------------------------------------------------------------------

TEST_CASE("a slip stays at a stop that is pending and goes on when it has ended") {
  slip_fixture x;
  x.start_with_jars();
  auto answer = x.book(x.planning("clerk"));
  x.eventually([&] { return x.state<clerk>("clerk").requests.contains("T"); });
  x.settle();
  CHECK(x.state<jar>("c").tokens == 10);
  CHECK(x.show<clerk>("clerk").in_saga == strings{"T"});
  const bool restarts = GENERATE(false, true);
  if (restarts) {
    x.restart();
    x.settle();
    answer = x.book(x.planning("clerk"));
  }
  SECTION("well") {
    auto granting = x.to<clerk>("clerk", grant{"T"});
    granting.correlation = "T";
    REQUIRE(await(x.host->ask(granting))->accepted);
    CHECK(await(std::move(answer))->accepted);
    x.settle();
    CHECK(x.state<jar>("c").spent == 5);
    CHECK(x.state<jar>("f").spent == 5);
    x.check_nobody_is_held();
  }
  SECTION("badly") {
    auto denying = x.to<clerk>("clerk", deny{"T", "not today"});
    denying.correlation = "T";
    x.host->ask(denying).wait();
    const auto ended = await(std::move(answer));
    CHECK_FALSE(ended->accepted);
    CHECK(ended->reason == "not today");
    x.settle();
    x.check_nothing_was_taken();
  }
  SECTION("too late") {
    x.pass(5s);
    const auto ended = await(std::move(answer));
    CHECK_FALSE(ended->accepted);
    CHECK_THAT(ended->reason, ContainsSubstring("deadline"));
    x.settle();
    CHECK(x.state<clerk>("clerk").requests["T"] == "withdrawn");
    auto granting = x.to<clerk>("clerk", grant{"T"});
    granting.correlation = "T";
    CHECK_FALSE(await(x.host->ask(granting))->accepted);
    x.settle();
    x.check_nothing_was_taken();
  }
  CHECK(x.show<clerk>("clerk").in_saga.empty());
}

// -- revision
// --------------------------------------------------------------------------------------------

TEST_CASE("a stop adds another one to the rest of the itinerary, which is undone with the others") {
  const bool fails = GENERATE(false, true);
  slip_fixture x;
  x.start_with_jars();
  REQUIRE(x.ask<clerk>("clerk", instruct{true, "x", ""})->accepted);
  if (fails)
    REQUIRE(x.ask<jar>("c", reserve{"other", 10, false})->accepted);
  CHECK(await(x.book(x.planning("clerk")))->accepted == !fails);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.story() == (fails
                          ? strings{"f Reserved", "clerk Granted", "x Reserved", "c ReserveFailed",
                                    "x Released", "clerk RequestWithdrawn", "f Released"}
                          : strings{"f Reserved", "clerk Granted", "x Reserved", "c Reserved",
                                    "c Settled", "x Settled", "f Settled"}));
}

TEST_CASE("a stop drops another one from the rest of the itinerary") {
  slip_fixture x;
  x.start_with_jars();
  REQUIRE(x.ask<clerk>("clerk", instruct{true, "", "car"})->accepted);
  CHECK(await(x.book(x.planning("clerk")))->accepted);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.story() == strings{"f Reserved", "clerk Granted", "f Settled"});
}

TEST_CASE("a deadline finds a slip at a stop that was added on the way") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(
      [](const skald::delivery& each) { return step_to(each, "x"); });
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  REQUIRE(x.ask<clerk>("clerk", instruct{true, "x", ""})->accepted);
  auto answer = x.book(x.planning("clerk"));
  REQUIRE(gate->wait_for_held());
  x.pass(5s);
  x.eventually([&] { return x.show<trip>("T").status == "given up"; });
  x.settle();
  gate->open();
  x.host->let_go();
  CHECK_FALSE(await(std::move(answer))->accepted);
  x.settle();
  x.check_nothing_was_taken();
}

// -- more than one
// -------------------------------------------------------------------------------------------

TEST_CASE("slips that cross the same jars in opposite directions do not mind each other") {
  slip_fixture x;
  x.start_with_jars();
  auto there = x.book(x.to<trip>("T", plan_trip{"f", "h", "c", 3, 5'000}));
  auto back = x.book(x.to<trip>("U", plan_trip{"c", "h", "f", 4, 5'000}));
  auto fails = x.book(x.to<trip>("V", plan_trip{"h", "f", "x", 11, 5'000}));
  CHECK(await(std::move(there))->accepted);
  CHECK(await(std::move(back))->accepted);
  CHECK_FALSE(await(std::move(fails))->accepted);
  x.settle();
  x.check_nobody_is_held();
  for (const auto* each : {"f", "h", "c"}) {
    CHECK(x.state<jar>(each).spent == 7);
    CHECK(x.state<jar>(each).tokens == 3);
  }
}
