#include "trip_saga_maker.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <string_view>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::saga_scenario;
using phase = skald::saga_progress::phase;
using status = skald::saga_progress::step_status;
namespace instructions = skald::saga_instructions;

// What the declarative form can say beyond one step after the other: parallel steps, retries,
// deadlines of steps, compensations that fail for good, persons who step in.

namespace {

std::string let_go_at(const std::string& step) {
  return step + ": cancel to jar/" + step;
}

status status_of_step(saga_scenario& scenario, std::string_view step) {
  const auto* found = scenario.get().progress().find(step);
  REQUIRE(found);
  return found->status;
}

const std::string& reason_of(saga_scenario& scenario) {
  return scenario.get().progress().reason();
}

} // namespace

// -- parallel steps
// -------------------------------------------------------------------------------------

TEST_CASE("parallel steps start together, and the next one waits for all of them") {
  trip_saga_maker x;
  auto& scenario = x.step("a").parallel("b").parallel("c").step("d").start();
  scenario.then_sends({reserve_at("a"), reserve_at("b"), reserve_at("c")});
  scenario.when_succeeded("b").then_sends_nothing();
  scenario.when_succeeded("a").then_sends_nothing();
  if (GENERATE(false, true))
    scenario.when_restarted().then_sends({reserve_at("c")});
  scenario.when_succeeded("c").then_sends({reserve_at("d")});
  scenario.when_succeeded("d").then_sends(
      {confirm_at("a"), confirm_at("b"), confirm_at("c"), confirm_at("d")});
}

TEST_CASE("when a parallel step fails, those beside it are cancelled or compensated in reverse") {
  trip_saga_maker x;
  auto& scenario = x.step("a").step("b").parallel("c").parallel("d").start();
  scenario.when_succeeded("a").when_succeeded("b");
  scenario.when_failed("d", "none left").then_sends({release_at("c"), release_at("b")});
  scenario.when_succeeded("b").then_sends({release_at("a")});
  scenario.when_succeeded("a").then_is(phase::compensating);
  scenario.when_succeeded("c").then_is(phase::compensated);
  CHECK(reason_of(scenario) == "none left");
}

TEST_CASE("a success that comes after the cancel changes nothing") {
  trip_saga_maker x;
  auto& scenario = x.step("a").parallel("b").start();
  scenario.when_failed("a", "none left").then_sends({release_at("b")});
  scenario.when_answered("b", reserve::type_name, true).then_sends_nothing();
  CHECK(status_of_step(scenario, "b") == status::cancelling);
  scenario.when_answered("b", release::type_name, true).then_is(phase::compensated);
  scenario.when_answered("b", reserve::type_name, true).then().then_sends_nothing();
}

// -- retries
// ----------------------------------------------------------------------------------------------

TEST_CASE("a step that is refused for now is tried again by its policy, also across a crash") {
  const bool restarts = GENERATE(false, true);
  trip_saga_maker x;
  x.step("a").also().retry({.retries = 2, .delay = 1s, .factor = 3});
  auto& scenario = x.start();
  scenario.when_refused_for_now("a", "busy").then_sends_nothing().then_is(phase::running);
  scenario.when_time_passes(999ms).then_sends_nothing();
  scenario.when_time_passes(1ms).then_sends({reserve_at("a")});
  if (restarts)
    scenario.when_restarted().then_sends({reserve_at("a")});
  scenario.when_refused_for_now("a", "busy");
  scenario.when_time_passes(2999ms).then_sends_nothing();
  if (restarts)
    scenario.when_restarted().then_sends_nothing();
  scenario.when_time_passes(1ms).then_sends({reserve_at("a")});

  SECTION("and the saga goes on when it succeeds") {
    scenario.when_succeeded("a").then_sends({confirm_at("a")});
  }
  SECTION("and the saga fails when the tries are used up") {
    scenario.when_refused_for_now("a", "busy still").then_sends({release_at("a")});
    scenario.when_succeeded("a").then_is(phase::compensated);
    CHECK(reason_of(scenario) == "busy still");
  }
}

TEST_CASE("by default a step is tried again three times, one second apart") {
  trip_saga_maker x;
  auto& scenario = x.step("a").start();
  for (int i = 0; i < 3; ++i) {
    scenario.when_refused_for_now("a", "busy").then_sends_nothing();
    scenario.when_time_passes(1s).then_sends({reserve_at("a")});
  }
  scenario.when_refused_for_now("a", "busy").then_sends({release_at("a")});
}

TEST_CASE("a step that is refused for good is not tried again") {
  trip_saga_maker x;
  auto& scenario = x.step("a").start();
  scenario.when_failed("a", "never").then_sends_nothing().then_is(phase::compensated);
}

