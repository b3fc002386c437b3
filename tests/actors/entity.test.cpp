#include "actors/entity.hpp"

#include "entity_driver.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::history_check;
using skald::participation;
using skald::saga_progress;

namespace {

const auto types = sample_types();

entity_driver jar_with(std::int64_t tokens) {
  entity_driver result{types, {"jar", "J"}};
  result.handle(message_of("first", put{tokens}));
  return result;
}

skald::command_message reserving(std::string id, std::string transaction, std::int64_t tokens = 1) {
  const reserve command{transaction, tokens, false};
  return in_step(message_of(std::move(id), command), participation::step, transaction, "flight");
}

skald::command_message settling(std::string id, std::string transaction) {
  const settle command{transaction};
  return in_step(message_of(std::move(id), command), participation::confirm, transaction, "flight");
}

skald::command_message releasing(std::string id, std::string transaction) {
  const release command{transaction};
  return in_step(message_of(std::move(id), command), participation::cancel, transaction, "flight");
}

using names = std::vector<std::string>;

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

// -- holds
// -----------------------------------------------------------------------------------------------

TEST_CASE("an entity shows the transactions that hold it, until they confirm or cancel") {
  auto x = jar_with(5);
  x.handle(reserving("r1", "T2"));
  x.handle(reserving("r2", "T1"));
  CHECK(x.live().view().in_saga == names{"T1", "T2"});
  CHECK(x.rebuilt()->view().in_saga == names{"T1", "T2"});
  x.handle(settling("s", "T2"));
  CHECK(x.live().view().in_saga == names{"T1"});
  x.handle(releasing("c", "T1"));
  CHECK(x.live().view().in_saga.empty());
  CHECK(x.rebuilt()->view().in_saga.empty());
}

TEST_CASE("a transaction with two steps at one entity holds it until both have ended") {
  auto x = jar_with(5);
  const auto other_step = [](skald::command_message message) {
    message.step = "hotel";
    return message;
  };
  x.handle(reserving("r1", "T"));
  const reserve second{"T again", 1, false};
  x.handle(in_step(message_of("r2", second), participation::step, "T", "hotel"));
  CHECK(x.live().view().in_saga == names{"T"});
  x.handle(settling("s1", "T"));
  CHECK(x.live().view().in_saga == names{"T"});
  x.handle(other_step(settling("s2", "T")));
  // The domain refuses: it knows the reservation under another key.
  CHECK_FALSE(x.last().accepted);
  CHECK(x.live().view().in_saga == names{"T"});
  x.handle(in_step(message_of("s3", settle{"T again"}), participation::confirm, "T", "hotel"));
  CHECK(x.live().view().in_saga.empty());
}

TEST_CASE("a step that fails does not hold its participant") {
  auto x = jar_with(5);
  const auto result = x.handle(reserving("r", "T", 50));
  REQUIRE(outcomes_of(result).size() == 1);
  CHECK_FALSE(outcomes_of(result)[0]->accepted);
  CHECK(outcomes_of(result)[0]->reason == "not enough tokens");
  CHECK(outcomes_of(result)[0]->events.size() == 1);
  CHECK(x.live().view().in_saga.empty());
}

TEST_CASE("a confirm or cancel that the domain refuses does not end the hold") {
  auto x = jar_with(5);
  x.handle(reserving("r", "T"));
  x.handle(message_of("stuck", set_stuck{true}));
  x.handle(settling("s", "T"));
  CHECK_FALSE(x.last().accepted);
  x.handle(releasing("c", "T"));
  CHECK_FALSE(x.last().accepted);
  CHECK(x.live().view().in_saga == names{"T"});
  CHECK(x.rebuilt()->view().in_saga == names{"T"});
}

TEST_CASE("a confirm that needs nothing of the domain ends the hold") {
  auto x = jar_with(5);
  x.handle(reserving("r", "T"));
  x.handle(
      in_step(bare_message("s", participation::confirm), participation::confirm, "T", "flight"));
  CHECK(x.last().accepted);
  CHECK(x.last().events.empty());
  CHECK(x.live().view().in_saga.empty());
}

TEST_CASE("a confirm of what is not held is refused") {
  auto x = jar_with(5);
  const auto result = x.handle(settling("s", "T"));
  REQUIRE(outcomes_of(result).size() == 1);
  CHECK_FALSE(outcomes_of(result)[0]->accepted);
  CHECK_THAT(outcomes_of(result)[0]->reason, ContainsSubstring("'flight'") &&
                                                 ContainsSubstring("T") &&
                                                 ContainsSubstring("not held"));
}

TEST_CASE("a cancel that overtakes its step has the step refused when it comes") {
  const bool rebuild_between = GENERATE(false, true);
  auto x = jar_with(5);
  const auto cancelled = x.handle(releasing("c", "T"));
  CHECK(outcomes_of(cancelled).at(0)->accepted);
  CHECK(x.last().events.empty());
  if (rebuild_between)
    x.restart();
  const auto late = x.handle(reserving("r", "T"));
  CHECK_FALSE(outcomes_of(late).at(0)->accepted);
  CHECK_THAT(outcomes_of(late).at(0)->reason,
             ContainsSubstring("'flight'") && ContainsSubstring("cancelled before"));
  CHECK(x.live().view().in_saga.empty());
  CHECK(x.live().view().sequence == 1);
  // Other steps and other transactions are none of its concern.
  x.handle(reserving("r2", "T2"));
  CHECK(x.last().accepted);
  const reserve other{"T", 1, false};
  x.handle(in_step(message_of("r3", other), participation::step, "T", "hotel"));
  CHECK(x.last().accepted);
}

TEST_CASE("a step whose cancel is beyond the memory of its participant is refused by the journal's "
          "word") {
  auto x = jar_with(5);
  auto message = reserving("r", "T");
  message.to = {"jar", "J"};
  auto input = delivered(message);
  input.history = history_check::cancelled;
  const auto late = x.handle(skald::delivery_content{input});
  CHECK_FALSE(outcomes_of(late).at(0)->accepted);
  CHECK(x.live().view().in_saga.empty());
}

TEST_CASE("a step that is cancelled twice is undone once") {
  auto x = jar_with(5);
  x.handle(reserving("r", "T", 3));
  x.handle(releasing("c1", "T"));
  CHECK(x.last().events.size() == 1);
  const auto again = x.handle(releasing("c2", "T"));
  CHECK(outcomes_of(again).at(0)->accepted);
  CHECK(x.last().events.empty());
  CHECK(x.live().sequence() == 3);
  CHECK(x.handle(releasing("c1", "T")).record.empty());
}

// -- sagas
// -----------------------------------------------------------------------------------------------

TEST_CASE("an entity that hosts a saga sends its commands in the name of that saga") {
  entity_driver x{types, {"trip", "T"}};
  auto message = message_of("start", plan_trip{"f", "h", "c", 1, 5'000});
  message.correlation = "something else";
  const auto started = x.handle(message);
  REQUIRE(commands_of(started).size() == 1);
  CHECK(commands_of(started)[0]->correlation == "T");
  CHECK(x.last().correlation == "T");
  const auto next = x.answer(*commands_of(started)[0], true);
  REQUIRE(commands_of(next).size() == 1);
  CHECK(commands_of(next)[0]->correlation == "T");
  const auto resumed = x.rebuilt()->handle(skald::resume_delivery{}, x.now);
  REQUIRE(commands_of(resumed).size() == 1);
  CHECK(commands_of(resumed)[0]->correlation == "T");
}

TEST_CASE("what happens to an entity that hosts a saga is published in the name of that saga") {
  entity_driver x{types, {"errand", "E"}};
  auto start = message_of("start", start_errand{"j", 1, 5'000, false});
  start.correlation = "something else";
  auto started = x.handle(start);
  REQUIRE(started.publications.size() == 1);
  CHECK(started.publications[0].correlation == "E");
  auto drop = message_of("drop", drop_errand{"no time"});
  drop.correlation = "something else";
  auto dropped = x.handle(drop);
  REQUIRE(dropped.publications.size() == 1);
  CHECK(dropped.publications[0].correlation == "E");
}

TEST_CASE("the ids of what an entity dispatches follow from its address and turn alone") {
  const auto send = [](const std::string& self) {
    entity_driver x{types, {"trip", self}};
    x.handle(message_of("noise " + self, note_step{"x"}));
    return commands_of(x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000}))).at(0)->id;
  };
  CHECK(send("T1") == send("T1"));
  CHECK(send("T1") == skald::dispatch_id({"trip", "T1"}, 2, 0));
  CHECK(send("T1") != send("T2"));
}

TEST_CASE("a rebuilt entity sends again exactly what was sent and not answered") {
  entity_driver x{types, {"trip", "T"}};
  const auto first = commands_of(x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000})));
  x.now += 1s;
  const auto again = commands_of(x.rebuilt()->handle(skald::resume_delivery{}, x.now));
  REQUIRE(again.size() == 1);
  CHECK(again[0]->id == first[0]->id);
  CHECK(again[0]->first_sent == first[0]->first_sent);
  CHECK(again[0]->causation == first[0]->causation);
  CHECK(again[0]->to == first[0]->to);
  CHECK(again[0]->payload == first[0]->payload);
  CHECK(again[0]->role == participation::step);
  CHECK(again[0]->step == "flight");
}

