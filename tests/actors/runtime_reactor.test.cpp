#include "runtime_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <string>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;

namespace {

using reactions = std::vector<skald::reaction>;

skald::registry with(skald::reactor handler) {
  skald::registry types;
  types.host<jar>().host<trip>(trip_saga()).host<errand>(errand_saga()).host(std::move(handler));
  return types;
}

/// Puts as much into the jar `mirror` as is put into any other.
skald::reactor mirror(std::shared_ptr<std::atomic<int>> calls = nullptr) {
  return skald::reactor("mirror").on<jar, was_put>([=](const was_put& event) {
    if (calls)
      ++*calls;
    // Its own effect is an event of the same kind, which must not go on for ever.
    if (event.tokens < 1'000)
      return reactions{skald::plainly(skald::to<jar>("mirror", put{event.tokens + 1'000}))};
    return reactions{};
  });
}

} // namespace

TEST_CASE("a reactor's errand is done, or undone") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("j", put{10})->accepted);
  auto done = x.to<errand>("E1", start_errand{"j", 4, 5'000, false});
  done.until_saga_ends = true;
  CHECK(await(x.host->ask(done))->accepted);
  auto undone = x.to<errand>("E2", start_errand{"j", 40, 5'000, false});
  undone.until_saga_ends = true;
  CHECK(await(x.host->ask(undone))->reason == "not enough tokens");
  x.settle();
  CHECK(x.state<jar>("j").spent == 4);
  CHECK(x.state<jar>("j").tokens == 6);
  CHECK(x.show<jar>("j").in_saga.empty());
}

TEST_CASE("an errand whose first event is also its last ends, and its jar is let go") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("j", put{10})->accepted);
  auto command = x.to<errand>("E", start_errand{"j", 4, 5'000, true});
  command.until_saga_ends = true;
  CHECK(await(x.host->ask(command))->accepted);
  x.settle();
  CHECK(x.show<errand>("E").in_saga.empty());
}

TEST_CASE("a reactor goes on from where it was, and does nothing twice") {
  const auto calls = std::make_shared<std::atomic<int>>(0);
  runtime_fixture x;
  x.make_types = [=] { return with(mirror(calls)); };
  x.start();
  for (int i = 1; i <= 10; ++i)
    REQUIRE(x.ask<jar>("A", put{1})->accepted);
  x.settle();
  CHECK(x.state<jar>("mirror").tokens == 10'010);
  const auto last = x.journal->log.last();
  SECTION("after a stop it starts behind the last event") {
    x.host.reset();
    CHECK(x.journal->log.subscription("mirror") > 0);
    const int before = *calls;
    x.start();
    x.settle();
    CHECK(*calls == before);
  }
  SECTION("after a crash that forgot its position it starts at the beginning") {
    x.restart();
    x.settle();
    CHECK(*calls == 40);
  }
  CHECK(x.journal->log.last() == last);
  CHECK(x.state<jar>("mirror").tokens == 10'010);
}

TEST_CASE("an event whose command is unanswered at a stop is published again") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(
      [](const skald::delivery& each) { return each.to.id == "mirror"; });
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.make_types = [] { return with(mirror()); };
  x.start();
  REQUIRE(x.ask<jar>("A", put{1})->accepted);
  REQUIRE(gate->wait_for_held());
  REQUIRE(x.ask<jar>("A", set_stuck{false})->accepted);
  x.settle();
  x.host.reset();
  CHECK(x.journal->log.subscription("mirror") == 0);
  gate->open();
  x.start();
  x.settle();
  CHECK(x.state<jar>("mirror").tokens == 1'001);
}

TEST_CASE("what a reactor sends and is refused is reported when it is given up") {
  runtime_fixture x;
  x.make_types = [] {
    return with(skald::reactor("careless")
                    .on<jar, was_put>([](const was_put&) {
                      return reactions{skald::plainly(skald::to<jar>("", put{1}))};
                    })
                    .on<jar, stuck_was_set>([](const stuck_was_set&) {
                      return reactions{skald::plainly(skald::to<jar>("other", put{0}))};
                    })
                    .on<jar, smashed>([](const smashed&) {
                      auto what = skald::to<jar>("other", put{1});
                      what.to.type = "vase";
                      return reactions{skald::plainly(std::move(what))};
                    })
                    .retry({.retries = 0}));
  };
  x.start();
  const auto problem_after = [&](auto act, const std::string& part) {
    const auto before = x.problems().size();
    act();
    x.settle();
    REQUIRE(x.problems().size() == before + 1);
    CHECK_THAT(x.problems().back(), ContainsSubstring("'careless'") && ContainsSubstring(part));
  };
  problem_after([&] { x.ask<jar>("A", put{1}); }, "the id is empty");
  problem_after([&] { x.ask<jar>("B", set_stuck{true}); }, "one puts at least one token");
  problem_after([&] { x.ask<jar>("C", smash{}); }, "'vase'");
}

TEST_CASE("a failure event that answers a reactor is not a problem") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<errand>("E", start_errand{"empty", 4, 5'000, false})->accepted);
  x.settle();
  CHECK(x.show<errand>("E").status == "dropped");
  CHECK(x.problems().empty());
}

TEST_CASE("several reactors and several rules each get the events that they listen to, in order") {
  const auto seen = std::make_shared<std::vector<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  const auto note = [=](std::string text) {
    const std::lock_guard guard{*mutex};
    seen->push_back(std::move(text));
    return reactions{};
  };
  runtime_fixture x;
  x.make_types = [=] {
    skald::registry types;
    types.host<jar>();
    types.host(skald::reactor("first")
                   .on<jar, was_put>([=](const was_put& event) {
                     return note("first put " + std::to_string(event.tokens));
                   })
                   .on<jar, smashed>([=](const smashed&) { return note("first smash"); }));
    types.host(skald::reactor("second").on<jar, smashed>(
        [=](const smashed&) { return note("second smash"); }));
    return types;
  };
  x.start();
  for (int i = 1; i <= 3; ++i)
    x.ask<jar>("A", put{i});
  x.ask<jar>("A", smash{});
  x.settle();
  std::vector<std::string> first;
  int second = 0;
  for (const auto& each : *seen)
    if (each.starts_with("first"))
      first.push_back(each);
    else
      ++second;
  CHECK(first ==
        std::vector<std::string>{"first put 1", "first put 2", "first put 3", "first smash"});
  CHECK(second == 1);
}

TEST_CASE("a reaction whose receiver cannot be read is not taken for answered") {
  const auto calls = std::make_shared<std::atomic<int>>(0);
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("mirror", put{1'000})->accepted);
  x.restart();
  x.make_types = [=] { return with(mirror(calls)); };
  x.host.reset();
  // The reactor itself has seen the first record; the aggregate has to read it.
  x.journal->log.keep_subscription("mirror", 1);
  x.journal->damaged = 1;
  x.start();
  REQUIRE(x.ask<jar>("A", put{1})->accepted);
  REQUIRE(x.wait_for_problem());
  CHECK_THAT(x.problems().front(), ContainsSubstring("jar/mirror"));
  x.settle();
  x.host.reset();
  CHECK(x.journal->log.subscription("mirror") == 1);
  x.journal->damaged = 0;
  x.start();
  x.settle();
  CHECK(x.state<jar>("mirror").tokens == 2'001);
}