TEST_CASE("a step that waits for its next try is cancelled when the saga fails") {
  trip_saga_maker x;
  auto& scenario = x.step("a").parallel("b").start();
  scenario.when_refused_for_now("a", "busy");
  scenario.when_failed("b", "never").then_sends({release_at("a")});
  scenario.when_time_passes(1h).then_sends_nothing();
  scenario.when_succeeded("a").then_is(phase::compensated);
}

// -- what a step's outcome means
// --------------------------------------------------------------------------

TEST_CASE("the events that a step names decide whether it has succeeded") {
  trip_saga_maker x;
  x.step("a").also().succeeds_on<reserved>().fails_on<reserve_failed>();
  auto& scenario = x.start();
  SECTION("the one that means success") {
    scenario.when_succeeded("a", reserved{"T", 5, false}).then_sends({confirm_at("a")});
  }
  SECTION("the one that means failure") {
    scenario.when_succeeded("a", reserve_failed{"T", "none", false}).then_is(phase::compensated);
    CHECK_THAT(reason_of(scenario), ContainsSubstring("ReserveFailed"));
  }
  SECTION("neither") {
    scenario.when_succeeded("a", was_put{5, 5}).then_is(phase::compensated);
    CHECK_THAT(reason_of(scenario), ContainsSubstring("without recording Reserved"));
  }
}

TEST_CASE("a step's own deadline makes the saga fail, and does nothing once the step is done") {
  trip_saga_maker x;
  x.step("a").also().within(2s);
  x.step("b");
  auto& scenario = x.start();
  SECTION("before it is done") {
    scenario.when_time_passes(2s).then_sends({release_at("a")}).then_is(phase::compensating);
    CHECK_THAT(reason_of(scenario), ContainsSubstring("deadline of the step 'a'"));
  }
  SECTION("while it waits for its next try") {
    scenario.when_time_passes(1s).when_refused_for_now("a", "busy");
    scenario.when_time_passes(1s);
    CHECK_THAT(reason_of(scenario), ContainsSubstring("deadline of the step 'a'"));
  }
  SECTION("after it is done") {
    scenario.when_succeeded("a").when_time_passes(1h).then_is(phase::running);
  }
}

// -- the aggregate's own commands
// -------------------------------------------------------------------------

TEST_CASE("the aggregate is told when every step has succeeded, and may refuse") {
  trip_saga_maker x;
  const bool refuses = GENERATE(false, true);
  x.step("a").parallel("b").also().on_completed([](const trip&) { return note_step{"all"}; });
  if (refuses) // a trip that is given up notes nothing
    x.also().on_success([](const trip&) { return give_up{"never mind"}; });
  auto& scenario = x.start();
  scenario.when_succeeded("b");
  scenario.when_succeeded("a");
  if (refuses)
    scenario.then().then_sends({release_at("b")}).then_is(phase::compensating);
  else
    scenario.then(step_noted{"all"}).then_sends({confirm_at("a"), confirm_at("b")});
}

TEST_CASE("the aggregate is told when everything is undone, and not before") {
  trip_saga_maker x;
  x.step("a").step("b").also().on_compensated([](const trip&) { return give_up{"undone"}; });
  auto& scenario = x.start();
  scenario.when_succeeded("a").when_failed("b", "none").then();
  scenario.when_succeeded("a").then(trip_given_up{"undone"}).then_is(phase::compensated);
}

TEST_CASE("an event of the aggregate itself cancels its saga") {
  trip_saga_maker x;
  x.step("a").also().cancelled_by<trip_given_up>();
  auto& scenario = x.start();
  scenario.when(give_up{"ill"}).then(trip_given_up{"ill"}).then_sends({release_at("a")});
  scenario.when_restarted().then_sends({release_at("a")});
  scenario.when_succeeded("a").then_is(phase::compensated);
  CHECK(reason_of(scenario) == "TripGivenUp");
}

// -- compensations that fail
// ------------------------------------------------------------------------------

namespace {

/// A saga whose compensation of `b` has failed for good, before that of `a`.
saga_scenario& parked(trip_saga_maker& x) {
  x.step("a").step("b");
  x.also().retry_compensation({.retries = 1, .delay = 1s});
  auto& scenario = x.step("c").start();
  scenario.when_succeeded("a").when_succeeded("b").when_failed("c", "none left");
  scenario.then_sends({release_at("b")}).when_failed("b", "jammed");
  scenario.then_is(phase::compensating).when_time_passes(1s).then_sends({release_at("b")});
  return scenario.when_failed("b", "jammed for good").then_sends_nothing();
}

} // namespace

