#include "actors/rebuild.hpp"
#include "slip_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::participation;

// What goes wrong on the way of a slip: time, people, stuck stops, crashes.

// -- deadlines
// -------------------------------------------------------------------------------------------------

TEST_CASE("a deadline turns a slip round that has not come to its stop, which then refuses it") {
  const std::string silent = GENERATE(as<std::string>{}, "f", "h", "c");
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(
      [silent](const skald::delivery& each) { return step_to(each, silent); });
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  auto answer = x.book(x.planning());
  REQUIRE(gate->wait_for_held());
  x.pass(5s);
  x.eventually([&] { return x.show<trip>("T").status == "given up"; });
  x.settle();
  CHECK(x.is_open());
  const bool restarts = GENERATE(false, true);
  gate->open();
  if (restarts) {
    x.restart();
    answer = x.book(x.planning());
  } else {
    x.host->let_go();
  }
  const auto ended = await(std::move(answer));
  CHECK_FALSE(ended->accepted);
  CHECK_THAT(ended->reason, ContainsSubstring("deadline"));
  x.settle();
  x.check_nothing_was_taken();
  CHECK(x.count_records([&](const skald::record& stored) {
    return stored.stream.id == silent && stored.role == participation::step && !stored.accepted;
  }) == 1);
}

TEST_CASE("a slip that comes back complete after the deadline is undone") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>([](const skald::delivery& each) {
    return command_named("SlipCameBack")(each) && each.to.id == "T";
  });
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  auto answer = x.book(x.planning());
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

TEST_CASE("a slip that was accepted before its deadline is not undone by it") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(command_named("Settle"));
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  auto answer = x.book(x.planning());
  REQUIRE(gate->wait_for_held());
  x.pass(1h);
  x.settle();
  gate->open();
  x.host->let_go();
  CHECK(await(std::move(answer))->accepted);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.state<jar>("h").spent == 5);
}

TEST_CASE("a person who cancels the transaction turns its slip round, and cannot terminate it") {
  slip_fixture x;
  x.start_with_jars();
  auto answer = x.book(x.planning("clerk"));
  x.eventually([&] { return x.state<clerk>("clerk").requests.contains("T"); });
  CHECK_THAT(x.tell("TerminateSaga", "the customer called")->reason, ContainsSubstring("cancel"));
  CHECK_THAT(x.tell("SkipStep", "the customer called", "hotel")->reason,
             ContainsSubstring("not compensating") || ContainsSubstring("participant"));
  CHECK(x.tell("CancelSaga", "the customer called")->accepted);
  CHECK(await(std::move(answer))->reason == "the customer called");
  x.settle();
  x.check_nothing_was_taken();
}

// -- what does not go well at once
// ---------------------------------------------------------------------------------

TEST_CASE("what a stop does not undo or confirm is tried again until it does") {
  const bool fails = GENERATE(false, true);
  slip_fixture x;
  x.start_with_jars();
  if (fails)
    REQUIRE(x.ask<jar>("c", reserve{"other", 10, false})->accepted);
  REQUIRE(x.ask<jar>("h", set_stuck{true})->accepted);
  auto answer = x.book(x.planning());
  for (int i = 0; i < 3; ++i) {
    x.settle();
    CHECK(x.is_open());
    CHECK(x.show<jar>("h").in_saga == strings{"T"});
    CHECK(x.show<jar>("f").in_saga == strings{"T"});
    x.pass(1min);
    if (i == 1) {
      x.restart();
      answer = x.book(x.planning());
    }
  }
  REQUIRE(x.ask<jar>("h", set_stuck{false})->accepted);
  x.eventually([&] {
    x.pass(1min);
    return !x.is_open();
  });
  CHECK(await(std::move(answer))->accepted == !fails);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.state<jar>("h").spent == (fails ? 0 : 5));
  CHECK(x.state<jar>("f").spent == (fails ? 0 : 5));
}

