#include "actors/live_set.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <random>
#include <string>

using namespace skald;

namespace {

address jar_named(const std::string& id) {
  return {"jar", id};
}

} // namespace

TEST_CASE("an entity that was added is found, idle and the longest idle") {
  live_set set;
  CHECK_FALSE(set.find(jar_named("A")));
  CHECK_FALSE(set.longest_idle());
  const auto a = set.add(jar_named("A"));
  const auto b = set.add(jar_named("B"));
  CHECK(a != b);
  CHECK(set.find(jar_named("A")) == a);
  CHECK(set.find(jar_named("B")) == b);
  CHECK(set.idle(a));
  CHECK(set.longest_idle() == a);
  CHECK(set.size() == 2);
  CHECK(set.under_way() == 0);
}

TEST_CASE("an entity is idle again when as much has come back as was delivered") {
  live_set set;
  const auto a = set.add(jar_named("A"));
  const auto b = set.add(jar_named("B"));
  set.delivered(a);
  set.delivered(a);
  CHECK_FALSE(set.idle(a));
  CHECK(set.longest_idle() == b);
  CHECK(set.under_way() == 2);
  set.released(std::array{released_input{a}});
  CHECK_FALSE(set.idle(a));
  set.released(std::array{released_input{a}});
  CHECK(set.idle(a));
  CHECK(set.under_way() == 0);
  // It has been idle for less long than the other now.
  CHECK(set.longest_idle() == b);
  set.remove(b);
  CHECK(set.longest_idle() == a);
}

TEST_CASE("a slot that was freed serves another entity, and is not idle meanwhile") {
  live_set set;
  const auto a = set.add(jar_named("A"));
  set.remove(a);
  CHECK_FALSE(set.idle(a));
  CHECK_FALSE(set.find(jar_named("A")));
  const auto b = set.add(jar_named("B"));
  CHECK(b == a);
  CHECK_FALSE(set.find(jar_named("A")));
  CHECK(set.find(jar_named("B")) == b);
}

TEST_CASE("an entity is finished if its last input has left it so") {
  live_set set;
  const auto a = set.add(jar_named("A"));
  set.delivered(a);
  set.delivered(a);
  set.delivered(a);
  set.released(std::array{released_input{a, true}});
  CHECK_FALSE(set.finished(a)); // not idle yet
  set.released(std::array{released_input{a, true}, released_input{a, false}});
  CHECK(set.idle(a));
  CHECK_FALSE(set.finished(a));
  set.delivered(a);
  set.released(std::array{released_input{a, true}});
  CHECK(set.finished(a));
  set.remove(a);
  CHECK_FALSE(set.finished(set.add(jar_named("B"))));
}

TEST_CASE("a cleared set knows nobody") {
  live_set set;
  set.delivered(set.add(jar_named("A")));
  set.add(jar_named("B"));
  CHECK(set.clear().size() == 2);
  CHECK(set.size() == 0);
  CHECK(set.under_way() == 0);
  CHECK_FALSE(set.longest_idle());
  CHECK_FALSE(set.find(jar_named("A")));
  CHECK(set.idle(set.add(jar_named("A"))));
}

TEST_CASE("a live set does what plain containers would, in 100,000 random calls") {
  std::mt19937_64 random{7};
  live_set set;
  std::map<std::string, std::pair<slot_id, int>> model; // id → slot, under way
  std::list<std::string> idle;
  for (int i = 0; i < 100'000; ++i) {
    const auto id = std::to_string(random() % 50);
    const auto found = model.find(id);
    const auto choice = random() % 4;
    if (found == model.end()) {
      model[id] = {set.add(jar_named(id)), 0};
      idle.push_back(id);
    } else if (choice == 0 && found->second.second == 0) {
      set.remove(found->second.first);
      idle.remove(id);
      model.erase(found);
    } else if (choice == 1 && found->second.second > 0) {
      set.released(std::array{released_input{found->second.first}});
      if (--found->second.second == 0)
        idle.push_back(id);
    } else {
      set.delivered(found->second.first);
      if (found->second.second++ == 0)
        idle.remove(id);
    }
    REQUIRE(set.size() == model.size());
    REQUIRE(set.longest_idle().has_value() == !idle.empty());
    if (!idle.empty())
      REQUIRE(*set.longest_idle() == model.at(idle.front()).first);
    std::size_t under_way = 0;
    for (const auto& [each, entry] : model) {
      under_way += static_cast<std::size_t>(entry.second);
      if (i % 100 == 0)
        REQUIRE(set.find(jar_named(each)) == entry.first);
    }
    REQUIRE(set.under_way() == under_way);
  }
}