TEST_CASE("a compensation that fails for good parks the saga") {
  trip_saga_maker x;
  auto& scenario = parked(x).then_is(phase::parked);
  CHECK_THAT(reason_of(scenario), ContainsSubstring("jammed for good") && ContainsSubstring("'b'"));
  CHECK(scenario.get().progress().open());
  CHECK(scenario.get().progress().next_due() == skald::no_time);
  scenario.when_restarted().then_sends_nothing().then_is(phase::parked);
  scenario.when_time_passes(1h).then_sends_nothing();

  SECTION("until a person has it tried again") {
    scenario.when_told(instructions::retry, {"unjammed", {}}).then_sends({release_at("b")});
    scenario.when_succeeded("b").then_sends({release_at("a")});
    scenario.when_succeeded("a").then_is(phase::compensated);
  }
  SECTION("again if it fails again") {
    scenario.when_told(instructions::retry, {"unjammed", {}}).when_failed("b", "no");
    scenario.then_is(phase::compensating).when_time_passes(1s).when_failed("b", "no");
    scenario.then_is(phase::parked);
  }
  SECTION("until a person skips the step, which lets go of its participant") {
    scenario.when_told(instructions::skip, {"paid in cash", "b"});
    scenario.then_sends({let_go_at("b"), release_at("a")});
    if (GENERATE(false, true))
      scenario.when_restarted().then_sends({release_at("a"), let_go_at("b")});
    scenario.when_succeeded("a").then_is(phase::compensating);
    scenario.when_succeeded("b").then_is(phase::compensated);
    CHECK(status_of_step(scenario, "b") == status::released);
  }
  SECTION("until a person has resolved it") {
    scenario.when_told(instructions::resolve, {"all put right", {}});
    scenario.then_sends({let_go_at("a"), let_go_at("b")}).then_is(phase::resolving);
    if (GENERATE(false, true))
      scenario.when_restarted().then_sends({let_go_at("a"), let_go_at("b")});
    scenario.when_succeeded("a").when_succeeded("b").then_is(phase::resolved);
    CHECK(reason_of(scenario) == "all put right");
  }
}

TEST_CASE("without a limit a compensation is tried for ever, at most a minute apart") {
  trip_saga_maker x;
  auto& scenario = x.step("a").step("b").start();
  scenario.when_succeeded("a").when_failed("b", "none left");
  for (int i = 0; i < 100; ++i) {
    scenario.when_failed("a", "jammed").then_is(phase::compensating);
    scenario.when_time_passes(1min).then_sends({release_at("a")});
  }
}

// -- by hand
// ---------------------------------------------------------------------------------------------

TEST_CASE("a person cancels a saga: it compensates") {
  trip_saga_maker x;
  auto& scenario = x.step("a").step("b").start();
  scenario.when_succeeded("a").when_told(instructions::cancel, {"ordered twice", {}});
  scenario.then_sends({release_at("b"), release_at("a")}).then_is(phase::compensating);
  CHECK(reason_of(scenario) == "ordered twice");
  scenario.when_succeeded("b").when_succeeded("a").then_is(phase::compensated);
}

TEST_CASE("a person terminates a saga: nothing is undone, but nothing is held any more") {
  trip_saga_maker x;
  auto& scenario = x.step("a").step("b").start();
  scenario.when_succeeded("a").when_told(instructions::terminate, {"test run", {}});
  scenario.then_sends({let_go_at("a"), let_go_at("b")}).then_is(phase::terminating);
  scenario.when_time_passes(1h).then_sends_nothing();
  scenario.when_succeeded("b").when_succeeded("a").then_is(phase::terminated);
}

TEST_CASE("a person has a step tried again at once") {
  trip_saga_maker x;
  x.step("a").also().retry({.retries = 3, .delay = 1h});
  auto& scenario = x.start();
  scenario.when_refused_for_now("a", "busy").when_told(instructions::retry, {"is free now", {}});
  scenario.when_time_passes(0s).then_sends({reserve_at("a")});
}

TEST_CASE("an instruction that does not fit is refused and changes nothing") {
  trip_saga_maker x;
  auto& scenario = x.step("a").start();
  const auto before = scenario.get().turns();
  scenario.when_told(instructions::cancel, {"", {}}).then_sends_nothing();
  scenario.when_told(instructions::resolve, {"why not", {}}).then_sends_nothing();
  scenario.when_told(instructions::retry, {"why not", {}}).then_sends_nothing();
  scenario.when_told(instructions::skip, {"why not", "a"}).then_sends_nothing();
  scenario.then_is(phase::running);
  CHECK(scenario.get().turns() == before + 4); // each is on record
  scenario.when_succeeded("a").when_succeeded("a").then_is(phase::completed);
  scenario.when_told(instructions::cancel, {"too late", {}}).then_is(phase::completed);
}
