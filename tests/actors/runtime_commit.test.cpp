#include "runtime_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::append_result;
using skald::outcome_ptr;

namespace {

const append_result disk_full{append_result::status::refused, "the disk is full"};
const append_result unclear{append_result::status::unknown, "the disk does not answer"};

bool settled_or_released(const skald::record& x) {
  return x.role == skald::participation::confirm || x.role == skald::participation::cancel;
}

} // namespace

// -- nothing leaves before its commit
// --------------------------------------------------------------------

TEST_CASE("neither an answer nor a view leaves before the commit of what it shows") {
  runtime_fixture x;
  x.start();
  x.journal->hold_appends();
  const auto answer = x.send<jar>("J", put{5});
  REQUIRE(x.journal->wait_for_held_append());
  auto view = x.host->show({"jar", "J"});
  CHECK_FALSE(x.host->wait_until_idle(0us));
  CHECK_FALSE(ready(answer));
  CHECK_FALSE(ready(view));
  CHECK(x.journal->log.last() == 0);
  x.journal->let_append();
  CHECK(await(std::move(view)).sequence == 1);
  CHECK(ready(answer));
}

TEST_CASE("a saga's command does not leave before the commit of what it follows from") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("f", put{5})->accepted);
  x.journal->hold_appends();
  const auto answer = x.send<trip>("T", plan_trip{"f", "h", "c", 5, 5'000});
  REQUIRE(x.journal->wait_for_held_append());
  x.journal->let_append();
  x.settle();
  skald::position started = 0;
  skald::position reserved_at = 0;
  x.journal->each_record([&](const skald::record& stored) {
    if (stored.input_type == "PlanTrip")
      started = stored.at;
    if (stored.input_type == "Reserve" && reserved_at == 0)
      reserved_at = stored.at;
  });
  CHECK(started > 0);
  CHECK(reserved_at > started);
  // The batch that was held had the start alone: nothing had followed from it yet.
  CHECK(x.journal->batches().at(1) == 1);
}

TEST_CASE("what gathers while one append is under way goes into one append together") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("J", put{5})->accepted);
  x.journal->hold_appends();
  auto first = x.send<jar>("J", put{1});
  REQUIRE(x.journal->wait_for_held_append());
  const auto looks = x.clock->looks();
  std::vector<std::future<outcome_ptr>> answers;
  for (int i = 0; i < 100; ++i)
    answers.push_back(x.send<jar>(i % 2 == 0 ? "J" : "other", put{1}));
  // The entities go on without the writer: the time is asked for at each sending and each handling.
  REQUIRE(x.clock->wait_for_looks(looks + 200));
  x.journal->let_append();
  CHECK(await(std::move(first))->sequence == 2);
  for (std::size_t i = 0; i < answers.size(); ++i)
    CHECK(await(std::move(answers[i]))->sequence == (i % 2 == 0 ? 3 + i / 2 : 1 + i / 2));
  const auto batches = x.journal->batches();
  CHECK(batches.size() <= 10);
  CHECK(x.host->statistics().records == 102);
}

TEST_CASE("a batch holds no more turns than it may") {
  skald::runtime_options options;
  options.batch_turns_max = 7;
  runtime_fixture x{options};
  x.start();
  x.journal->hold_appends();
  std::vector<std::future<outcome_ptr>> answers;
  for (int i = 0; i < 100; ++i)
    answers.push_back(x.send<jar>("J", put{1}));
  REQUIRE(x.journal->wait_for_held_append());
  x.journal->let_append();
  for (auto& each : answers)
    CHECK(await(std::move(each))->accepted);
  for (const auto size : x.journal->batches())
    CHECK(size <= 7);
}

// -- an append that is refused
// ---------------------------------------------------------------------------

