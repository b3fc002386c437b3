#include "actors/actor_messages.hpp"
#include "actors/inbox.hpp"
#include "runtime_fixture.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::outcome_ptr;

TEST_CASE("a command is answered with what it did, and readers see it") {
  runtime_fixture x;
  x.start();
  const auto answer = x.ask<jar>("J", put{5});
  CHECK(answer->accepted);
  CHECK(answer->sequence == 1);
  CHECK(answer->from == skald::address{"jar", "J"});
  CHECK(answer->correlation == "J");
  REQUIRE(answer->events.size() == 1);
  CHECK(answer->events[0].type == "WasPut");
  const auto view = x.show<jar>("J");
  CHECK(view.exists);
  CHECK(view.sequence == 1);
  CHECK(view.status == "free");
  CHECK(x.state<jar>("J").tokens == 5);
  CHECK_FALSE(x.show<jar>("nobody").exists);
}

TEST_CASE("an actor that asks gets its answer as a message") {
  runtime_fixture x;
  x.start();
  caf::scoped_actor self{x.system.get()};
  auto command = skald::command_to<jar>("J", put{5});
  const auto id = x.host->ask(std::move(command), caf::actor_cast<caf::actor>(self));
  self->receive([&](const outcome_ptr& answer) {
    CHECK(answer->answers == id);
    CHECK(answer->accepted);
  });
}

TEST_CASE(
    "a command that cannot be delivered or understood is refused clearly and leaves no trace") {
  runtime_fixture x;
  x.start();
  const auto refused = [&](skald::client_command command, const std::string& why) {
    const auto answer = await(x.host->ask(std::move(command)));
    CHECK_FALSE(answer->accepted);
    CHECK_THAT(answer->reason, ContainsSubstring(why));
  };
  auto command = skald::command_to<jar>("J", put{5});
  const auto with = [&](auto change) {
    auto changed = command;
    change(changed);
    return changed;
  };
  refused(with([](auto& c) { c.to.type = "vase"; }), "'vase'; the types are jar, trip, errand");
  refused(with([](auto& c) { c.to.type = ""; }), "there is no aggregate type ''");
  refused(with([](auto& c) { c.to.type = "reactor"; }), "'reactor'");
  refused(with([](auto& c) { c.to.id = ""; }), "the id is empty");
  refused(with([](auto& c) { c.to.id = std::string(201, 'x'); }), "201 bytes");
  refused(with([](auto& c) { c.to.id = "a\nb"; }), "control character");
  refused(with([](auto& c) { c.to.id = std::string{"a\0b", 3}; }), "control character");
  refused(with([](auto& c) { c.to.id = "\xff"; }), "UTF-8");
  refused(with([](auto& c) { c.correlation = std::string{"a\0b", 3}; }), "control character");
  refused(with([](auto& c) { c.correlation = std::string(201, 'x'); }), "201 bytes");
  refused(with([](auto& c) { c.by = "\xff"; }), "UTF-8");
  refused(with([](auto& c) { c.type = "Steal"; }), "'Steal'");
  refused(with([](auto& c) { c.type = ""; }), "''");
  refused(with([](auto& c) { c.payload.clear(); }), "Put");
  refused(with([](auto& c) { c.payload = {std::byte{0xa0}}; }), "tokens");
  CHECK(x.journal->log.last() == 0);
  CHECK(x.journal->batches().empty());
  CHECK(await(x.host->show({"vase", "J"})).error.find("'vase'") != std::string::npos);
  CHECK_FALSE(await(x.host->show({"jar", ""})).error.empty());
  // The same message id, made right, is a new message.
  CHECK(x.ask<jar>("J", put{5})->accepted);
}

TEST_CASE("a client's message that comes again changes nothing and gets the first answer") {
  runtime_fixture x;
  x.start();
  const auto check_again = [&](const std::string& when) {
    INFO(when);
    const auto done = x.ask<jar>("J", put{5}, "done");
    CHECK(done->accepted);
    CHECK(done->sequence == 1);
    REQUIRE(done->events.size() == 1);
    CHECK(done->events[0].type == "WasPut");
    CHECK(done->answers == skald::message_id_of("done"));
    CHECK(done->from == skald::address{"jar", "J"});
    CHECK(done->correlation == "J");
    const auto refused = x.ask<jar>("J", put{0}, "refused");
    CHECK_FALSE(refused->accepted);
    CHECK(refused->reason == "one puts at least one token");
    CHECK(refused->sequence == 1);
    const auto failed = x.ask<jar>("J", reserve{"k", 50, false}, "failed");
    CHECK_FALSE(failed->accepted);
    CHECK(failed->reason == "not enough tokens");
    CHECK(failed->events.size() == 1);
    CHECK(failed->sequence == 2);
  };
  check_again("the first time");
  check_again("at once");
  CHECK(x.journal->log.last() == 3);
  x.restart();
  check_again("after a restart");
  // Beyond what the aggregate itself remembers.
  for (std::size_t i = 0; i <= skald::inbox::least + 5; ++i) {
    x.clock->advance(skald::inbox::reach);
    REQUIRE(x.ask<jar>("J", put{1})->accepted);
  }
  const auto last = x.journal->log.last();
  check_again("after much else");
  x.restart();
  check_again("after much else and a restart");
  CHECK(x.journal->log.last() == last);
}

