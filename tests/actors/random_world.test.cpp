#include "random_world.hpp"

#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace sample;
using skald::saga_progress;

namespace {

const std::vector<std::string> jars{"a", "b", "c", "d", "e", "f"};

// Only errands reserve here, and nobody makes it stuck: what a handler sends is not tried again.
const std::string errand_jar = "g";

} // namespace

TEST_CASE("whatever is lost, repeated or reordered, every transaction ends wholly or not at all") {
  const auto seed = GENERATE(range(1u, 61u));
  INFO("seed " << seed);
  random_world world{seed};
  std::mt19937_64 random{seed};
  for (const auto& each : jars)
    world.send<jar>(each, put{30});
  world.send<jar>(errand_jar, put{30});
  world.run_badly(100);
  std::map<int, std::int64_t> errand_tokens;
  for (int i = 0; i < 12; ++i) {
    const auto tokens = static_cast<std::int64_t>(1 + random() % 8);
    const auto time = static_cast<std::int64_t>(500 + random() % 5'000);
    // Three jars that differ: a jar keeps one reservation for a trip.
    auto three = jars;
    std::shuffle(three.begin(), three.end(), random);
    world.send<trip>("T" + std::to_string(i),
                     plan_trip{three[0], three[1], three[2], tokens, time});
    errand_tokens[i] = tokens;
    world.send<errand>("E" + std::to_string(i), start_errand{errand_jar, tokens, time, false});
    if (i % 3 == 0)
      world.send<jar>(jars[random() % jars.size()], set_stuck{true});
    world.run_badly(60);
  }
  world.run_badly(500);
  world.deliver_from_clients();
  for (const auto& each : jars)
    world.send<jar>(each, set_stuck{false});
  world.run_well();

  std::map<std::string, std::int64_t> spent;
  std::map<std::string, std::map<std::string, std::int64_t>> kept;
  for (int i = 0; i < 12; ++i) {
    const auto id = std::to_string(i);
    const auto& progress = world.entity_at({"trip", "T" + id}).progress();
    REQUIRE(progress.ended());
    const auto planned = world.state<trip>("T" + id);
    REQUIRE(planned.given_up == (progress.current() == saga_progress::phase::compensated));
    if (!planned.given_up) {
      spent[planned.plan.flight] += planned.plan.tokens;
      spent[planned.plan.hotel] += planned.plan.tokens;
      // The car's confirm needs nothing of the domain, so its reservation stays.
      kept[planned.plan.car]["T" + id] = planned.plan.tokens;
    }
    REQUIRE(world.entity_at({"errand", "E" + id}).progress().ended());
    if (world.state<errand>("E" + id).status == "finished")
      spent[errand_jar] += errand_tokens[i];
  }
  auto all = jars;
  all.push_back(errand_jar);
  for (const auto& each : all) {
    INFO("jar " << each);
    REQUIRE(world.entity_at({"jar", each}).view().in_saga.empty());
    const auto state = world.state<jar>(each);
    REQUIRE(state.spent == spent[each]);
    REQUIRE(state.reservations == kept[each]);
    auto total = state.tokens + state.spent;
    for (const auto& [key, tokens] : state.reservations)
      total += tokens;
    REQUIRE(total == 30);
  }
}
