#include "actors/entity.hpp"
#include "entity_driver.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sample;
using namespace std::chrono_literals;
using skald::participation;
using skald::saga_progress;

namespace {

const auto types = sample_types();

} // namespace

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

TEST_CASE("the record of an answer names the step that was answered, also where it sends more") {
  entity_driver x{types, {"trip", "T"}};
  auto sent = commands_of(x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000})));
  for (const std::string step : {"flight", "hotel", "car"}) {
    REQUIRE_FALSE(sent.empty());
    REQUIRE(sent[0]->step == step);
    sent = commands_of(x.answer(*sent[0], true));
    CHECK(x.last().step == step);
  }
}

TEST_CASE("the end of a saga is told before its commit only if all that it tells is committed") {
  entity_driver x{types, {"trip", "T"}};
  auto sent = commands_of(x.handle(message_of("start", plan_trip{"f", "h", "c", 1, 5'000})));
  for (int step = 0; step < 3; ++step) {
    const auto next = x.answer(*sent.at(0), true);
    CHECK_FALSE(next.answers_are_committed);
    sent = commands_of(next);
  }
  REQUIRE(sent.size() == 3); // the confirmations
  CHECK_FALSE(x.answer(*sent[0], true).answers_are_committed);
  CHECK_FALSE(x.answer(*sent[1], true).answers_are_committed);
  SECTION("nothing else has happened since the confirmations left") {
    const auto ended = x.answer(*sent[2], true);
    REQUIRE(ended.finished);
    CHECK(ended.answers_are_committed);
  }
  SECTION("another turn has, which may not be committed yet") {
    x.handle(message_of("note", note_step{"x"}));
    const auto ended = x.answer(*sent[2], true);
    REQUIRE(ended.finished);
    CHECK_FALSE(ended.answers_are_committed);
  }
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
  auto finish = message_of("finish", finish_errand{});
  finish.first_sent = x.now;
  CHECK(x.handle(finish).replies.size() == 2);
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