TEST_CASE("a client's message that comes again many times at once is handled once") {
  runtime_fixture x;
  x.start();
  x.journal->hold_appends();
  std::vector<std::future<outcome_ptr>> answers;
  for (int i = 0; i < 50; ++i)
    answers.push_back(x.send<jar>("J", put{5}, "the same"));
  x.journal->let_append();
  for (auto& each : answers) {
    const auto answer = await(std::move(each));
    CHECK(answer->accepted);
    CHECK(answer->sequence == 1);
  }
  CHECK(x.journal->log.last() == 1);
  CHECK(x.state<jar>("J").tokens == 5);
}

TEST_CASE("one message id at two receivers is two messages") {
  runtime_fixture x;
  x.start();
  CHECK(x.ask<jar>("A", put{1}, "m")->sequence == 1);
  CHECK(x.ask<jar>("B", put{2}, "m")->sequence == 1);
  CHECK(x.state<jar>("A").tokens == 1);
  CHECK(x.state<jar>("B").tokens == 2);
}

TEST_CASE("a client that claims to have sent its message in the future does not move time") {
  runtime_fixture x;
  x.start();
  const auto now = x.clock->now();
  auto command = x.to<trip>("T", plan_trip{"f", "h", "c", 1, 5'000});
  command.message_id = "early";
  command.first_sent = now + std::chrono::hours{24 * 365};
  REQUIRE(await(x.host->ask(command))->accepted);
  CHECK(x.count_records([&](const skald::record& stored) { return stored.time > now; }) == 0);
  x.settle();
}

TEST_CASE("a client that expects another version is told the version") {
  runtime_fixture x;
  x.start();
  auto command = x.to<jar>("J", put{1});
  command.expected_version = 3;
  CHECK_THAT(await(x.host->ask(command))->reason, ContainsSubstring("expected version 3"));
  command.expected_version = 0;
  CHECK(await(x.host->ask(command))->accepted);
}

TEST_CASE("what was said with a command is in its record") {
  runtime_fixture x;
  x.start();
  auto command = x.to<jar>("J", put{1}, "m");
  command.by = "Ada";
  command.correlation = "order 7";
  REQUIRE(await(x.host->ask(command))->accepted);
  CHECK(x.count_records([](const skald::record& stored) {
    return stored.by == "Ada" && stored.correlation == "order 7" &&
           stored.input == skald::message_id_of("m") && stored.source == skald::address_view{};
  }) == 1);
}

// -- handlers that throw
// ---------------------------------------------------------------------------------

TEST_CASE("a handler that throws refuses its command, and the aggregate goes on from its journal") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("J", put{5})->accepted);
  const auto choked = x.ask<jar>("J", choke{});
  CHECK_FALSE(choked->accepted);
  CHECK_THAT(choked->reason, ContainsSubstring("jar/J") && ContainsSubstring("choked"));
  const auto half_done = x.ask<jar>("J", spill{});
  CHECK_FALSE(half_done->accepted);
  CHECK_THAT(half_done->reason, ContainsSubstring("spilled"));
  CHECK(x.journal->log.last() == 1);
  CHECK(x.state<jar>("J").tokens == 5);
  CHECK(x.ask<jar>("J", put{1})->sequence == 2);
  CHECK(x.state<jar>("J").tokens == 6);
}

TEST_CASE("what comes right behind a handler that throws is handled on the rebuilt state") {
  // The first inputs of an aggregate wait while it is rebuilt; those of a live one do not.
  const bool is_live = GENERATE(false, true);
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("J", put{5})->accepted);
  if (!is_live)
    x.restart();
  std::vector<skald::client_command> commands;
  x.journal->hold_appends();
  std::vector<std::future<outcome_ptr>> spills;
  std::vector<std::future<outcome_ptr>> puts;
  for (int i = 0; i < 10; ++i) {
    spills.push_back(x.send<jar>("J", spill{}));
    puts.push_back(x.send<jar>("J", put{1}));
  }
  x.journal->let_append();
  for (auto& each : spills)
    CHECK_FALSE(await(std::move(each))->accepted);
  for (auto& each : puts)
    CHECK(await(std::move(each))->accepted);
  CHECK(x.state<jar>("J").tokens == 15);
  std::int64_t total = 0;
  x.journal->each_record([&](const skald::record& stored) {
    REQUIRE(stored.events.size() == 1);
    was_put event;
    REQUIRE_FALSE(skald::decode(stored.events[0].payload, event));
    total += event.tokens;
    CHECK(event.total == total);
  });
}

TEST_CASE("a handler that throws at a saga's step fails the step") {
  runtime_fixture x;
  x.make_types = [] {
    skald::registry types;
    types.host<jar>().host<trip>(
        skald::saga<trip>("choke")
            .starts_on<trip_planned>()
            .step("choke")
            .send([](const trip& state) { return skald::to<jar>(state.plan.flight, spill{}); })
            .on_failure([](const trip&, std::string_view why) { return give_up{std::string{why}}; })
            .failure_reason([](const trip& state) { return state.reason; }));
    return types;
  };
  x.start();
  auto command = x.to<trip>("T", plan_trip{"f", "h", "c", 1, 5'000});
  command.until_saga_ends = true;
  const auto answer = await(x.host->ask(command));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("spilled"));
  CHECK_FALSE(x.show<jar>("f").exists);
}
