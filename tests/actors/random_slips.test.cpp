#include "random_world.hpp"
#include "slip_domain.hpp"

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

constexpr int trips = 14;

const std::vector<std::string> jars{"a", "b", "c", "d", "e", "f"};

// The clerks: one who grants at once and adds a jar, one who grants at once and drops a stop, and
// one who waits to be told.
void instruct_clerks(random_world& world) {
  world.send<clerk>("clerk who adds", instruct{true, "x", ""});
  world.send<clerk>("clerk who drops", instruct{true, "", "car"});
  world.send<clerk>("clerk who waits", instruct{false, "", ""});
}

std::string hotel_of(const std::string& jar, std::uint64_t chance) {
  switch (chance % 6) {
  case 0:
    return "clerk who adds";
  case 1:
    return "clerk who drops";
  case 2:
    return "clerk who waits";
  default:
    return jar;
  }
}

// What the trip `id` has left behind where it was completed.
struct expectation {
  std::map<std::string, std::int64_t> spent;
  std::map<std::string, std::string> requests; ///< at all clerks, by trip
};

void expect_of(random_world& world, const std::string& id, expectation& expected) {
  const auto& progress = world.entity_at({"trip", id}).progress();
  REQUIRE(progress.ended());
  const auto planned = world.state<trip>(id);
  const bool failed = progress.current() == saga_progress::phase::compensated;
  REQUIRE(planned.given_up == failed);
  REQUIRE(planned.noted.size() == (failed ? 0 : 1));
  if (failed)
    return;
  const auto& plan = planned.plan;
  expected.spent[plan.flight] += plan.tokens;
  if (!plan.hotel.starts_with("clerk"))
    expected.spent[plan.hotel] += plan.tokens;
  if (plan.hotel == "clerk who adds")
    expected.spent["x"] += 1;
  if (plan.hotel != "clerk who drops")
    expected.spent[plan.car] += plan.tokens;
  if (plan.hotel.starts_with("clerk"))
    expected.requests[id] = plan.hotel;
}

} // namespace

TEST_CASE("whatever is lost, repeated or reordered, every routing slip ends wholly or not at all") {
  const auto seed = GENERATE(range(1u, 81u));
  INFO("seed " << seed);
  random_world world{seed, slip_types()};
  std::mt19937_64 random{seed};
  auto all_jars = jars;
  all_jars.push_back("x");
  for (const auto& each : all_jars)
    world.send<jar>(each, put{30});
  instruct_clerks(world);
  world.run_badly(100);
  world.deliver_from_clients();
  for (int i = 0; i < trips; ++i) {
    const auto id = "T" + std::to_string(i);
    const auto tokens = static_cast<std::int64_t>(1 + random() % 8);
    const auto time = static_cast<std::int64_t>(500 + random() % 5'000);
    auto three = jars;
    std::shuffle(three.begin(), three.end(), random);
    world.send<trip>(id, plan_trip{three[0], hotel_of(three[1], random()), three[2], tokens, time});
    if (i % 3 == 0)
      world.send<jar>(jars[random() % jars.size()], set_stuck{true});
    world.run_badly(60);
    if (random() % 2 == 0)
      world.send<clerk>("clerk who waits", grant{id}, id);
    else
      world.send<clerk>("clerk who waits", deny{id, "no"}, id);
    world.run_badly(30);
  }
  world.run_badly(500);
  world.deliver_from_clients();
  for (const auto& each : jars)
    world.send<jar>(each, set_stuck{false});
  world.run_well();

  expectation expected;
  for (int i = 0; i < trips; ++i)
    expect_of(world, "T" + std::to_string(i), expected);
  for (const auto& each : all_jars) {
    INFO("jar " << each);
    REQUIRE(world.entity_at({"jar", each}).view().in_saga.empty());
    REQUIRE(world.entity_at({"jar", each}).slips().empty());
    REQUIRE(world.entity_at({"jar", each}).slips().trails().empty());
    const auto state = world.state<jar>(each);
    REQUIRE(state.spent == expected.spent[each]);
    REQUIRE(state.reservations.empty());
    REQUIRE(state.tokens + state.spent == 30);
  }
  for (const auto* each : {"clerk who adds", "clerk who drops", "clerk who waits"}) {
    INFO(each);
    REQUIRE(world.entity_at({"clerk", each}).view().in_saga.empty());
    for (const auto& [trip_id, what] : world.state<clerk>(each).requests)
      REQUIRE((what == "granted") ==
              (expected.requests.contains(trip_id) && expected.requests[trip_id] == each));
  }
}
