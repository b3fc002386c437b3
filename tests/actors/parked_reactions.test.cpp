#include "actors/parked_reactions.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace skald;

namespace {

parked_event parked(position at, std::string correlation, std::uint32_t attempts) {
  return {{at, 0}, "Deposited", "account/B", std::move(correlation), "no answer", 5, attempts};
}

const event_parked first{parked(10, "T-1", 4)};
const event_parked second{parked(20, "T-1", 0)};

} // namespace

TEST_CASE("an event is parked once") {
  given<parked_reactions>().when(park_event{first.what}).then(first);
  given<parked_reactions>(first).when(park_event{first.what}).then();
}

TEST_CASE("parked events stand in the order of the journal, by transaction") {
  const auto state =
      given<parked_reactions>(second, event_parked{parked(15, "T-2", 1)}, first).state();
  CHECK(state.parked == 3);
  REQUIRE(state.find("T-1"));
  CHECK(state.find("T-1")->waiting == std::vector{first.what, second.what});
  REQUIRE(state.find("T-2"));
  CHECK(state.find("T-2")->waiting.size() == 1);
  CHECK(status_of(state) == "parked");
  CHECK(state.contains("T-1", {20, 0}));
  CHECK_FALSE(state.contains("T-1", {15, 0}));
  CHECK_FALSE(state.contains("T-3", {15, 0}));
}

TEST_CASE("an event is not parked behind one that is gone") {
  given<parked_reactions>().when(park_event{second.what}).then();
  given<parked_reactions>(first, event_unparked{"T-1", {10, 0}})
      .when(park_event{second.what})
      .then();
  given<parked_reactions>(first).when(park_event{second.what}).then(second);
}

TEST_CASE("an event that is parked behind one that is being retried does not end the retry") {
  const auto scenario = given<parked_reactions>(first, parked_retried{"T-1", "again"})
                            .when(park_event{second.what})
                            .then(second);
  CHECK(scenario.state().find("T-1")->retried);
  CHECK(scenario.state().parked == 2);
}

TEST_CASE("an event that was retried in vain is parked again, and the retry is over") {
  const auto again = parked(10, "T-1", 2);
  const auto scenario = given<parked_reactions>(first, second, parked_retried{"T-1", "again"})
                            .when(park_event{again})
                            .then(event_parked{again});
  const auto* line = scenario.state().find("T-1");
  REQUIRE(line);
  CHECK_FALSE(line->retried);
  CHECK(line->waiting == std::vector{again, second.what});
  CHECK(scenario.state().parked == 2);
}

TEST_CASE("what has been reacted to leaves the line, and the last one ends it") {
  const parked_retried retried{"T-1", "again"};
  given<parked_reactions>(first, second, retried)
      .when(unpark_event{"T-1", {10, 0}})
      .then(event_unparked{"T-1", {10, 0}})
      .when(unpark_event{"T-1", {10, 0}})
      .then()
      .when(unpark_event{"T-1", {20, 0}})
      .then(event_unparked{"T-1", {20, 0}})
      .when(unpark_event{"T-9", {20, 0}})
      .then();
  const auto state =
      given<parked_reactions>(first, retried, event_unparked{"T-1", {10, 0}}).state();
  CHECK(state.parked == 0);
  CHECK(state.transactions.empty());
  CHECK(status_of(state) == "clear");
}

TEST_CASE("an operator retries what is parked, with a reason, and not while it is being retried") {
  given<parked_reactions>(first)
      .when(retry_parked{"T-1", "mended"})
      .then(parked_retried{"T-1", "mended"})
      .when(retry_parked{"T-1", "mended"})
      .then_rejected("is being retried");
  given<parked_reactions>(first).when(retry_parked{"T-2", "mended"}).then_rejected("'T-2'");
  given<parked_reactions>(first).when(retry_parked{"T-1", ""}).then_rejected("reason");
}

TEST_CASE("an operator skips the first of a line, and what is behind it is retried") {
  const auto scenario = given<parked_reactions>(first, second)
                            .when(skip_parked{"T-1", "by hand"})
                            .then(parked_skipped{"T-1", {10, 0}, "by hand"});
  const auto* line = scenario.state().find("T-1");
  REQUIRE(line);
  CHECK(line->retried);
  CHECK(line->waiting == std::vector{second.what});
  given<parked_reactions>(first).when(skip_parked{"T-1", ""}).then_rejected("reason");
  given<parked_reactions>().when(skip_parked{"T-1", "x"}).then_rejected("'T-1'");
}

TEST_CASE("what was skipped is never parked again") {
  given<parked_reactions>(first, parked_skipped{"T-1", {10, 0}, "by hand"})
      .when(park_event{first.what})
      .then();
}

TEST_CASE("an operator sees of each parked event what it is, why it is there and since when") {
  byte_buffer shown;
  given<parked_reactions>(first).erased().encode_state(shown);
  const auto json = json_of_cbor(shown);
  CHECK(json["parked"] == 1);
  const auto& line = json["transactions"]["T-1"];
  CHECK(line["retried"] == false);
  CHECK(line["waiting"][0] == nlohmann::json{{"position", 10},
                                             {"index", 0},
                                             {"event", "Deposited"},
                                             {"from", "account/B"},
                                             {"correlation", "T-1"},
                                             {"reason", "no answer"},
                                             {"since_ms", 5},
                                             {"attempts", 4}});
  typed_aggregate_state<parked_reactions> again;
  CHECK_FALSE(again.decode_state(shown));
  CHECK(again.get().transactions.at("T-1").waiting == std::vector{first.what});
}
