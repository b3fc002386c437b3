#include "payer_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::parked_reactions;
using skald::retry_parked;

TEST_CASE("a handler that throws twice is tried again, and takes effect once") {
  payer_world x;
  x.open();
  *x.throws = 2;
  x.put_into("A", 1);
  CHECK(*x.calls == 1);
  x.pass(999ms);
  x.settle();
  CHECK(*x.calls == 1);
  x.pass(1ms);
  x.eventually([&] { return *x.calls == 2; });
  x.settle();
  CHECK(x.settlements() == "");
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k1"; });
  x.settle();
  CHECK(*x.calls == 3);
  CHECK(x.problems().empty());
  CHECK_FALSE(x.show<parked_reactions>("payer").exists);
  x.restart();
  CHECK(x.settlements() == "k1");
}

TEST_CASE("a refused command is sent again until it is accepted") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  CHECK(x.refusals() == 1);
  x.fail_again();
  CHECK(x.refusals() == 2);
  x.be_stuck(false);
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k1"; });
  x.settle();
  CHECK(x.refusals() == 2);
  CHECK(x.problems().empty());
}

TEST_CASE("an event whose tries are used up is parked with its reason, and reported once") {
  payer_world x;
  x.open();
  x.park("A", 1);
  CHECK(x.refusals() == 4);
  const auto parked = x.parked();
  CHECK(x.parked_status() == "parked");
  CHECK(parked.parked == 1);
  const auto* line = parked.find("A");
  REQUIRE(line);
  CHECK_FALSE(line->retried);
  REQUIRE(line->waiting.size() == 1);
  const auto& what = line->waiting.front();
  CHECK(what.event == "WasPut");
  CHECK(what.from == "jar/A");
  CHECK(what.correlation == "A");
  CHECK(what.attempts == 4);
  CHECK_THAT(what.reason, ContainsSubstring("Settle") && ContainsSubstring("jar/till") &&
                              ContainsSubstring("stuck"));
  CHECK(what.since_ms ==
        std::chrono::duration_cast<std::chrono::milliseconds>(x.clock->now().time_since_epoch())
            .count());
  REQUIRE(x.problems().size() == 1);
  CHECK_THAT(x.problems().front(), ContainsSubstring("'payer'") && ContainsSubstring("WasPut") &&
                                       ContainsSubstring("jar/A") && ContainsSubstring("stuck"));
  // Nothing more happens by itself.
  x.be_stuck(false);
  x.pass(1h);
  x.restart();
  CHECK(x.settlements() == "");
  CHECK(x.refusals() == 4);
}

TEST_CASE("a handler that keeps throwing has its event parked") {
  payer_world x;
  x.open();
  *x.throws = 1'000;
  x.put_into("A", 1);
  for (int tries = 2; tries <= 4; ++tries) {
    x.pass(1s);
    x.eventually([&] { return *x.calls == tries; });
    x.settle();
  }
  REQUIRE(x.parked().find("A"));
  CHECK(x.parked().find("A")->waiting.front().reason == "the payer is ill");
  *x.throws = 0;
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1");
  CHECK(x.parked_status() == "clear");
}

TEST_CASE("events of the transaction wait behind the one that failed, and others do not") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 101);
  x.put_into("A", 2);
  x.put_into("B", 102);
  CHECK(x.settlements() == "k102");
  CHECK(x.refusals() == 1);
  x.be_stuck(false);
  x.put_into("A", 3);
  CHECK(x.settlements() == "k102");
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k102 k1 k101 k2 k3"; });
}

TEST_CASE("what waits behind an event is parked with it, in order, and so is what comes later") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 101);
  x.put_into("A", 2);
  for (int i = 0; i < 3; ++i)
    x.fail_again();
  x.put_into("A", 3);
  const auto parked = x.parked();
  REQUIRE(parked.find("A"));
  const auto& waiting = parked.find("A")->waiting;
  REQUIRE(waiting.size() == 4);
  CHECK(waiting[0].attempts == 4);
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    CHECK(waiting[i].attempts == 0);
    CHECK(waiting[i - 1].place < waiting[i].place);
    CHECK_THAT(waiting[i].reason, ContainsSubstring("behind"));
  }
  CHECK(x.problems().size() == 1);
  x.be_stuck(false);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1 k101 k2 k3");
  CHECK(x.parked_status() == "clear");
  // It goes on as if nothing had been.
  x.put_into("A", 4);
  CHECK(x.settlements() == "k1 k101 k2 k3 k4");
}

TEST_CASE("an operator's retry that fails parks again, and the next one delivers") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.put_into("A", 2);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.refusals() == 5); // not the repeated first answer
  CHECK_THAT(x.retry("A")->reason, ContainsSubstring("is being retried"));
  CHECK_THAT(x.skip("A")->reason, ContainsSubstring("is being retried"));
  for (int i = 0; i < 3; ++i)
    x.fail_again();
  CHECK(x.refusals() == 8);
  CHECK(x.parked().parked == 2);
  CHECK_FALSE(x.parked().find("A")->retried);
  CHECK(x.problems().size() == 2);
  x.be_stuck(false);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1 k2");
  CHECK(x.parked_status() == "clear");
}

TEST_CASE("an event that is skipped is never reacted to, and what is behind it goes on") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.put_into("A", 2);
  x.put_into("A", 3);
  x.be_stuck(false);
  REQUIRE(x.skip("A")->accepted);
  CHECK(x.settlements() == "k2 k3");
  CHECK(x.parked_status() == "clear");
  // Even if the reactor forgets how far it had come.
  x.restart();
  REQUIRE(x.journal->log.subscription("payer") == 0);
  CHECK(x.settlements() == "k2 k3");
  CHECK(x.state<jar>("till").reservations.contains("k1"));
  x.pass(1h);
  x.settle();
  CHECK(x.settlements() == "k2 k3");
}

TEST_CASE("the last parked event can be skipped") {
  payer_world x;
  x.open();
  x.park("A", 1);
  REQUIRE(x.skip("A")->accepted);
  CHECK(x.parked_status() == "clear");
  x.be_stuck(false);
  x.put_into("A", 2);
  CHECK(x.settlements() == "k2");
}

TEST_CASE("who retries or skips, and why, is in the journal") {
  payer_world x;
  x.open();
  x.park("A", 1);
  auto command = x.to<parked_reactions>("payer", retry_parked{"A", "the till is mended"});
  command.by = "alice";
  x.be_stuck(false);
  REQUIRE(await(x.host->ask(command))->accepted);
  x.settle();
  CHECK(x.count_records([](const skald::record& each) {
    return each.stream.type == "parked_reactions" && each.by == "alice" &&
           each.input_type == "RetryParked" && each.events.size() == 1;
  }) == 1);
}

TEST_CASE("an operator is told what cannot be retried or skipped") {
  payer_world x;
  x.open();
  CHECK_THAT(x.retry("A")->reason, ContainsSubstring("nothing is parked under 'A'"));
  CHECK_THAT(x.skip("A")->reason, ContainsSubstring("nothing is parked under 'A'"));
  x.park("A", 1);
  CHECK_THAT(x.ask<parked_reactions>("payer", retry_parked{"A", ""})->reason,
             ContainsSubstring("reason is missing"));
  CHECK_THAT(x.ask<parked_reactions>("payer", skald::unpark_event{"A", {}})->reason,
             ContainsSubstring("by sagas and reactors alone"));
  CHECK(x.parked().parked == 1);
}