TEST_CASE("a saga that has ended takes no notice of late outcomes, also when it was rebuilt") {
  entity_driver x{types, {"trip", "T"}};
  std::vector<skald::command_message_ptr> sent;
  auto keep = [&](const skald::turn& result) {
    for (const auto& each : commands_of(result))
      sent.push_back(each);
  };
  keep(x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000})));
  for (std::size_t i = 0; i < sent.size(); ++i)
    keep(x.answer(*sent[i], true));
  REQUIRE(sent.size() == 6);
  REQUIRE(x.live().progress().current() == saga_progress::phase::completed);
  const auto count = x.count();
  for (int round = 0; round < 2; ++round) {
    for (const auto& each : sent) {
      CHECK(x.answer(*each, true).deliveries.empty());
      CHECK(x.answer(*each, false, "too late").deliveries.empty());
    }
    x.handle(skald::delivery_content{skald::deadline_delivery{}});
    CHECK(x.handle(skald::delivery_content{skald::resume_delivery{}}).deliveries.empty());
    CHECK(x.count() == count);
    x.restart();
  }
}

TEST_CASE("a client that waits for the end of a saga is told how it ended") {
  entity_driver x{types, {"errand", "E"}};
  const auto reply = std::make_shared<kept_reply>();
  auto message = message_of("start", start_errand{"j", 1, 5'000, false});
  message.to = {"errand", "E"};
  message.correlation = "E";
  auto start = delivered(message);
  start.reply = reply;
  start.until_saga_ends = true;
  CHECK(x.handle(skald::delivery_content{start}).replies.empty());
  // It asks again and gives up the first answer.
  CHECK(x.handle(skald::delivery_content{start}).replies.empty());
  SECTION("completed") {
    const auto ended = x.handle(message_of("finish", finish_errand{}));
    CHECK(ended.finished);
    REQUIRE(ended.replies.size() == 2);
    CHECK(ended.replies[0].second->accepted);
    CHECK(ended.replies[0].second->answers == skald::message_id_of("start"));
  }
  SECTION("compensated") {
    const auto ended = x.handle(message_of("drop", drop_errand{"no time"}));
    REQUIRE(ended.replies.size() == 2);
    CHECK_FALSE(ended.replies[0].second->accepted);
    CHECK(ended.replies[0].second->reason == "no time");
  }
  // After the end the answer comes at once.
  const auto again = x.handle(skald::delivery_content{start});
  REQUIRE(again.replies.size() == (x.live().progress().ended() ? 1 : 0));
}

TEST_CASE(
    "a client that waits for the end is told it however much the entity has forgotten since") {
  entity_driver x{types, {"errand", "E"}};
  auto message = message_of("start", start_errand{"j", 1, 5'000, false});
  message.to = {"errand", "E"};
  message.correlation = "E";
  message.first_sent = x.now;
  auto start = delivered(message);
  start.reply = std::make_shared<kept_reply>();
  start.until_saga_ends = true;
  x.handle(skald::delivery_content{start});
  for (std::size_t i = 0; i <= skald::inbox::least; ++i) {
    x.now += skald::inbox::reach;
    x.handle(message_of("refused " + std::to_string(i), start_errand{}));
  }
  const auto again = x.handle(skald::delivery_content{start});
  CHECK(again.lookups.empty());
  CHECK(again.replies.empty());
  CHECK(x.handle(message_of("finish", finish_errand{})).replies.size() == 2);
}

TEST_CASE("a client whose command starts no saga does not wait for one") {
  entity_driver x{types, {"errand", "E"}};
  x.handle(message_of("start", start_errand{"j", 1, 5'000, false}));
  auto message = message_of("again", start_errand{});
  message.to = {"errand", "E"};
  auto refused = delivered(message);
  refused.reply = std::make_shared<kept_reply>();
  refused.until_saga_ends = true;
  const auto result = x.handle(skald::delivery_content{refused});
  REQUIRE(result.replies.size() == 1);
  CHECK_FALSE(result.replies[0].second->accepted);

  entity_driver trip{types, {"trip", "T"}};
  trip.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000}));
  auto noting = message_of("note", note_step{"x"});
  noting.to = {"trip", "T"};
  auto noted = delivered(noting);
  noted.reply = std::make_shared<kept_reply>();
  noted.until_saga_ends = true;
  const auto answered = trip.handle(skald::delivery_content{noted});
  REQUIRE(answered.replies.size() == 1);
  CHECK(answered.replies[0].second->accepted);
}

TEST_CASE("a saga whose first turn is also its last does not stay open") {
  entity_driver x{types, {"errand", "E"}};
  auto message = message_of("start", start_errand{"j", 1, 5'000, true});
  message.to = {"errand", "E"};
  auto start = delivered(message);
  start.reply = std::make_shared<kept_reply>();
  start.until_saga_ends = true;
  const auto result = x.handle(skald::delivery_content{start});
  CHECK_FALSE(x.live().progress().open());
  CHECK_FALSE(x.last().saga_open);
  CHECK(x.last().next_due == skald::no_time);
  REQUIRE(result.replies.size() == 1);
  CHECK(result.replies[0].second->accepted);
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