TEST_CASE("an append that is refused voids what it held and what was built on it") {
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("J", put{5}, "before")->accepted);
  x.journal->hold_appends();
  std::vector<std::future<outcome_ptr>> answers;
  answers.push_back(x.send<jar>("J", put{10}, "failing"));
  REQUIRE(x.journal->wait_for_held_append());
  answers.push_back(x.send<jar>("J", put{100}, "built on it"));
  answers.push_back(x.send<jar>("other", put{100}));
  auto view = x.host->show({"jar", "J"});
  x.journal->log.fail_next_append(disk_full);
  x.journal->let_append();
  for (auto& each : answers) {
    const auto answer = await(std::move(each));
    // Behind the failure all may be well again; then the state is one that never saw what failed.
    if (!answer->accepted)
      CHECK(answer->reason == "the disk is full");
  }
  await(std::move(view));
  x.eventually([&] { return x.ask<jar>("J", put{1'000}, "after")->accepted; });
  std::int64_t total = 0;
  x.journal->each_record([&](const skald::record& stored) {
    CHECK(stored.input != skald::message_id_of("failing"));
    if (stored.stream.id == "J") {
      was_put event;
      REQUIRE_FALSE(skald::decode(stored.events.at(0).payload, event));
      total += event.tokens;
      CHECK(event.total == total);
    }
  });
  CHECK(x.state<jar>("J").tokens == total);
  // What failed may be sent again: it never happened.
  CHECK(x.ask<jar>("J", put{10}, "failing")->accepted);
  CHECK(x.state<jar>("J").tokens == total + 10);
}

TEST_CASE("commands are refused with the reason until the journal takes appends again") {
  runtime_fixture x;
  x.start();
  x.journal->log.fail_next_append(disk_full);
  CHECK(x.ask<jar>("J", put{1})->reason == "the disk is full");
  const auto next = x.ask<jar>("J", put{1});
  CHECK(next->reason == "the disk is full");
  CHECK_FALSE(x.show<jar>("J").exists);
  x.eventually([&] { return x.ask<jar>("J", put{1})->accepted; });
}

TEST_CASE("an append that is refused without a reason stops nothing for good") {
  runtime_fixture x;
  x.start();
  x.journal->log.fail_next_append({append_result::status::refused, {}});
  CHECK_FALSE(x.ask<jar>("J", put{1})->reason.empty());
  x.eventually([&] { return x.ask<jar>("J", put{1})->accepted; });
}

TEST_CASE("sagas and errands under way end, although an append is refused at any of their turns") {
  const int failing = GENERATE(range(0, 16));
  INFO("append " << failing);
  const std::string reason = failing % 2 == 0 ? "the disk is full" : "";
  skald::runtime_options options;
  options.retry_after = 1ms;
  runtime_fixture x{options};
  x.start();
  for (const auto* each : {"f", "h", "c", "j"})
    REQUIRE(x.ask<jar>(each, put{10})->accepted);
  const auto started = static_cast<int>(x.journal->batches().size());
  auto trip_done = x.to<trip>("T", plan_trip{"f", "h", "c", 5, 60'000}, "trip");
  auto errand_done = x.to<errand>("E", start_errand{"j", 5, 60'000, false}, "errand");
  REQUIRE(await(x.host->ask(trip_done))->accepted);
  REQUIRE(await(x.host->ask(errand_done))->accepted);
  while (static_cast<int>(x.journal->batches().size()) < started + failing &&
         !x.host->wait_until_idle(1ms))
    continue;
  x.journal->log.fail_next_append({append_result::status::refused, reason});
  // One more command, so that some append fails even if all else is done.
  const auto last = x.ask<jar>("noise", put{1});
  CHECK_FALSE((last->accepted && x.journal->log.head({"jar", "noise"}) == std::nullopt));
  x.eventually([&] { return x.ask<jar>("noise", put{1})->accepted; });
  x.eventually([&] { return x.show<trip>("T").in_saga.empty() && x.show<trip>("T").exists; });
  x.eventually([&] { return x.show<errand>("E").status == "finished"; });
  x.eventually([&] { return x.show<jar>("j").in_saga.empty(); });
  x.settle();
  CHECK(x.show<trip>("T").status == "booked");
  for (const auto* each : {"f", "h", "c", "j"}) {
    const auto state = x.state<jar>(each);
    CHECK(state.tokens == 5);
    CHECK(x.show<jar>(each).in_saga.empty());
  }
  CHECK(x.state<jar>("f").spent == 5);
  CHECK(x.state<jar>("j").spent == 5);
  CHECK(x.count_records(settled_or_released) == 4);
}

TEST_CASE("a client that waits for the end of a saga is told when its start is void") {
  runtime_fixture x;
  x.start();
  x.journal->log.fail_next_append(disk_full);
  auto command = x.to<trip>("T", plan_trip{"f", "h", "c", 5, 5'000});
  command.until_saga_ends = true;
  const auto answer = await(x.host->ask(command));
  CHECK_FALSE(answer->accepted);
  CHECK(answer->reason == "the disk is full");
  x.eventually([&] { return x.ask<jar>("J", put{1})->accepted; });
  CHECK_FALSE(x.show<trip>("T").exists);
}

// -- an append whose outcome is unknown
// ------------------------------------------------------------------

TEST_CASE("after an append whose outcome is unknown everything is refused with the reason") {
  const bool survives = GENERATE(false, true);
  runtime_fixture x;
  x.start();
  REQUIRE(x.ask<jar>("f", put{5})->accepted);
  REQUIRE(x.ask<trip>("T", plan_trip{"f", "h", "c", 5, 5'000})->accepted);
  x.settle();
  x.journal->log.fail_next_append(unclear, survives);
  CHECK(x.ask<jar>("J", put{5}, "unclear")->reason == "the disk does not answer");
  for (int i = 0; i < 3; ++i) {
    CHECK(x.ask<jar>("J", put{5})->reason == "the disk does not answer");
    CHECK(x.ask<jar>("other", put{5})->reason == "the disk does not answer");
  }
  x.host->let_go();
  CHECK(x.ask<jar>("J", put{5})->reason == "the disk does not answer");
  x.pass(1h);
  x.settle();
  x.restart();
  // The client asks again, and is told what became of it.
  const auto last = x.journal->log.last();
  CHECK(x.ask<jar>("J", put{5}, "unclear")->accepted);
  x.settle();
  CHECK(x.journal->log.last() >= last + (survives ? 0 : 1));
  CHECK(x.state<jar>("J").tokens == 5);
}

// -- indexes
// ---------------------------------------------------------------------------------------------

TEST_CASE("the indexes are written when enough was committed, and a failure to do so is reported") {
  skald::runtime_options options;
  options.index_interval = 10;
  runtime_fixture x{options};
  x.start();
  x.journal->indexes_fail = true;
  for (int i = 0; i < 10; ++i)
    REQUIRE(x.ask<jar>("J", put{1})->accepted);
  REQUIRE(x.wait_for_problem());
  CHECK_THAT(x.problems().front(), ContainsSubstring("the disk is full"));
  x.journal->indexes_fail = false;
  x.eventually(
      [&] { return x.ask<jar>("J", put{1})->accepted && x.journal->log.index_lag() < 10; });
  CHECK(x.journal->index_writes >= 2);
}
