#include "trip_saga_maker.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <string_view>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace sample;
using namespace std::chrono_literals;
using skald::saga_scenario;
using skald::saga_view;
using phase = skald::saga_progress::phase;
using names = std::vector<std::string>;

// Process managers: steps chosen at run time.

TEST_CASE("a process manager branches on what it knows") {
  const std::int64_t tokens = GENERATE(5, 50);
  trip_saga_maker x;
  x.step("pay").step("check").step("ship").also().choose(
      [](const trip& state, const saga_view& so_far) {
        names wanted;
        if (state.plan.tokens > 10)
          wanted.push_back("check");
        if (state.plan.tokens <= 10 || so_far.succeeded("check"))
          wanted.push_back("pay");
        if (so_far.succeeded("pay"))
          wanted.push_back("ship");
        return wanted;
      });
  skald::registry types;
  types.host<jar>().host<trip>(x.also());
  saga_scenario scenario{types, {"trip", "T"}};
  scenario.when(plan_trip{"f", "h", "c", tokens, 5'000});
  if (tokens > 10)
    scenario.when_succeeded("check");
  scenario.when_succeeded("pay").when_succeeded("ship").then_is(phase::confirming);
  CHECK((scenario.get().progress().find("check") != nullptr) == (tokens > 10));
}

TEST_CASE("a process manager runs parts of a step in parallel and joins them") {
  trip_saga_maker x;
  x.step("ship").also().send([](const trip& state, std::string_view part) {
    return skald::to<jar>("s" + std::string{part},
                          reserve{state.plan.id, state.plan.tokens, false});
  });
  x.step("bill").also().choose([](const trip&, const saga_view& so_far) {
    if (so_far.succeeded("ship#1") && so_far.succeeded("ship#2"))
      return names{"ship#1", "ship#2", "bill"};
    return names{"ship#1", "ship#2"};
  });
  auto& scenario = x.start();
  scenario.then_sends({skald::sent("ship#1", "step", reserve{"T", 5, false}, {"jar", "s1"}),
                       skald::sent("ship#2", "step", reserve{"T", 5, false}, {"jar", "s2"})});
  scenario.when_succeeded("ship#2").then_sends_nothing();
  if (GENERATE(false, true))
    scenario.when_restarted();
  SECTION("both succeed") {
    scenario.when_succeeded("ship#1").then_sends({reserve_at("bill")});
    scenario.when_succeeded("bill").then_sends(
        {"ship#1: confirm to jar/s1", "ship#2: confirm to jar/s2", confirm_at("bill")});
  }
  SECTION("one fails: the other is compensated") {
    scenario.when_failed("ship#1", "no van")
        .then_sends({skald::sent("ship#2", "cancel", release{"T"}, {"jar", "s2"})});
  }
}

TEST_CASE("a process manager tries one after the other until one succeeds") {
  trip_saga_maker x;
  x.step("try").also().may_fail().choose([](const trip&, const saga_view& so_far) {
    names wanted{"try#1"};
    for (int i = 1; i < 4 && so_far.failed("try#" + std::to_string(i)); ++i)
      wanted.push_back("try#" + std::to_string(i + 1));
    return wanted;
  });
  auto& scenario = x.start();
  scenario.when_failed("try#1", "full")
      .then_sends({skald::sent("try#2", "step", reserve{"T", 5, false}, {"jar", "try"})});
  scenario.when_refused_for_now("try#2", "busy");
  for (int i = 0; i < 3; ++i)
    scenario.when_time_passes(1s).when_refused_for_now("try#2", "busy");
  // Nobody knows whether the second has taken effect: it is cancelled before the third begins.
  scenario.then_sends({skald::sent("try#2", "cancel", release{"T"}, {"jar", "try"})});
  scenario.when_succeeded("try#2").then_sends(
      {skald::sent("try#3", "step", reserve{"T", 5, false}, {"jar", "try"})});
  scenario.when_succeeded("try#3").then_sends({"try#3: confirm to jar/try"});
  scenario.when_succeeded("try#3").then_is(phase::completed);
}

TEST_CASE("a process manager that chooses what it has not declared, or nothing, is told so") {
  const auto wanted = GENERATE(names{}, names{"elsewhere"});
  trip_saga_maker x;
  x.step("a").also().choose([wanted](const trip&, const saga_view&) { return wanted; });
  CHECK_THROWS_MATCHES(x.start(), std::logic_error,
                       MessageMatches(ContainsSubstring("'trip'") &&
                                      ContainsSubstring(wanted.empty() ? "no step" : "elsewhere")));
}
