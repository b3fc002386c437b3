#include "actors/inbox.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdint>

using namespace skald;
using namespace std::chrono_literals;

namespace {

const timestamp start{std::chrono::hours{1}};

message_id id(std::uint64_t n) {
  return {n, n};
}

} // namespace

TEST_CASE("an inbox that has forgotten nothing reaches back to the beginning of time") {
  inbox box;
  CHECK(box.reaches_back_to(timestamp::min() + duration{1}));
  CHECK(box.reaches_back_to(no_time));
  box.add(id(1), start);
  CHECK(box.reaches_back_to(no_time));
  CHECK(box.contains(id(1)));
  CHECK_FALSE(box.contains(id(2)));
}

TEST_CASE("an inbox remembers the least count of messages, however old they are") {
  inbox box;
  for (std::uint64_t i = 0; i < inbox::least; ++i)
    box.add(id(i), start + std::chrono::hours{i});
  for (std::uint64_t i = 0; i < inbox::least; ++i)
    CHECK(box.contains(id(i)));
  CHECK(box.reaches_back_to(no_time));
}

TEST_CASE(
    "an inbox remembers everything within its reach, and not a message more once it is older") {
  inbox box;
  const auto count = inbox::least * 2;
  for (std::uint64_t i = 0; i < count; ++i)
    box.add(id(i), start);
  box.add(id(count), start + inbox::reach);
  CHECK(box.contains(id(0)));
  CHECK(box.reaches_back_to(start));
  box.add(id(count + 1), start + inbox::reach + duration{1});
  CHECK_FALSE(box.contains(id(0)));
  CHECK(box.contains(id(count + 1)));
  CHECK(box.contains(id(count + 2 - inbox::least)));
  CHECK_FALSE(box.contains(id(count + 1 - inbox::least)));
}

TEST_CASE("an inbox never holds more than its most") {
  inbox box;
  for (std::uint64_t i = 0; i <= inbox::most; ++i)
    box.add(id(i), start);
  CHECK_FALSE(box.contains(id(0)));
  CHECK(box.contains(id(1)));
  CHECK(box.contains(id(inbox::most)));
  // What was forgotten may have been sent at `start`, so that time is no longer reached.
  CHECK_FALSE(box.reaches_back_to(start));
  CHECK(box.reaches_back_to(start + duration{1}));
}

TEST_CASE("after forgetting, an inbox reaches back to just behind the last that it forgot") {
  inbox box;
  for (std::uint64_t i = 0; i < inbox::least; ++i)
    box.add(id(i), start + i * 1s);
  const auto late = start + std::chrono::hours{1};
  box.add(id(1'000), late);
  CHECK_FALSE(box.contains(id(0)));
  CHECK_FALSE(box.reaches_back_to(start));
  CHECK(box.reaches_back_to(start + duration{1}));
  box.add(id(1'001), late);
  CHECK_FALSE(box.contains(id(1)));
  CHECK_FALSE(box.reaches_back_to(start + 1s));
  CHECK(box.reaches_back_to(start + 1s + duration{1}));
}

TEST_CASE("a message that an inbox remembers is not counted twice") {
  inbox box;
  for (int i = 0; i < 3; ++i)
    for (std::uint64_t each = 0; each < inbox::least; ++each)
      box.add(id(each), start);
  box.add(id(inbox::least), start + std::chrono::hours{1});
  CHECK_FALSE(box.contains(id(0)));
  CHECK(box.contains(id(1)));
}

TEST_CASE("whatever is forgotten, a message that the inbox reaches back to is remembered") {
  inbox box;
  std::vector<std::pair<message_id, timestamp>> added;
  auto now = start;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    now += (i % 7 == 0 ? 3s : 0s) + (i % 1'000 == 0 ? 60s : 0s);
    box.add(id(i), now);
    added.emplace_back(id(i), now);
    if (i % 50 == 0)
      for (const auto& [known, time] : added)
        if (box.reaches_back_to(time))
          REQUIRE(box.contains(known));
  }
  CHECK_FALSE(box.reaches_back_to(start + 3s));
}

TEST_CASE("an inbox of many messages knows exactly those that a plain list of them would") {
  // Ids that would all have one place in a hash table, and ids at its end.
  const auto alike = GENERATE(true, false);
  const auto number = [&](std::uint64_t n) {
    return alike ? message_id{n, std::uint64_t{1} << 40} : message_id{n, ~n};
  };
  inbox box;
  std::vector<inbox::entry> model;
  auto now = start;
  for (std::uint64_t i = 0; i < 1'500; ++i) {
    now += i % 100 == 0 ? 2s : 1ms;
    box.add(number(i), now);
    model.push_back({number(i), now});
    while (model.size() > inbox::least && model.front().time < now - inbox::reach)
      model.erase(model.begin());
    if (i % 250 == 0) {
      inbox restored;
      restored.restore(box.entries(), box.forgotten_up_to());
      box = restored;
    }
    REQUIRE(box.entries().size() == model.size());
    for (std::uint64_t n = i < 700 ? 0 : i - 700; n <= i; n += 7)
      REQUIRE(box.contains(number(n)) == (n + model.size() > i));
    REQUIRE_FALSE(box.contains(number(i + 1)));
  }
}
