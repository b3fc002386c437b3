#include "actors/small_set.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <set>
#include <string>

using namespace skald;

TEST_CASE("a small set knows what was put in until it is taken out") {
  small_set<std::string> set;
  CHECK(set.empty());
  set.insert("A");
  set.insert("A");
  set.insert("B");
  CHECK(set.size() == 2);
  CHECK(set.contains("A"));
  CHECK(set.erase("A"));
  CHECK_FALSE(set.erase("A"));
  CHECK_FALSE(set.contains("A"));
  CHECK(set.contains("B"));
  CHECK(set.erase("B"));
  CHECK(set.empty());
}

TEST_CASE("a small set does what a plain one would, however many elements it has") {
  std::mt19937 random{11};
  for (const unsigned range : {4U, 40U, 400U}) {
    small_set<unsigned> set;
    std::set<unsigned> model;
    for (int i = 0; i < 20'000; ++i) {
      const auto x = random() % range;
      // Grows for a while, then shrinks, so that it is small again and again.
      if (random() % 100 < (i / 1'000 % 2 == 0 ? 70U : 20U)) {
        set.insert(x);
        model.insert(x);
      } else {
        REQUIRE(set.erase(x) == (model.erase(x) > 0));
      }
      REQUIRE(set.size() == model.size());
      REQUIRE(set.contains(x) == model.contains(x));
    }
    std::set<unsigned> seen;
    set.for_each([&](unsigned x) { CHECK(seen.insert(x).second); });
    CHECK(seen == model);
  }
}

TEST_CASE("a visit of a small set ends with the element that is looked for") {
  small_set<int> set;
  for (int x = 0; x < 100; ++x)
    set.insert(x);
  int visits = 0;
  CHECK(set.any_of([&](int) { return ++visits == 3; }));
  CHECK(visits == 3);
}
