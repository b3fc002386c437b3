#include "actors/test_kit.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <functional>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace sample;
using namespace std::chrono_literals;
using skald::saga_scenario;
using skald::sent;
using phase = skald::saga_progress::phase;

namespace {

const auto types = sample_types();
const std::vector<std::string> steps{"flight", "hotel", "car"};

const std::string late = "the deadline passed before the transaction was complete";

skald::address jar_of(const std::string& step) {
  return {"jar", step.substr(0, 1)};
}

std::string reserve_at(const std::string& step) {
  return sent(step, "step", reserve{"T", 5, false}, jar_of(step));
}

std::string release_at(const std::string& step) {
  return sent(step, "cancel", release{"T"}, jar_of(step));
}

std::string settle_at(const std::string& step) {
  return step == "car" ? "car: confirm to jar/c" : sent(step, "confirm", settle{"T"}, jar_of(step));
}

saga_scenario planned() {
  saga_scenario scenario{types, {"trip", "T"}};
  scenario.when(plan_trip{"f", "h", "c", 5, 5'000});
  return scenario;
}

/// The first `count` steps have succeeded, and the next one was sent.
saga_scenario after_steps(std::size_t count) {
  auto scenario = planned();
  for (std::size_t i = 0; i < count; ++i)
    scenario.when_succeeded(steps[i]);
  return scenario;
}

std::vector<std::string> all_settled() {
  return {settle_at("flight"), settle_at("hotel"), settle_at("car")};
}

/// A scenario in which everything that happens happens `times` times, with a crash behind it if so
/// wished.
struct repeated {
  saga_scenario scenario = planned();
  int times = 1;
  bool restarts = false;

  void answered(const std::string& step, std::string_view type, bool accepted,
                const std::string& reason = {}) {
    for (int i = 0; i < times; ++i)
      scenario.when_answered(step, type, accepted, reason);
    if (restarts)
      scenario.when_restarted();
  }

  void passed(skald::duration time) {
    scenario.when_time_passes(time);
    if (restarts)
      scenario.when_restarted();
  }
};

} // namespace

TEST_CASE("a saga sends one step after another and confirms them all at the end") {
  auto scenario = planned();
  scenario.then(trip_planned{"T", "f", "h", "c", 5, 5'000}).then_sends({reserve_at("flight")});
  scenario.when_succeeded("flight").then(step_noted{"flight"}).then_sends({reserve_at("hotel")});
  scenario.when_succeeded("hotel").then(step_noted{"hotel"}).then_sends({reserve_at("car")});
  scenario.then_is(phase::running);
  scenario.when_succeeded("car").then(step_noted{"car"}).then_sends(all_settled());
  scenario.then_is(phase::confirming);
  scenario.when_succeeded("car").then().then_sends_nothing().then_is(phase::confirming);
  scenario.when_succeeded("flight").then().then_sends_nothing().then_is(phase::confirming);
  scenario.when_succeeded("hotel").then().then_sends_nothing().then_is(phase::completed);
  CHECK(scenario.get().view().in_saga.empty());
}

TEST_CASE("a saga shows itself while it runs, and not after") {
  auto scenario = planned();
  CHECK(scenario.get().view().in_saga == std::vector<std::string>{"T"});
  scenario.when_failed("flight", "full");
  CHECK(scenario.get().view().in_saga.empty());
}

TEST_CASE("a saga whose first step fails has nothing to compensate") {
  auto scenario = planned();
  scenario.when_failed("flight", "full").then(trip_given_up{"full"}).then_sends_nothing();
  scenario.then_is(phase::compensated);
}

TEST_CASE(
    "a saga whose step fails compensates the steps before it, the last one first, one by one") {
  SECTION("at the second step") {
    auto scenario = after_steps(1);
    scenario.when_failed("hotel", "full").then(trip_given_up{"full"});
    scenario.then_sends({release_at("flight")}).then_is(phase::compensating);
    scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensated);
  }
  SECTION("at the last step") {
    auto scenario = after_steps(2);
    scenario.when_failed("car", "none left").then(trip_given_up{"none left"});
    scenario.then_sends({release_at("hotel")}).then_is(phase::compensating);
    scenario.when_succeeded("hotel").then_sends({release_at("flight")});
    scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensated);
  }
}

TEST_CASE("a step whose success the saga's own aggregate refuses is compensated as well") {
  auto scenario = after_steps(1);
  scenario.when(give_up{"changed my mind"}).then(trip_given_up{"changed my mind"});
  scenario.then_sends_nothing().then_is(phase::running);
  scenario.when_succeeded("hotel").then().then_sends({release_at("hotel")});
  scenario.then_is(phase::compensating);
  scenario.when_succeeded("hotel").then_sends({release_at("flight")});
  scenario.when_succeeded("flight").then_is(phase::compensated);
}

// -- deadlines
// -------------------------------------------------------------------------------------------

TEST_CASE(
    "a deadline cancels the step whose outcome is unknown at once, and what took effect in order") {
  SECTION("before any outcome") {
    auto scenario = planned();
    scenario.when_time_passes(4'999ms).then().then_sends_nothing().then_is(phase::running);
    scenario.when_time_passes(1ms).then(trip_given_up{late}).then_sends({release_at("flight")});
    scenario.then_is(phase::compensating);
    scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensated);
  }
  SECTION("after one outcome") {
    auto scenario = after_steps(1);
    scenario.when_time_passes(5s).then(trip_given_up{late});
    scenario.then_sends({release_at("hotel"), release_at("flight")});
    scenario.when_succeeded("hotel").then_sends_nothing().then_is(phase::compensating);
    scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensated);
  }
  SECTION("after two outcomes") {
    auto scenario = after_steps(2);
    scenario.when_time_passes(5s).then_sends({release_at("car"), release_at("hotel")});
    scenario.when_succeeded("hotel").then_sends({release_at("flight")});
    scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensating);
    scenario.when_succeeded("car").then_sends_nothing().then_is(phase::compensated);
  }
}

