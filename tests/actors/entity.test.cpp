#include "actors/entity.hpp"

#include "entity_driver.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::history_check;
using skald::saga_progress;

namespace {

const auto types = sample_types();

} // namespace

TEST_CASE("an entity that was never told anything does not exist") {
  entity_driver x{types, {"jar", "J"}};
  const auto view = x.live().view();
  CHECK_FALSE(view.exists);
  CHECK(view.sequence == 0);
  CHECK_FALSE(view.deleted);
  CHECK(view.in_saga.empty());
  CHECK(view.self == skald::address{"jar", "J"});
}

TEST_CASE("turns and sequences of an entity are gapless, and name what they handled") {
  entity_driver x{types, {"jar", "J"}};
  x.handle(message_of("a", put{5}));
  x.handle(message_of("b", put{0}));
  x.handle(message_of("c", put{1}));
  REQUIRE(x.count() == 3);
  std::uint64_t sequence = 0;
  for (std::size_t at = 1; at <= 3; ++at) {
    const auto stored = x.stored(at);
    CHECK(stored.turn == at);
    CHECK(stored.sequence == sequence);
    sequence += stored.events.size();
    CHECK(stored.stream == skald::address_view{"jar", "J"});
    CHECK(stored.input_type == "Put");
    CHECK(stored.correlation == "J");
  }
  CHECK(sequence == 2);
  CHECK(x.stored(2).input == skald::message_id_of("b"));
  CHECK_FALSE(x.stored(2).accepted);
  CHECK(x.stored(2).reason == "one puts at least one token");
}

TEST_CASE("a message that was handled is not handled again: the journal has its answer") {
  auto x = jar_with(5);
  for (int i = 0; i < 3; ++i) {
    auto again = x.handle(message_of("first", put{5}));
    CHECK(again.record.empty());
    CHECK(again.deliveries.empty());
    REQUIRE(again.lookups.size() == 1);
    CHECK(again.lookups[0].message->id == skald::message_id_of("first"));
  }
  // Also where the journal was asked before the first of two copies was handled.
  auto message = message_of("first", put{5});
  message.correlation = "J";
  auto input = delivered(std::move(message));
  input.history = history_check::new_here;
  CHECK(x.handle(skald::delivery_content{input}).lookups.size() == 1);
  CHECK(x.count() == 1);
  CHECK(x.live().sequence() == 1);
}

TEST_CASE("a refused command is remembered as well") {
  auto x = jar_with(5);
  x.handle(message_of("refused", put{0}));
  CHECK(x.handle(message_of("refused", put{0})).lookups.size() == 1);
  CHECK(x.count() == 2);
}

TEST_CASE("a message older than the memory of an entity is looked up before it is handled") {
  auto x = jar_with(5);
  const auto sent = x.now;
  for (std::size_t i = 0; i <= skald::inbox::least; ++i) {
    x.now += skald::inbox::reach;
    x.handle(message_of("message " + std::to_string(i), put{1}));
  }
  const auto count = x.count();
  auto message = message_of("first", put{5});
  message.first_sent = sent;
  CHECK(x.handle(message).lookups.size() == 1);
  auto late = message_of("never handled", put{5});
  late.first_sent = sent;
  CHECK(x.handle(late).lookups.size() == 1);
  CHECK(x.count() == count);
  late.to = {"jar", "J"};
  auto looked_up = delivered(late);
  looked_up.history = history_check::new_here;
  CHECK(x.handle(skald::delivery_content{looked_up}).lookups.empty());
  CHECK(x.count() == count + 1);
  auto recent = message_of("recent", put{5});
  recent.first_sent = x.now;
  CHECK(x.handle(recent).lookups.empty());
}

TEST_CASE("a command that expects another version is refused and names both") {
  auto x = jar_with(5);
  auto wrong = message_of("wrong", put{1});
  wrong.expected_version = 7;
  x.handle(wrong);
  CHECK_FALSE(x.last().accepted);
  CHECK(x.last().reason == "expected version 7, but it is 1");
  CHECK(x.last().events.empty());
  auto right = message_of("right", put{1});
  right.expected_version = 1;
  x.handle(right);
  CHECK(x.last().accepted);
  CHECK(x.live().sequence() == 2);
}

TEST_CASE("an unknown command and data that does not fit leave no trace") {
  auto x = jar_with(5);
  auto unknown = message_of("unknown", put{1});
  unknown.type = "Steal";
  auto malformed = message_of("malformed", put{1});
  malformed.payload = {std::byte{0x01}};
  for (const auto& each : {unknown, malformed}) {
    auto message = each;
    message.source = {"trip", "T"};
    const auto result = x.handle(message);
    CHECK(result.record.empty());
    REQUIRE(outcomes_of(result).size() == 1);
    CHECK_FALSE(outcomes_of(result)[0]->accepted);
    CHECK_FALSE(outcomes_of(result)[0]->reason.empty());
  }
  CHECK(x.count() == 1);
  // It was not handled: the same id with a sound content is.
  x.handle(message_of("unknown", put{1}));
  CHECK(x.count() == 2);
}

