#include "actors/test_kit.hpp"

#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace sample;
using skald::expectation_failed;
using skald::given;
using skald::saga_progress;
using skald::saga_scenario;

namespace {

const auto types = sample_types();

saga_scenario planned() {
  saga_scenario scenario{types, {"trip", "T"}};
  scenario.when(plan_trip{"f", "h", "c", 5, 5'000});
  return scenario;
}

} // namespace

TEST_CASE("an expectation of events that holds passes") {
  given<jar>(was_put{7, 7}).when(put{3}).then(was_put{3, 10});
  given<jar>().when(put{0}).then_rejected();
  given<jar>().when(put{0}).then_rejected("at least one");
  given<jar>().when(reserve{"k", 1, false}).then(reserve_failed{"k", "not enough tokens", false});
}

TEST_CASE("an expectation of events that fails shows what was expected and what happened") {
  CHECK_THROWS_MATCHES(given<jar>().when(put{3}).then(was_put{4, 4}), expectation_failed,
                       MessageMatches(ContainsSubstring(R"(expected events:
  WasPut {"tokens":4,"total":4}
actual events:
  WasPut {"tokens":3,"total":3}
)")));
  CHECK_THROWS_MATCHES(given<jar>().when(put{3}).then(), expectation_failed,
                       MessageMatches(ContainsSubstring("(none)") && ContainsSubstring("WasPut")));
  CHECK_THROWS_MATCHES(
      given<jar>().when(put{3}).then(was_put{3, 3}, was_put{3, 3}), expectation_failed,
      MessageMatches(ContainsSubstring("expected events") && ContainsSubstring("actual events")));
}

TEST_CASE("an expectation of events fails on a rejection and says why it was rejected") {
  CHECK_THROWS_MATCHES(given<jar>().when(put{0}).then(was_put{0, 0}), expectation_failed,
                       MessageMatches(ContainsSubstring("one puts at least one token")));
  CHECK_THROWS_AS(given<jar>().when(put{0}).then(), expectation_failed);
}

TEST_CASE("an expectation of a rejection fails on events and on another reason") {
  CHECK_THROWS_MATCHES(given<jar>().when(put{1}).then_rejected(), expectation_failed,
                       MessageMatches(ContainsSubstring("WasPut")));
  CHECK_THROWS_MATCHES(given<jar>().when(put{0}).then_rejected("too many"), expectation_failed,
                       MessageMatches(ContainsSubstring("'too many'") &&
                                      ContainsSubstring("one puts at least one token")));
}

TEST_CASE("a given aggregate has the id and the time that the test says") {
  given<trip>()
      .as("T-9")
      .when(plan_trip{"f", "h", "c", 1, 2})
      .then(trip_planned{"T-9", "f", "h", "c", 1, 2});
}

TEST_CASE("an expectation of what a saga sends that fails shows both") {
  auto scenario = planned();
  CHECK_THROWS_MATCHES(
      scenario.then_sends_nothing(), expectation_failed,
      MessageMatches(ContainsSubstring("(none)") &&
                     ContainsSubstring(R"(flight: step Reserve {"by_errand":false,"key":"T",)") &&
                     ContainsSubstring("to jar/f")));
  CHECK_THROWS_MATCHES(
      scenario.then(), expectation_failed,
      MessageMatches(ContainsSubstring("(none)") && ContainsSubstring("TripPlanned")));
  CHECK_THROWS_AS(scenario.then_is(saga_progress::phase::completed), expectation_failed);
}

TEST_CASE("an answer to a step that was never sent is a mistake of the test") {
  auto scenario = planned();
  CHECK_THROWS_MATCHES(scenario.when_succeeded("hotel"), expectation_failed,
                       MessageMatches(ContainsSubstring("'hotel'")));
  CHECK_THROWS_MATCHES(scenario.when_answered("flight", "Release", true), expectation_failed,
                       MessageMatches(ContainsSubstring("'flight'")));
}

TEST_CASE("a scenario of a type that is not hosted says so") {
  CHECK_THROWS_MATCHES((saga_scenario{types, {"voyage", "V"}}), expectation_failed,
                       MessageMatches(ContainsSubstring("voyage")));
}

TEST_CASE("what an input caused before is not what the next one causes") {
  auto scenario = planned();
  scenario.when_time_passes(std::chrono::milliseconds{1}).then().then_sends_nothing();
  scenario.when_succeeded("flight").then(step_noted{"flight"});
  scenario.when_restarted().then().then_sends(
      {skald::sent("hotel", "step", reserve{"T", 5, false}, {"jar", "h"})});
}
