#include "actors/deadline_set.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace skald;

namespace {

timestamp at(std::int64_t microseconds) {
  return timestamp{duration{microseconds}};
}

address entity_number(std::uint64_t n) {
  return {"jar", std::to_string(n)};
}

} // namespace

TEST_CASE("an empty deadline set has nothing due") {
  deadline_set set;
  address woken;
  CHECK(set.next() == no_time);
  CHECK_FALSE(set.take_due(timestamp::max(), woken));
  set.set({"jar", "A"}, no_time);
  CHECK(set.next() == no_time);
  CHECK(set.size() == 0);
}

TEST_CASE("a deadline is due at its time, not before, and once") {
  deadline_set set;
  set.set({"jar", "A"}, at(10));
  address woken;
  CHECK_FALSE(set.take_due(at(9), woken));
  CHECK(set.take_due(at(10), woken));
  CHECK(woken == address{"jar", "A"});
  CHECK_FALSE(set.take_due(timestamp::max(), woken));
}

TEST_CASE("a deadline that is moved is due at its last time only") {
  deadline_set set;
  set.set({"jar", "A"}, at(10));
  set.set({"jar", "A"}, at(20));
  CHECK(set.next() == at(20));
  address woken;
  CHECK_FALSE(set.take_due(at(19), woken));
  set.set({"jar", "A"}, at(5));
  set.set({"jar", "A"}, at(5));
  CHECK(set.take_due(at(19), woken));
  CHECK_FALSE(set.take_due(timestamp::max(), woken));
  CHECK(set.size() == 0);
}

TEST_CASE("deadlines that are cleared do not pile up") {
  deadline_set set;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    set.set(entity_number(i), at(static_cast<std::int64_t>(1'000'000 + i)));
    set.set(entity_number(i), no_time);
  }
  CHECK(set.size() == 0);
  CHECK(set.entries() <= 2'048);
  for (std::int64_t i = 1; i <= 100'000; ++i)
    set.set({"jar", "A"}, at(i));
  CHECK(set.size() == 1);
  CHECK(set.entries() <= 2'048);
  CHECK(set.next() == at(100'000));
}

TEST_CASE("deadlines that are set together are set as one behind the other") {
  deadline_set set;
  std::vector<std::pair<address, timestamp>> changes;
  for (std::uint64_t i = 0; i < 5'000; ++i)
    changes.emplace_back(entity_number(i), at(static_cast<std::int64_t>(1 + i)));
  changes.emplace_back(entity_number(7), at(6'000)); // moved,
  changes.emplace_back(entity_number(8), no_time);   // cleared,
  changes.emplace_back(entity_number(9), no_time);   // cleared and set again,
  changes.emplace_back(entity_number(9), at(7'000));
  changes.emplace_back(entity_number(9'999), no_time); // never set
  set.set(changes);
  CHECK(set.size() == 4'999);
  address woken;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    if (i >= 7 && i <= 9)
      continue;
    REQUIRE(set.take_due(timestamp::max(), woken));
    REQUIRE(woken == entity_number(i));
  }
  CHECK(set.next() == at(6'000));
  CHECK(set.take_due(timestamp::max(), woken));
  CHECK(woken == entity_number(7));
  CHECK(set.take_due(timestamp::max(), woken));
  CHECK(woken == entity_number(9));
  CHECK_FALSE(set.take_due(timestamp::max(), woken));
}

TEST_CASE("a deadline set does what a plain map would, in 100,000 random calls") {
  std::mt19937_64 random{20'240'301};
  deadline_set set;
  std::map<address, timestamp> model;
  const auto check_due = [&](timestamp now) {
    address woken;
    auto last = timestamp::min();
    while (set.take_due(now, woken)) {
      const auto found = model.find(woken);
      REQUIRE(found != model.end());
      REQUIRE(found->second <= now);
      REQUIRE(found->second >= last);
      last = found->second;
      model.erase(found);
    }
    for (const auto& [self, due] : model)
      REQUIRE(due > now);
  };
  std::int64_t now = 1'000;
  for (int i = 0; i < 100'000; ++i) {
    const auto self = entity_number(random() % 500);
    if (random() % 3 == 0) {
      set.set(self, no_time);
      model.erase(self);
    } else {
      const auto due = at(now + static_cast<std::int64_t>(random() % 1'000));
      set.set(self, due);
      model[self] = due;
    }
    if (i % 100 == 0) {
      now += static_cast<std::int64_t>(random() % 300);
      check_due(at(now));
      auto earliest = no_time;
      for (const auto& [each, due] : model)
        if (earliest == no_time || due < earliest)
          earliest = due;
      REQUIRE(set.next() == earliest);
      REQUIRE(set.size() == model.size());
    }
  }
}