TEST_CASE("a success that comes after its cancel changes nothing") {
  auto scenario = after_steps(1);
  scenario.when_time_passes(5s);
  for (const bool accepted : {true, false}) {
    scenario.when_answered("hotel", "Reserve", accepted).then().then_sends_nothing();
    scenario.when_answered("flight", "Reserve", accepted).then().then_sends_nothing();
  }
  scenario.then_is(phase::compensating);
  scenario.when_answered("hotel", "Release", true).then_is(phase::compensating);
  scenario.when_answered("flight", "Release", true).then_is(phase::compensated);
}

TEST_CASE("a deadline that loses against completion does nothing") {
  auto scenario = after_steps(3);
  scenario.then_is(phase::confirming);
  scenario.when_time_passes(1h).then().then_sends_nothing().then_is(phase::confirming);
  for (const auto& step : steps)
    scenario.when_succeeded(step);
  scenario.then_is(phase::completed);
  scenario.when_time_passes(1h).then().then_sends_nothing().then_is(phase::completed);
}

TEST_CASE("a deadline that loses against failure does nothing") {
  auto scenario = after_steps(2);
  scenario.when_failed("car", "none left").then_sends({release_at("hotel")});
  scenario.when_time_passes(1h).then().then_sends_nothing().then_is(phase::compensating);
}

TEST_CASE("the last success and the deadline give one outcome, in either order") {
  SECTION("success first") {
    auto scenario = after_steps(2);
    scenario.when_succeeded("car").then_sends(all_settled());
    scenario.when_time_passes(5s).then().then_sends_nothing().then_is(phase::confirming);
  }
  SECTION("deadline first") {
    auto scenario = after_steps(2);
    scenario.when_time_passes(5s).then_sends({release_at("car"), release_at("hotel")});
    scenario.when_answered("car", "Reserve", true).then().then_sends_nothing();
    scenario.then_is(phase::compensating);
  }
}

// -- repetition and restarts
// -----------------------------------------------------------------------------

