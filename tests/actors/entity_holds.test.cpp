#include "actors/entity.hpp"
#include "entity_driver.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using skald::history_check;
using skald::participation;

namespace {

using names = std::vector<std::string>;

} // namespace

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
