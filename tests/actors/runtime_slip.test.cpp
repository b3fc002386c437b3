#include "actors/rebuild.hpp"
#include "runtime_fixture.hpp"
#include "slip_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::participation;

namespace {

using strings = std::vector<std::string>;

const strings all_jars{"f", "h", "c", "x"};

struct slip_fixture : runtime_fixture {
  explicit slip_fixture(skald::runtime_options its_options = {})
      : runtime_fixture(std::move(its_options)) {
    make_types = slip_types;
  }

  void start_with_jars() {
    start();
    for (const auto& each : all_jars)
      REQUIRE(ask<jar>(each, put{10})->accepted);
  }

  skald::client_command planning(const std::string& hotel = "h", std::int64_t tokens = 5,
                                 const std::string& id = "T") {
    return to<trip>(id, plan_trip{"f", hotel, "c", tokens, 5'000}, "start " + id);
  }

  std::future<skald::outcome_ptr> book(skald::client_command command) {
    command.until_saga_ends = true;
    return host->ask(std::move(command));
  }

  bool is_open(const std::string& id = "T") { return !show<trip>(id).in_saga.empty(); }

  void check_nobody_is_held() {
    for (const auto& each : all_jars)
      CHECK(show<jar>(each).in_saga.empty());
    int open = 0;
    journal->log.open_sagas([&](const skald::address&, const skald::stream_head&) { ++open; });
    CHECK(open == 0);
  }

  void check_nothing_was_taken() {
    check_nobody_is_held();
    for (const auto& each : all_jars) {
      INFO("jar " << each);
      CHECK(state<jar>(each).tokens == 10);
      CHECK(state<jar>(each).spent == 0);
    }
  }

  /// What the participants of the trip `T` have recorded for it, in the order of the journal.
  strings story() const {
    strings result;
    journal->each_record([&](const skald::record& x) {
      if (x.stream.type != "trip" && x.correlation == "T")
        for (const auto& event : x.events)
          result.push_back(std::string{x.stream.id} + " " + std::string{event.type});
    });
    return result;
  }
};

bool step_to(const skald::delivery& each, const std::string& id) {
  const auto* command = std::get_if<skald::command_delivery>(&each.content);
  return command != nullptr && each.to.id == id && command->message->role == participation::step;
}

} // namespace

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
  const auto tell = [&](std::string_view what) {
    skald::client_command command;
    command.to = {"trip", "T"};
    command.type = what;
    command.by = "anna";
    command.payload = skald::encode(skald::saga_instruction{"the customer called", std::nullopt});
    return await(x.host->ask(std::move(command)));
  };
  CHECK_THAT(tell("TerminateSaga")->reason, ContainsSubstring("cancel it"));
  CHECK(tell("CancelSaga")->accepted);
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