TEST_CASE("a saga ends the same however often each outcome comes and it is restarted") {
  repeated x;
  x.times = GENERATE(1, 3);
  x.restarts = GENERATE(false, true);
  SECTION("in success") {
    for (const auto& step : steps)
      x.answered(step, "Reserve", true);
    x.answered("car", "", true);
    x.answered("hotel", "Settle", true);
    x.answered("flight", "Settle", true);
    if (x.restarts) // answers to single confirms may have been forgotten
      for (const auto& step : steps)
        x.scenario.when_succeeded(step);
    x.scenario.then_is(phase::completed);
    CHECK(x.scenario.get().view().status == "booked");
    CHECK(x.scenario.get().sequence() == 4);
  }
  SECTION("in failure") {
    x.answered("flight", "Reserve", true);
    x.answered("hotel", "Reserve", true);
    x.answered("car", "Reserve", false, "none left");
    x.answered("hotel", "Release", true);
    x.answered("flight", "Release", true);
    x.scenario.then_is(phase::compensated);
    CHECK(x.scenario.get().view().status == "given up");
    CHECK(x.scenario.get().sequence() == 4);
  }
  SECTION("by its deadline") {
    x.answered("flight", "Reserve", true);
    x.passed(5s);
    x.passed(5s);
    x.answered("hotel", "Reserve", true);
    x.answered("hotel", "Release", true);
    x.answered("flight", "Release", true);
    x.scenario.then_is(phase::compensated);
    CHECK(x.scenario.get().sequence() == 3);
  }
}

TEST_CASE("a saga that has ended sends nothing, whatever comes") {
  auto scenario = after_steps(2);
  SECTION("completed") {
    scenario.when_succeeded("car");
    for (const auto& step : steps)
      scenario.when_succeeded(step);
    scenario.then_is(phase::completed);
  }
  SECTION("compensated") {
    scenario.when_failed("car", "none left");
    scenario.when_succeeded("hotel").when_succeeded("flight");
    scenario.then_is(phase::compensated);
  }
  const auto turns = scenario.get().turns();
  for (int round = 0; round < 2; ++round) {
    for (const auto& step : steps)
      for (const bool accepted : {true, false}) {
        scenario.when_answered(step, "", accepted, "late").then().then_sends_nothing();
        scenario.when_answered(step, "Reserve", accepted, "late").then().then_sends_nothing();
      }
    scenario.when_time_passes(1h).then().then_sends_nothing();
    scenario.when_restarted().then_sends_nothing();
  }
  CHECK(scenario.get().turns() == turns);
}

TEST_CASE("a restarted saga sends again what is unanswered, and nothing else") {
  auto scenario = after_steps(1);
  scenario.when_restarted().then().then_sends({reserve_at("hotel")});
  scenario.when_succeeded("hotel").when_succeeded("car").then_sends(all_settled());
  scenario.when_restarted().then_sends(all_settled());
  auto failed = after_steps(2);
  failed.when_failed("car", "none left");
  failed.when_restarted().then_sends({release_at("hotel")});
  failed.when_succeeded("hotel");
  failed.when_restarted().then_sends({release_at("flight")});
}

TEST_CASE("a deadline outlives restarts") {
  auto scenario = after_steps(1);
  scenario.when_time_passes(3s).when_restarted();
  scenario.when_time_passes(2s).then(trip_given_up{late});
}

// -- what is refused on the way out
// ---------------------------------------------------------------------

TEST_CASE("a compensation that is refused is tried again, later each time, until it is done") {
  const bool restarts = GENERATE(false, true);
  auto scenario = after_steps(1);
  scenario.when_failed("hotel", "full").then_sends({release_at("flight")});
  skald::duration delay = 100ms;
  for (int i = 0; i < 12; ++i) {
    INFO("refusal " << i << ", delay " << delay.count());
    scenario.when_failed("flight", "stuck").then().then_sends_nothing();
    if (restarts)
      scenario.when_restarted().then_sends_nothing();
    scenario.when_time_passes(delay - 1us).then_sends_nothing();
    scenario.when_time_passes(1us).then().then_sends({release_at("flight")});
    scenario.then_is(phase::compensating);
    delay = std::min<skald::duration>(delay * 2, 60s);
  }
  scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensated);
  scenario.when_time_passes(1h).then_sends_nothing();
}

TEST_CASE("a confirm that is refused is tried again until it is done") {
  const bool restarts = GENERATE(false, true);
  auto scenario = after_steps(3);
  scenario.when_succeeded("car");
  scenario.when_failed("hotel", "stuck").then_sends_nothing().then_is(phase::confirming);
  if (restarts) // the car's answer need not have been kept
    scenario.when_restarted()
        .then_sends({settle_at("flight"), settle_at("car")})
        .when_succeeded("car");
  scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::confirming);
  if (restarts)
    scenario.when_restarted();
  scenario.when_time_passes(100ms).then_sends({settle_at("hotel")}).then_is(phase::confirming);
  scenario.when_failed("hotel", "still stuck").then_sends_nothing();
  scenario.when_time_passes(100ms).then_sends_nothing();
  scenario.when_time_passes(100ms).then_sends({settle_at("hotel")});
  scenario.when_succeeded("hotel").then_is(phase::completed);
}

