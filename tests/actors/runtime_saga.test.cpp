#include "runtime_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::participation;

namespace sample {

/// A later version of the jar that cannot take in what an earlier one recorded.
struct jar_that_takes_nothing {
  static constexpr std::string_view type_name = "jar";
  using command = std::variant<put>;
  using event = std::variant<was_put>;
};

template <class Inspector>
bool inspect(Inspector& f, jar_that_takes_nothing& x) {
  return f.object(x).fields();
}

inline skald::decision<jar_that_takes_nothing> decide(const jar_that_takes_nothing&, const put&) {
  return {};
}

inline void evolve(jar_that_takes_nothing&, const was_put&) {
  throw std::runtime_error("it takes nothing");
}

inline std::string_view status_of(const jar_that_takes_nothing&) {
  return "shut";
}

} // namespace sample

namespace {

using ids = std::vector<std::string>;

void fill_jars(runtime_fixture& x) {
  for (const auto* each : {"f", "h", "c", "j"})
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
}

skald::client_command start_trip(runtime_fixture& x, std::int64_t tokens = 5) {
  return x.to<trip>("T", plan_trip{"f", "h", "c", tokens, 5'000}, "start");
}

skald::client_command until_end(skald::client_command command) {
  command.until_saga_ends = true;
  return command;
}

void check_nobody_is_held(runtime_fixture& x) {
  for (const auto* each : {"f", "h", "c", "j"})
    CHECK(x.show<jar>(each).in_saga.empty());
}

void check_nothing_was_taken(runtime_fixture& x) {
  check_nobody_is_held(x);
  for (const auto* each : {"f", "h", "c", "j"})
    CHECK(x.state<jar>(each).tokens == 10);
}

bool is_open(runtime_fixture& x, const std::string& id) {
  return !x.show<trip>(id).in_saga.empty();
}

} // namespace

TEST_CASE("a saga moves its participants from held to done") {
  runtime_fixture x;
  x.start();
  fill_jars(x);
  const auto answer = await(x.host->ask(until_end(start_trip(x))));
  CHECK(answer->accepted);
  x.settle();
  check_nobody_is_held(x);
  CHECK(x.state<jar>("f").spent == 5);
  CHECK(x.state<jar>("h").spent == 5);
  CHECK(x.show<trip>("T").status == "booked");
}

TEST_CASE("a saga that fails gives everything back and says why") {
  runtime_fixture x;
  x.start();
  fill_jars(x);
  REQUIRE(x.ask<jar>("other", reserve{"x", 1, false})->reason == "not enough tokens");
  auto command = x.to<trip>("T", plan_trip{"f", "h", "empty", 5, 5'000}, "start");
  const auto answer = await(x.host->ask(until_end(command)));
  CHECK_FALSE(answer->accepted);
  CHECK(answer->reason == "not enough tokens");
  x.settle();
  check_nothing_was_taken(x);
  // Asked again, it tells the same.
  CHECK(await(x.host->ask(until_end(command)))->reason == "not enough tokens");
  CHECK(await(x.host->ask(command))->accepted); // the command itself was
}

TEST_CASE("participants show the saga that holds them while it runs") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>([](const skald::delivery& each) {
    return command_named("Reserve")(each) && each.to.id == "c";
  });
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  REQUIRE(await(x.host->ask(start_trip(x)))->accepted);
  REQUIRE(gate->wait_for_held());
  CHECK(x.show<jar>("f").in_saga == ids{"T"});
  CHECK(x.show<jar>("h").in_saga == ids{"T"});
  CHECK(x.show<jar>("c").in_saga.empty());
  CHECK(x.show<trip>("T").in_saga == ids{"T"});
  gate->open();
  x.host->let_go();
  x.eventually([&] { return !is_open(x, "T"); });
  check_nobody_is_held(x);
}

TEST_CASE("a client's own correlation does not keep a saga from ending") {
  const bool fails = GENERATE(false, true);
  runtime_fixture x;
  x.start();
  fill_jars(x);
  auto planned = until_end(start_trip(x, fails ? 50 : 5));
  planned.correlation = "my own";
  CHECK(await(x.host->ask(planned))->accepted == !fails);
  auto started = until_end(x.to<errand>("E", start_errand{"j", fails ? 50 : 5, 5'000, false}));
  started.correlation = "my own";
  CHECK(await(x.host->ask(started))->accepted == !fails);
  x.settle();
  check_nobody_is_held(x);
  CHECK(x.state<jar>("f").spent == (fails ? 0 : 5));
  CHECK(x.state<jar>("j").spent == (fails ? 0 : 5));
}

TEST_CASE("an errand that a client drops in a transaction of its own lets its jar go") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(command_named("FinishErrand"));
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  REQUIRE(x.ask<errand>("E", start_errand{"j", 5, 5'000, false})->accepted);
  REQUIRE(gate->wait_for_held());
  CHECK(x.show<jar>("j").in_saga == ids{"E"});
  auto drop = x.to<errand>("E", drop_errand{"no time"});
  drop.correlation = "my own";
  REQUIRE(await(x.host->ask(drop))->accepted);
  gate->open();
  x.host->let_go();
  x.settle();
  check_nothing_was_taken(x);
}

// -- deadlines
// ------------------------------------------------------------------------------------------

TEST_CASE(
    "a deadline cancels a saga whose participant is silent, which refuses the step when it comes") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>([](const skald::delivery& each) {
    return command_named("Reserve")(each) && each.to.id == "h";
  });
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  auto answer = x.host->ask(until_end(start_trip(x)));
  REQUIRE(gate->wait_for_held());
  x.pass(4'999ms);
  CHECK(is_open(x, "T"));
  x.pass(1ms);
  const auto ended = await(std::move(answer));
  CHECK_FALSE(ended->accepted);
  CHECK_THAT(ended->reason, ContainsSubstring("deadline"));
  x.settle();
  const auto before = x.journal->log.last();
  gate->open();
  x.host->let_go();
  x.settle();
  CHECK(x.journal->log.last() == before + 1);
  CHECK(x.count_records([](const skald::record& stored) {
    return stored.stream.id == "h" && stored.role == participation::step && !stored.accepted;
  }) == 1);
  check_nothing_was_taken(x);
}

TEST_CASE("a deadline does not fire for a saga that is complete") {
  runtime_fixture x;
  x.start();
  fill_jars(x);
  REQUIRE(await(x.host->ask(until_end(start_trip(x))))->accepted);
  // A second saga, whose deadline is later, shows when the first one's time has passed.
  REQUIRE(x.ask<errand>("marker", start_errand{"nobody", 5, 10'000, false})->accepted);
  x.settle();
  const auto before =
      x.count_records([](const skald::record& stored) { return stored.stream.type == "trip"; });
  x.pass(1h);
  x.settle();
  x.restart();
  x.pass(1h);
  x.settle();
  CHECK(x.show<trip>("T").status == "booked");
  CHECK(x.count_records([](const skald::record& stored) { return stored.stream.type == "trip"; }) ==
        before);
}

TEST_CASE("deadlines of many sagas fire, each once") {
  skald::runtime_options options;
  options.live_entities_max = 10;
  options.hold_back = command_named("Reserve");
  runtime_fixture x{options};
  x.start();
  for (int i = 0; i < 100; ++i)
    REQUIRE(x.ask<trip>("T" + std::to_string(i), plan_trip{"f", "h", "c", 1, 1'000 + i})->accepted);
  for (int i = 0; i < 4; ++i)
    x.pass(300ms);
  for (int i = 0; i < 100; ++i)
    x.eventually([&] { return !is_open(x, "T" + std::to_string(i)); });
  x.settle();
  CHECK(x.count_records([](const skald::record& stored) {
    return stored.kind == skald::input_kind::deadline;
  }) == 100);
}

TEST_CASE("deadlines fire by the machine's own clock") {
  test_system system;
  skald::runtime_options options;
  options.hold_back = command_named("Reserve");
  skald::runtime host{system.get(), sample_types(), std::make_unique<skald::memory_journal>(),
                      options};
  auto command = skald::command_to<trip>("T", plan_trip{"f", "h", "c", 1, 10});
  command.until_saga_ends = true;
  const auto answer = await(host.ask(command));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("deadline"));
}

TEST_CASE("a confirm that is refused is tried again when its time has come, until it is taken") {
  runtime_fixture x;
  x.start();
  fill_jars(x);
  REQUIRE(x.ask<jar>("h", set_stuck{true})->accepted);
  auto answer = x.host->ask(until_end(start_trip(x)));
  for (int i = 0; i < 3; ++i) {
    x.eventually([&] { return x.show<trip>("T").status == "booked"; });
    x.settle();
    CHECK(is_open(x, "T"));
    CHECK(x.show<jar>("h").in_saga == ids{"T"});
    x.pass(1min);
  }
  REQUIRE(x.ask<jar>("h", set_stuck{false})->accepted);
  x.eventually([&] {
    x.pass(1min);
    return !is_open(x, "T");
  });
  CHECK(await(std::move(answer))->accepted);
  check_nobody_is_held(x);
  CHECK(x.state<jar>("h").spent == 5);
}

// -- restarts
// -------------------------------------------------------------------------------------------

TEST_CASE("a saga goes on after a restart at any of its turns, and nothing happens twice") {
  const int turns = GENERATE(range(0, 12));
  const bool fails = GENERATE(false, true);
  INFO("restarted after " << turns << " deliveries, " << (fails ? "failing" : "succeeding"));
  // Everything behind the `turns`-th delivery between aggregates is lost.
  auto left = std::make_shared<std::atomic<int>>(turns);
  skald::runtime_options options;
  options.hold_back = [left](const skald::delivery& each) {
    const auto* command = std::get_if<skald::command_delivery>(&each.content);
    const bool between = command ? !command->message->source.empty()
                                 : std::holds_alternative<skald::outcome_delivery>(each.content);
    return between && --*left < 0;
  };
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  if (fails)
    REQUIRE(x.ask<jar>("c", reserve{"all", 10, false})->accepted);
  REQUIRE(await(x.host->ask(start_trip(x)))->accepted);
  REQUIRE(x.ask<errand>("E", start_errand{"j", fails ? 50 : 5, 5'000, false})->accepted);
  x.settle();
  left->store(1'000'000);
  x.restart();
  x.settle();
  CHECK_FALSE(is_open(x, "T"));
  CHECK(x.show<errand>("E").in_saga.empty());
  check_nobody_is_held(x);
  CHECK(x.show<trip>("T").status == (fails ? "given up" : "booked"));
  CHECK(x.show<errand>("E").status == (fails ? "dropped" : "finished"));
  for (const auto* each : {"f", "h", "j"}) {
    CHECK(x.state<jar>(each).spent == (fails ? 0 : 5));
    CHECK(x.state<jar>(each).tokens == (fails ? 10 : 5));
  }
  const auto last = x.journal->log.last();
  x.restart();
  x.pass(1h);
  x.settle();
  CHECK(x.journal->log.last() == last);
}

TEST_CASE("a deadline that fell due while the runtime was down fires when it is up, once") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(command_named("Reserve"));
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  REQUIRE(await(x.host->ask(start_trip(x)))->accepted);
  REQUIRE(x.ask<errand>("E", start_errand{"j", 5, 5'000, false})->accepted);
  x.settle();
  x.host.reset();
  x.clock->advance(1h);
  x.journal->log.reopen();
  x.start();
  x.host->time_has_moved();
  x.eventually([&] { return !is_open(x, "T"); });
  x.eventually([&] { return x.show<errand>("E").status == "dropped"; });
  gate->open();
  x.host->let_go();
  x.settle();
  check_nothing_was_taken(x);
  x.restart();
  x.host->time_has_moved();
  x.settle();
  CHECK(x.count_records([](const skald::record& stored) {
    return stored.kind == skald::input_kind::deadline;
  }) == 2);
}

// -- where a saga cannot reach
// -----------------------------------------------------------------------------

TEST_CASE("a step to an address that cannot be fails the saga and voids nothing else") {
  const auto wrong =
      GENERATE(as<std::string>{}, "", "a\nb", std::string(300, 'x'), std::string(1'000, 'x'));
  runtime_fixture x;
  x.start();
  fill_jars(x);
  const auto answer =
      await(x.host->ask(until_end(x.to<trip>("T", plan_trip{"f", wrong, "c", 5, 5'000}))));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("id"));
  x.settle();
  check_nothing_was_taken(x);
}

TEST_CASE("a step to a type that nobody hosts fails the saga") {
  runtime_fixture x;
  x.make_types = [] {
    skald::registry types;
    types.host<trip>(trip_saga());
    return types;
  };
  x.start();
  const auto answer = await(x.host->ask(until_end(start_trip(x))));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("'jar'"));
}

TEST_CASE("a saga does not take a participant that cannot be read for one that did nothing") {
  skald::runtime_options options;
  const auto gate = std::make_shared<delivery_gate>(outcome_for("trip"));
  options.hold_back = hook(gate);
  runtime_fixture x{options};
  x.start();
  fill_jars(x);
  REQUIRE(await(x.host->ask(start_trip(x)))->accepted);
  // The flight is reserved, but its answer is lost; and then the jar's first record cannot be read.
  REQUIRE(gate->wait_for_held());
  CHECK(x.show<jar>("f").in_saga == ids{"T"});
  x.settle();
  x.host.reset();
  x.journal->log.reopen();
  gate->open();
  x.journal->each_record([&](const skald::record& stored) {
    if (stored.stream.id == "f" && stored.turn == 1)
      x.journal->damaged = stored.at;
  });
  // No reactors, because they would read the whole journal.
  x.make_types = [] {
    skald::registry types;
    types.host<jar>().host<trip>(trip_saga());
    return types;
  };
  x.start();
  x.settle();
  CHECK_THAT(x.show<jar>("f").error, ContainsSubstring("damaged"));
  CHECK(is_open(x, "T"));
  REQUIRE(x.wait_for_problem());
  CHECK_THAT(x.problems().front(), ContainsSubstring("jar/f"));
  // Others go on.
  CHECK(x.ask<jar>("h", put{1})->accepted);
  CHECK_THAT(x.ask<jar>("f", put{1})->reason, ContainsSubstring("damaged"));
  SECTION("and it completes when the participant is back") {
    x.journal->damaged = 0;
    x.restart();
    x.settle();
    CHECK(x.show<trip>("T").status == "booked");
    CHECK(x.state<jar>("f").spent == 5);
  }
  SECTION("and it is undone when the participant is back after the deadline") {
    x.pass(5s);
    x.eventually([&] { return x.show<trip>("T").status == "given up"; });
    x.settle();
    CHECK(is_open(x, "T"));
    x.journal->damaged = 0;
    x.restart();
    x.pass(1min);
    x.eventually([&] { return !is_open(x, "T"); });
    CHECK(x.state<jar>("f").tokens == 10);
    CHECK(x.show<jar>("f").in_saga.empty());
  }
}

TEST_CASE("an aggregate whose past a handler rejects is refused, and others go on") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("J", put{1})->accepted);
  x.host.reset();
  x.make_types = [] {
    skald::registry types;
    types.host<jar_that_takes_nothing>();
    return types;
  };
  x.start();
  CHECK_THAT(x.show<jar_that_takes_nothing>("J").error,
             ContainsSubstring("jar/J") && ContainsSubstring("takes nothing"));
  CHECK_THAT(x.ask<jar_that_takes_nothing>("J", put{1})->reason,
             ContainsSubstring("takes nothing"));
  CHECK_FALSE(x.show<jar_that_takes_nothing>("other").exists);
}