TEST_CASE("a deleted entity refuses commands, and can be told from one that never was") {
  auto x = jar_with(5);
  x.handle(message_of("smash", smash{}));
  CHECK(x.last().deleted);
  x.handle(message_of("more", put{1}));
  CHECK_FALSE(x.last().accepted);
  CHECK(x.last().reason == "jar/J is deleted");
  for (const auto& view : {x.live().view(), x.rebuilt()->view()}) {
    CHECK(view.deleted);
    CHECK(view.exists);
    CHECK(view.status == "broken");
  }
}

TEST_CASE("a deleted entity still ends the transactions that hold it") {
  auto x = jar_with(5);
  x.handle(reserving("r1", "T1"));
  x.handle(reserving("r2", "T2"));
  x.handle(message_of("smash", smash{}));
  x.handle(settling("s1", "T1"));
  CHECK(x.last().accepted);
  x.handle(releasing("s2", "T2"));
  CHECK(x.last().accepted);
  CHECK(x.live().view().in_saga.empty());
}

// -- time
// ------------------------------------------------------------------------------------------------

TEST_CASE("the times of an entity's turns never go back, whatever the clock does") {
  auto x = jar_with(5);
  const auto first = x.last().time;
  x.now -= 30min;
  x.handle(message_of("a", put{1}));
  CHECK(x.last().time == first);
  x.restart();
  x.handle(message_of("b", put{1}));
  CHECK(x.last().time == first);
  x.now = first + 1s;
  x.handle(message_of("c", put{1}));
  CHECK(x.last().time == first + 1s);
}

TEST_CASE("a turn is never earlier than its message was sent, so that a look-up finds it") {
  auto x = jar_with(5);
  auto ahead = message_of("ahead", put{1});
  ahead.first_sent = x.now + 5s;
  x.handle(ahead);
  CHECK(x.last().time == x.now + 5s);
}

TEST_CASE("a deadline that is not due yet does nothing but say when it is") {
  entity_driver x{types, {"trip", "T"}};
  const auto due = x.now + 5s;
  const auto started = x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000}));
  REQUIRE(started.next_due);
  CHECK(started.next_due->second == due);
  x.now += 4s;
  const auto early = x.handle(skald::delivery_content{skald::deadline_delivery{}});
  CHECK(early.record.empty());
  REQUIRE(early.next_due);
  CHECK(early.next_due->second == due);
  x.now += 1s;
  const auto in_time = x.handle(skald::delivery_content{skald::deadline_delivery{}});
  CHECK_FALSE(in_time.record.empty());
  CHECK(in_time.next_due->second == skald::no_time);
}

TEST_CASE("a deadline beyond the end of time is never") {
  entity_driver x{types, {"trip", "T"}};
  const auto never = std::numeric_limits<std::int64_t>::max() / 1'000;
  x.handle(message_of("start", plan_trip{"f", "h", "c", 1, never}));
  CHECK(x.last().next_due > x.now);
  CHECK(x.live().progress().current() == saga_progress::phase::running);
}

// -- what cannot be replayed
// -----------------------------------------------------------------------------

TEST_CASE(
    "a stored event that the program does not know is refused with aggregate, sequence and name") {
  auto x = jar_with(5);
  auto stored = x.last();
  stored.events[0].type = "Vanished";
  skald::entity fresh{*types.find("jar"), {"jar", "J"}};
  const auto wrong = fresh.replay(stored);
  REQUIRE(wrong);
  CHECK_THAT(*wrong, ContainsSubstring("jar/J") && ContainsSubstring("sequence 1") &&
                         ContainsSubstring("'Vanished'"));
}

TEST_CASE("a stored event is named by its own sequence, also within a turn of several") {
  entity_driver x{types, {"errand", "E"}};
  x.handle(message_of("start", start_errand{"j", 1, 5'000, true}));
  auto stored = x.last();
  REQUIRE(stored.events.size() == 2);
  stored.events[1].type = "Vanished";
  skald::entity fresh{*types.find("errand"), {"errand", "E"}};
  const auto wrong = fresh.replay(stored);
  REQUIRE(wrong);
  CHECK_THAT(*wrong, ContainsSubstring("sequence 2"));
}

TEST_CASE("a saga that the program no longer knows is refused with its name") {
  entity_driver x{types, {"trip", "T"}};
  x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000}));
  skald::registry without;
  without.host<trip>();
  skald::entity fresh{*without.find("trip"), {"trip", "T"}};
  const auto wrong = fresh.replay(x.last());
  REQUIRE(wrong);
  CHECK_THAT(*wrong, ContainsSubstring("trip/T") && ContainsSubstring("'book trip'"));
}

TEST_CASE("records that are missing or stand twice are noticed") {
  auto x = jar_with(5);
  x.handle(message_of("a", put{1}));
  x.handle(message_of("b", put{1}));
  skald::entity gap{*types.find("jar"), {"jar", "J"}};
  REQUIRE_FALSE(gap.replay(x.stored(1)));
  const auto wrong = gap.replay(x.stored(3));
  REQUIRE(wrong);
  CHECK_THAT(*wrong, ContainsSubstring("jar/J") && ContainsSubstring("turn 3"));
  skald::entity twice{*types.find("jar"), {"jar", "J"}};
  REQUIRE_FALSE(twice.replay(x.stored(1)));
  CHECK(twice.replay(x.stored(1)));
}