TEST_CASE("two confirms that are refused one after the other are both tried again") {
  auto scenario = after_steps(3);
  scenario.when_failed("flight", "stuck").when_time_passes(50ms);
  scenario.when_failed("hotel", "stuck").when_time_passes(100ms);
  scenario.when_succeeded("car").then_is(phase::confirming);
  scenario.when_succeeded("flight").when_succeeded("hotel").then_is(phase::completed);
}

TEST_CASE("the cancel of a step whose outcome is unknown is tried again as well") {
  auto scenario = after_steps(1);
  scenario.when_time_passes(5s).then_sends({release_at("hotel"), release_at("flight")});
  scenario.when_failed("hotel", "stuck").then_sends_nothing();
  scenario.when_succeeded("flight").then_sends_nothing().then_is(phase::compensating);
  scenario.when_time_passes(100ms).then_sends({release_at("hotel")});
  scenario.when_succeeded("hotel").then_is(phase::compensated);
}

// -- sagas without steps
// --------------------------------------------------------------------------------

TEST_CASE("a saga without steps ends by the events of its aggregate") {
  saga_scenario scenario{types, {"errand", "E"}};
  scenario.when(start_errand{"j", 5, 5'000, false}).then_sends_nothing().then_is(phase::running);
  SECTION("completed") {
    scenario.when(finish_errand{}).then(errand_finished{"E", "j"}).then_is(phase::completed);
  }
  SECTION("compensated") {
    scenario.when(drop_errand{"no time"}).then_is(phase::compensated);
  }
  SECTION("compensated by its deadline") {
    scenario.when_time_passes(5s).then(errand_dropped{"E", "j", late}).then_is(phase::compensated);
  }
  scenario.when_time_passes(1h).then();
  scenario.when_restarted();
  CHECK_FALSE(scenario.get().progress().open());
  CHECK(scenario.get().progress().next_due() == skald::no_time);
}

TEST_CASE("a command that the aggregate refuses does not end its saga") {
  saga_scenario scenario{types, {"errand", "E"}};
  scenario.when(start_errand{"j", 5, 5'000, false});
  scenario.when(start_errand{"j", 5, 5'000, false}).then().then_is(phase::running);
}

// -- what a saga needs
// ----------------------------------------------------------------------------------

TEST_CASE("a saga that lacks something is refused with its name") {
  const auto reason = [](const trip& state) { return state.reason; };
  const auto send = [](const trip&) { return skald::to<jar>("f", put{1}); };
  const auto refused = [](const skald::saga<trip>& saga, const std::string& why) {
    skald::registry fresh;
    CHECK_THROWS_MATCHES(fresh.host<trip>(saga), std::logic_error,
                         MessageMatches(ContainsSubstring("'x'") && ContainsSubstring(why)));
  };
  using saga = skald::saga<trip>;
  refused(saga("x").step("a").send(send).failure_reason(reason), "starts_on");
  refused(saga("x").starts_on<trip_planned>().step("a#1").send(send), "'#'");
  refused(saga("x").starts_on<trip_planned>().completes_on<step_noted>().choose(
              [](const trip&, const skald::saga_view&) { return std::vector<std::string>{}; }),
          "no steps");
  refused(saga("x").starts_on<trip_planned>().failure_reason(reason), "steps");
  refused(saga("x").starts_on<trip_planned>().step("a").failure_reason(reason), "'a'");
  refused(
      saga("x").starts_on<trip_planned>().step("a").send(send).step("a").send(send).failure_reason(
          reason),
      "two steps 'a'");
  refused(saga("x")
              .starts_on<trip_planned>()
              .step("a")
              .send(send)
              .completes_on<step_noted>()
              .failure_reason(reason),
          "both");
  CHECK_THROWS_MATCHES(saga("x").parallel_step("a"), std::logic_error,
                       MessageMatches(ContainsSubstring("'a'")));
  CHECK_THROWS_MATCHES(saga("x").send(send), std::logic_error,
                       MessageMatches(ContainsSubstring("before step")));
}
