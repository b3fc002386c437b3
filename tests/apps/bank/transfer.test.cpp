#include "apps/bank/transfer.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace skald;

namespace {

constexpr auto orchestrated = transfer_style::orchestrated;
constexpr auto choreographed = transfer_style::choreographed;
const char* const self = scenario<transfer>::self;

transfer_created created(transfer_style style = orchestrated) {
  return {self, "A", "B", {250}, style, 5'000};
}

transfer_completed completed(transfer_style style = orchestrated) {
  return {self, "A", "B", style};
}

transfer_canceled canceled(transfer_style style = orchestrated) {
  return {self, "A", "B", style, "insufficient funds"};
}

} // namespace

TEST_CASE(
    "a transfer is created with its own id, orchestrated and with 5 seconds if nothing is said") {
  const auto done = given<transfer>().when(transfer_money{"A", "B", {250}, {}, {}}).then(created());
  CHECK(done.erased().status() == "created");
  CHECK_FALSE(done.erased().deleted());
  CHECK(given<transfer>().erased().status() == "unknown");
}

TEST_CASE("a transfer is created in the style and with the deadline that were asked for") {
  given<transfer>()
      .when(transfer_money{"A", "B", {250}, choreographed, 60'000})
      .then(transfer_created{self, "A", "B", {250}, choreographed, 60'000});
}

TEST_CASE("style and deadline may be missing where a person writes the command") {
  transfer_money read;
  const auto text = R"({"from": "A", "to": "B", "amount": 250})";
  REQUIRE_FALSE(decode(cbor_of_json(nlohmann::json::parse(text)), read));
  CHECK_FALSE(read.style);
  CHECK_FALSE(read.deadline_ms);
  const auto full =
      R"({"from": "A", "to": "B", "amount": 250, "style": "choreographed", "deadline_ms": 1})";
  REQUIRE_FALSE(decode(cbor_of_json(nlohmann::json::parse(full)), read));
  CHECK(read.style == choreographed);
  CHECK(read.deadline_ms == 1);
}

TEST_CASE("a style that does not exist is not understood") {
  transfer_money read;
  const auto text = R"({"from": "A", "to": "B", "amount": 250, "style": "danced"})";
  const auto wrong = decode(cbor_of_json(nlohmann::json::parse(text)), read);
  REQUIRE(wrong);
  CHECK(wrong->find("style") != std::string::npos);
}

TEST_CASE("transfers that make no sense are rejected") {
  auto rejects = [](const transfer_money& command, const std::string& reason) {
    given<transfer>().when(command).then_rejected(reason);
  };
  rejects({"A", "A", {1}, {}, {}}, "an account does not pay itself");
  rejects({"A", "B", {0}, {}, {}}, "the amount must be positive");
  rejects({"A", "B", {-1}, {}, {}}, "the amount must be positive");
  rejects({"", "B", {1}, {}, {}}, "the paying account has no valid id: " + *id_error(""));
  rejects({"A", "B\n", {1}, {}, {}}, "the receiving account has no valid id: " + *id_error("B\n"));
}

TEST_CASE("a deadline lies between a millisecond and 366 days") {
  const auto reason = "the deadline must be 1 to 31622400000 milliseconds";
  constexpr std::int64_t most = 31'622'400'000;
  for (std::int64_t deadline_ms :
       {std::int64_t{0}, std::int64_t{-1}, most + 1, std::numeric_limits<std::int64_t>::max()})
    given<transfer>().when(transfer_money{"A", "B", {250}, {}, deadline_ms}).then_rejected(reason);
  for (std::int64_t deadline_ms : {std::int64_t{1}, most})
    given<transfer>()
        .when(transfer_money{"A", "B", {250}, {}, deadline_ms})
        .then(transfer_created{self, "A", "B", {250}, orchestrated, deadline_ms});
}

TEST_CASE("a transfer is created once") {
  given<transfer>(created())
      .when(transfer_money{"A", "B", {250}, {}, {}})
      .then_rejected("the transfer exists already");
}

TEST_CASE("a transfer that was never created takes no step") {
  given<transfer>().when(complete_deposit{}).then_rejected("no such transfer");
  given<transfer>().when(complete_withdraw{}).then_rejected("no such transfer");
  given<transfer>().when(cancel_transfer{"why"}).then_rejected("no such transfer");
}

TEST_CASE("a transfer is complete when deposit and withdrawal are, in this order") {
  const auto half = given<transfer>(created()).when(complete_deposit{}).then(deposit_completed{});
  CHECK(half.erased().status() == "deposited");
  const auto done = given<transfer>(created(), deposit_completed{})
                        .when(complete_withdraw{})
                        .then(withdraw_completed{}, completed());
  CHECK(done.erased().status() == "completed");
  CHECK(done.state().deposit_completed);
  CHECK(done.state().withdraw_completed);
}

TEST_CASE("a transfer is complete when withdrawal and deposit are, in that order") {
  const auto half =
      given<transfer>(created(choreographed)).when(complete_withdraw{}).then(withdraw_completed{});
  CHECK(half.erased().status() == "withdrawn");
  const auto done = given<transfer>(created(choreographed), withdraw_completed{})
                        .when(complete_deposit{})
                        .then(deposit_completed{}, completed(choreographed));
  CHECK(done.erased().status() == "completed");
}

TEST_CASE("a step that is reported again records nothing") {
  given<transfer>(created(), deposit_completed{}).when(complete_deposit{}).then();
  given<transfer>(created(), withdraw_completed{}).when(complete_withdraw{}).then();
}

TEST_CASE("a transfer is cancelled with a reason, at any point before its end") {
  const cancel_transfer cancel{"insufficient funds"};
  const auto done = given<transfer>(created()).when(cancel).then(canceled());
  CHECK(done.erased().status() == "cancelled");
  CHECK(done.state().reason == "insufficient funds");
  given<transfer>(created(), deposit_completed{}).when(cancel).then(canceled());
  given<transfer>(created(choreographed), withdraw_completed{})
      .when(cancel)
      .then(canceled(choreographed));
}

TEST_CASE("what arrives after a transfer's completion changes nothing") {
  const auto over = [] {
    return given<transfer>(created(), deposit_completed{}, withdraw_completed{}, completed());
  };
  CHECK(over().when(complete_deposit{}).then().erased().status() == "completed");
  CHECK(over().when(complete_withdraw{}).then().erased().status() == "completed");
  CHECK(over().when(cancel_transfer{"too late"}).then().erased().status() == "completed");
}

TEST_CASE("what arrives after a choreographed transfer's cancellation changes nothing") {
  const auto over = [] {
    return given<transfer>(created(choreographed), withdraw_completed{}, canceled(choreographed));
  };
  CHECK(over().when(complete_deposit{}).then().erased().status() == "cancelled");
  CHECK(over().when(complete_withdraw{}).then().erased().status() == "cancelled");
  CHECK(over().when(cancel_transfer{"again"}).then().state().reason == "insufficient funds");
}

TEST_CASE("the saga of a transfer that somebody else has cancelled learns of it") {
  given<transfer>(created(), canceled())
      .when(complete_deposit{})
      .then_rejected("the transfer is cancelled: insufficient funds");
  given<transfer>(created(), deposit_completed{}, canceled())
      .when(complete_withdraw{})
      .then_rejected("the transfer is cancelled: insufficient funds");
  given<transfer>(created(), canceled()).when(cancel_transfer{"again"}).then();
}

TEST_CASE("a transfer's state is shown field by field and read back the same") {
  const auto some = given<transfer>(created(choreographed), withdraw_completed{});
  byte_buffer bytes;
  some.erased().encode_state(bytes);
  CHECK(json_of_cbor(bytes) == nlohmann::json::parse(R"({
    "id": "self", "status": "withdrawn", "from": "A", "to": "B", "amount": 250,
    "style": "choreographed", "deadline_ms": 5000, "deposit_completed": false,
    "withdraw_completed": true, "reason": ""})"));
  typed_aggregate_state<transfer> read;
  REQUIRE_FALSE(read.decode_state(bytes));
  byte_buffer again;
  read.encode_state(again);
  CHECK(again == bytes);
}

TEST_CASE("a transfer that was stored before there were styles is orchestrated, with 5 seconds") {
  typed_aggregate_state<transfer> state;
  const auto stored = as_bytes("\xa4\x68transfer\x63T-1\x64"
                               "from\x61"
                               "A\x62to\x61"
                               "B\x66"
                               "amount\x18\xfa");
  REQUIRE_FALSE(state.evolve("TransferCreated", 1, stored));
  CHECK(state.get().id == "T-1");
  CHECK(state.get().amount == minor_units{250});
  CHECK(state.get().style == transfer_style::orchestrated);
  CHECK(state.get().deadline_ms == 5'000);
}