TEST_CASE("a compensation that fails for good brings the slip home, for a person to see to") {
  slip_fixture x;
  x.make_types = giving_up_slip_types;
  x.start_with_jars();
  REQUIRE(x.ask<jar>("c", reserve{"other", 10, false})->accepted);
  REQUIRE(x.ask<jar>("h", set_stuck{true})->accepted);
  auto answer = x.book(x.planning());
  x.eventually([&] {
    x.settle();
    x.pass(1min);
    return ready(answer);
  });
  CHECK_THAT(answer.get()->reason,
             ContainsSubstring("compensation of 'hotel' at jar/h failed: stuck"));
  x.settle();
  if (GENERATE(false, true)) {
    x.restart();
    x.settle();
  }
  CHECK(x.show<jar>("f").in_saga == strings{"T"});
  CHECK(x.show<jar>("h").in_saga == strings{"T"});
  SECTION("who has it tried again") {
    REQUIRE(x.ask<jar>("h", set_stuck{false})->accepted);
    CHECK(x.tell("RetrySaga", "mended")->accepted);
    x.settle();
    CHECK(x.state<jar>("h").tokens == 10);
    CHECK(x.state<jar>("f").tokens == 10);
  }
  SECTION("who has it tried again in vain, and then skips it") {
    CHECK(x.tell("RetrySaga", "perhaps")->accepted);
    x.eventually([&] {
      x.settle();
      x.pass(1min);
      return x.tell("SkipStep", "given up", "hotel")->accepted;
    });
    x.settle();
    CHECK(x.state<jar>("h").tokens == 5);
    CHECK(x.state<jar>("f").tokens == 10);
  }
  SECTION("who skips it, and it alone") {
    CHECK_FALSE(x.tell("SkipStep", "given up", "flight")->accepted);
    CHECK(x.tell("SkipStep", "given up", "hotel")->accepted);
    x.settle();
    CHECK(x.state<jar>("h").tokens == 5);
    CHECK(x.state<jar>("f").tokens == 10);
  }
  SECTION("who puts it right himself") {
    const std::string how = GENERATE("ResolveSaga", "TerminateSaga");
    CHECK(x.tell(how, "put right")->accepted);
    x.settle();
    CHECK(x.state<jar>("h").tokens == 5);
    CHECK(x.state<jar>("f").tokens == 5);
  }
  CHECK_FALSE(x.is_open());
  x.check_nobody_is_held();
}

TEST_CASE("a slip goes on after a restart at any of its turns, and nothing happens twice") {
  const int turns = GENERATE(range(0, 16));
  const bool fails = GENERATE(false, true);
  INFO("restarted after " << turns << " deliveries, " << (fails ? "failing" : "succeeding"));
  // Everything behind the `turns`-th delivery between aggregates is lost.
  auto left = std::make_shared<std::atomic<int>>(turns);
  skald::runtime_options options;
  options.hold_back = [left](const skald::delivery& each) {
    const auto* command = std::get_if<skald::command_delivery>(&each.content);
    const bool between = command ? !command->message->source.empty()
                                 : std::holds_alternative<skald::outcome_delivery>(each.content);
    return between && --*left < 0;
  };
  slip_fixture x{options};
  x.start_with_jars();
  if (fails)
    REQUIRE(x.ask<jar>("c", reserve{"other", 10, false})->accepted);
  REQUIRE(await(x.host->ask(x.planning()))->accepted);
  x.settle();
  left->store(1'000'000);
  x.restart();
  x.settle();
  CHECK_FALSE(x.is_open());
  x.check_nobody_is_held();
  CHECK(x.story() ==
        (fails ? strings{"f Reserved", "h Reserved", "c ReserveFailed", "h Released", "f Released"}
               : strings{"f Reserved", "h Reserved", "c Reserved", "c Settled", "h Settled",
                         "f Settled"}));
  const auto last = x.journal->log.last();
  x.restart();
  x.pass(1h);
  x.settle();
  CHECK(x.journal->log.last() == last);
}

TEST_CASE("a snapshot carries the slips that an aggregate has passed on or keeps") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(
      [](const skald::delivery& each) { return step_to(each, "clerk") || step_to(each, "h"); });
  options.hold_back = hook(gate);
  slip_fixture x{options};
  x.start_with_jars();
  const bool is_pending = GENERATE(false, true);
  auto answer = x.book(x.planning(is_pending ? "clerk" : "h"));
  REQUIRE(gate->wait_for_held());
  if (is_pending) {
    gate->open();
    x.host->let_go();
    x.eventually([&] { return x.state<clerk>("clerk").requests.contains("T"); });
  }
  x.settle();
  x.host.reset();
  const auto types = slip_types();
  for (const auto* each : {"jar/f", "trip/T", "clerk/clerk"}) {
    const auto self = *skald::parse_address(each);
    const auto head = x.journal->log.head(self);
    if (!head)
      continue;
    const auto live = skald::rebuild(*types.find(self.type), x.journal->log, self);
    REQUIRE(live.content);
    const auto taken = live.content->snapshot();
    skald::entity restored{*types.find(self.type), self};
    REQUIRE_FALSE(restored.restore(taken, head->last));
    CHECK(restored.snapshot() == taken);
    CHECK(restored.slips().sent().size() == live.content->slips().sent().size());
    x.journal->log.keep_snapshot(self, {head->last, taken});
  }
  gate->open();
  x.restart();
  x.settle();
  if (is_pending) {
    auto granting = x.to<clerk>("clerk", grant{"T"});
    granting.correlation = "T";
    REQUIRE(await(x.host->ask(granting))->accepted);
  }
  CHECK(await(x.book(x.planning(is_pending ? "clerk" : "h")))->accepted);
  x.settle();
  x.check_nobody_is_held();
  CHECK(x.state<jar>("c").spent == 5);
}
