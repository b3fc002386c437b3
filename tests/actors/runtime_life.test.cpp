#include "actors/actor_messages.hpp"
#include "runtime_fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::outcome_ptr;

namespace {

skald::client_command start_trip(runtime_fixture& x, const std::string& id) {
  auto command = x.to<trip>(id, plan_trip{"f", "h", "c", 1, 60'000}, "start " + id);
  command.until_saga_ends = true;
  return command;
}

skald::runtime_options few_live(std::size_t count) {
  skald::runtime_options options;
  options.live_entities_max = count;
  return options;
}

} // namespace

// -- how many live at once
// ------------------------------------------------------------------------------

TEST_CASE("a hundred aggregates take turns in the room for three, each in its own order") {
  runtime_fixture x{few_live(3)};
  x.start();
  std::vector<std::vector<std::future<outcome_ptr>>> answers(100);
  for (int round = 0; round < 10; ++round)
    for (std::size_t i = 0; i < answers.size(); ++i)
      answers[i].push_back(x.send<jar>("J" + std::to_string(i), put{round + 1}));
  for (auto& of_one : answers) {
    std::uint64_t sequence = 0;
    for (auto& each : of_one) {
      const auto answer = await(std::move(each));
      REQUIRE(answer->accepted);
      REQUIRE(answer->sequence == ++sequence);
    }
  }
  x.settle();
  for (std::size_t i = 0; i < answers.size(); ++i)
    REQUIRE(x.state<jar>("J" + std::to_string(i)).tokens == 55);
  std::map<std::string, std::int64_t> last;
  x.journal->each_record([&](const skald::record& stored) {
    was_put event;
    REQUIRE_FALSE(skald::decode(stored.events.at(0).payload, event));
    auto& before = last[std::string{stored.stream.id}];
    CHECK(event.tokens == ++before);
  });
}

TEST_CASE("sagas end where only one aggregate may live at a time") {
  runtime_fixture x{few_live(1)};
  x.start();
  for (const auto* each : {"f", "h", "c", "j"})
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
  REQUIRE(x.ask<trip>("T", plan_trip{"f", "h", "c", 5, 60'000})->accepted);
  REQUIRE(x.ask<errand>("E", start_errand{"j", 5, 60'000, false})->accepted);
  x.settle();
  CHECK(x.show<trip>("T").status == "booked");
  CHECK(x.show<trip>("T").in_saga.empty());
  CHECK(x.show<errand>("E").status == "finished");
  CHECK(x.state<jar>("j").spent == 5);
}

TEST_CASE("room for nobody is room for one") {
  runtime_fixture x{few_live(0)};
  x.start();
  CHECK(x.ask<jar>("A", put{1})->accepted);
  CHECK(x.ask<jar>("B", put{1})->accepted);
}

TEST_CASE(
    "a client that waits for the end of a saga is told, though its aggregate made room meanwhile") {
  auto options = few_live(1);
  auto gate = std::make_shared<delivery_gate>(command_named("Reserve"));
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  for (const auto* each : {"f", "h", "c"})
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
  auto by_future = x.host->ask(start_trip(x, "T"));
  REQUIRE(gate->wait_for_held());
  // The aggregate goes, comes and goes; somebody else asks for the same.
  REQUIRE(x.ask<jar>("other", put{1})->accepted);
  REQUIRE(x.show<trip>("T").in_saga == std::vector<std::string>{"T"});
  auto again = x.host->ask(start_trip(x, "T"));
  REQUIRE(x.ask<jar>("other", put{1})->accepted);
  caf::scoped_actor self{x.system.get()};
  const auto id = x.host->ask(start_trip(x, "T"), caf::actor_cast<caf::actor>(self));
  REQUIRE(x.ask<jar>("other", put{1})->accepted);
  CHECK_FALSE(ready(by_future));
  gate->open();
  x.host->let_go();
  const auto answer = await(std::move(by_future));
  INFO(answer->reason);
  CHECK(answer->accepted);
  CHECK(answer->correlation == "T");
  CHECK(await(std::move(again))->accepted);
  self->receive([&](const outcome_ptr& message) {
    CHECK(message->answers == id);
    CHECK(message->accepted);
  });
}

// -- how much may be under way
// --------------------------------------------------------------------------

TEST_CASE("beyond the backlog clients are told that the runtime is busy, and nothing is lost") {
  skald::runtime_options options;
  options.backlog_max = 10;
  runtime_fixture x{options};
  x.start();
  REQUIRE(x.ask<jar>("J", put{1})->accepted);
  x.settle();
  x.journal->hold_appends();
  std::vector<std::future<outcome_ptr>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(x.send<jar>("J", put{1}));
  // Those beyond are told at once; the writer still waits.
  for (std::size_t i = 10; i < answers.size(); ++i) {
    const auto answer = await(std::move(answers[i]));
    CHECK_FALSE(answer->accepted);
    CHECK_THAT(answer->reason, ContainsSubstring("busy"));
  }
  x.journal->let_append();
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(await(std::move(answers[i]))->accepted);
  x.settle();
  CHECK(x.ask<jar>("J", put{1})->accepted);
  CHECK(x.state<jar>("J").tokens == 12);
}

TEST_CASE("the backlog does not keep sagas from ending") {
  skald::runtime_options options;
  options.backlog_max = 1;
  runtime_fixture x{options};
  x.start();
  for (const auto* each : {"f", "h", "c"}) {
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
    x.settle();
  }
  const auto answer = await(x.host->ask(start_trip(x, "T")));
  INFO(answer->reason);
  CHECK(answer->accepted);
}

// -- stopping
// -------------------------------------------------------------------------------------------

TEST_CASE("a runtime that stops leaves the actor system alive and no actor behind") {
  runtime_fixture x;
  {
    caf::scoped_actor self{x.system.get()};
    x.system.get().registry().await_running_count_equal(1);
    x.start();
    for (const auto* each : {"f", "h", "c", "j"})
      REQUIRE(x.ask<jar>(each, put{10})->accepted);
    REQUIRE(x.ask<trip>("T", plan_trip{"f", "h", "c", 5, 60'000})->accepted);
    REQUIRE(x.ask<errand>("E", start_errand{"j", 5, 60'000, false})->accepted);
    x.host->stop();
    x.system.get().registry().await_running_count_equal(1);
    x.host.reset();
    const auto echo = x.system.get().spawn(
        [](caf::event_based_actor*) -> caf::behavior { return {[](int n) { return n + 1; }}; });
    self->request(echo, caf::infinite, 1)
        .receive([](int n) { CHECK(n == 2); }, [](const caf::error&) { FAIL("no answer"); });
  }
  x.system.get().registry().await_running_count_equal(0);
}

TEST_CASE("stopping twice is stopping once, and a stopped runtime says so to clients") {
  runtime_fixture x;
  x.start();
  x.host->stop();
  x.host->stop();
  CHECK_THAT(await(x.send<jar>("J", put{1}))->reason, ContainsSubstring("stopped"));
  CHECK_THAT(await(x.host->show({"jar", "J"})).error, ContainsSubstring("stopped"));
  CHECK_FALSE(x.host->wait_until_idle(0us));
}

TEST_CASE("a runtime that stops answers everybody who waits, before it is gone") {
  skald::runtime_options options;
  auto gate = std::make_shared<delivery_gate>([](const skald::delivery& each) {
    return command_named("Reserve")(each) || each.to.id == "held";
  });
  options.hold_back = hook(gate);
  options.live_entities_max = 1;
  runtime_fixture x{options};
  x.start();
  std::vector<std::future<outcome_ptr>> answers;
  answers.push_back(x.host->ask(start_trip(x, "T")));
  REQUIRE(gate->wait_for_held());
  answers.push_back(x.send<jar>("held", put{1}));
  REQUIRE(gate->wait_for_held(2));
  x.journal->hold_appends();
  answers.push_back(x.send<jar>("A", put{1}));
  REQUIRE(x.journal->wait_for_held_append());
  for (int i = 0; i < 100; ++i)
    answers.push_back(x.send<jar>(i % 2 == 0 ? "A" : "B", put{1}));
  auto view = x.host->show({"jar", "B"});
  auto stopping = std::async(std::launch::async, [&] { x.host->stop(); });
  x.journal->let_append();
  await(std::move(stopping));
  for (auto& each : answers) {
    const auto answer = await(std::move(each));
    if (!answer->accepted)
      CHECK_THAT(answer->reason, ContainsSubstring("stopped"));
  }
  await(std::move(view));
}

TEST_CASE("an actor that asks is told when the runtime stops before its answer") {
  skald::runtime_options options;
  options.hold_back = command_named("Put");
  runtime_fixture x{options};
  x.start();
  caf::scoped_actor self{x.system.get()};
  const auto id =
      x.host->ask(skald::command_to<jar>("J", put{5}), caf::actor_cast<caf::actor>(self));
  x.host->stop();
  self->receive([&](const outcome_ptr& answer) {
    CHECK(answer->answers == id);
    CHECK_FALSE(answer->accepted);
    CHECK_THAT(answer->reason, ContainsSubstring("stopped"));
  });
}

TEST_CASE("what was accepted before a stop is there after it") {
  runtime_fixture x;
  x.start();
  std::vector<std::future<outcome_ptr>> answers;
  for (int i = 0; i < 1'000; ++i)
    answers.push_back(x.send<jar>("J", put{1}));
  await(std::move(answers.front()));
  x.host->stop();
  std::int64_t accepted = 1;
  for (std::size_t i = 1; i < answers.size(); ++i)
    accepted += await(std::move(answers[i]))->accepted ? 1 : 0;
  x.restart();
  CHECK(x.state<jar>("J").tokens >= accepted);
}

TEST_CASE("two runtimes in one actor system do not disturb each other") {
  runtime_fixture x;
  x.start();
  auto other_journal = std::make_shared<journal_box>();
  auto other = std::make_unique<skald::runtime>(x.system.get(), sample_types(),
                                                std::make_unique<watched_journal>(other_journal),
                                                skald::runtime_options{}, x.clock);
  REQUIRE(x.ask<jar>("J", put{5})->accepted);
  REQUIRE(await(other->ask(skald::command_to<jar>("J", put{7})))->accepted);
  CHECK(x.state<jar>("J").tokens == 5);
  const auto view = await(other->show({"jar", "J"}));
  jar seen;
  REQUIRE_FALSE(skald::decode(view.state, seen));
  CHECK(seen.tokens == 7);
  x.journal->log.fail_next_append({skald::append_result::status::unknown, "broken"});
  CHECK_FALSE(x.ask<jar>("J", put{5})->accepted);
  CHECK(await(other->ask(skald::command_to<jar>("J", put{7})))->accepted);
  other.reset();
  x.restart();
  CHECK(x.ask<jar>("J", put{5})->accepted);
  CHECK(other_journal->log.last() == 2);
}

TEST_CASE("a runtime that cannot be made leaves no actor behind") {
  runtime_fixture x;
  x.start();
  for (const auto* each : {"f", "h", "c", "j"})
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
  REQUIRE(x.ask<errand>("E", start_errand{"j", 5, 60'000, false})->accepted);
  x.settle();
  x.host.reset();
  x.journal->log.reopen();
  // A record behind which no reactor can come: its bytes are damaged.
  x.journal->damaged = 1;
  x.system.get().registry().await_running_count_equal(0);
  CHECK_THROWS_AS(x.start(), skald::store_error);
  x.system.get().registry().await_running_count_equal(0);
  x.journal->damaged = 0;
  x.start();
  CHECK(x.show<errand>("E").status == "finished");
}
