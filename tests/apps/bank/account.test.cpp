#include "apps/bank/account.hpp"

#include "actors/entity.hpp"
#include "actors/test_kit.hpp"
#include "apps/bank/bank.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>

using namespace skald;
using namespace std::chrono_literals;

namespace {

constexpr auto orchestrated = transfer_style::orchestrated;
constexpr auto choreographed = transfer_style::choreographed;
constexpr auto most = std::numeric_limits<std::int64_t>::max();
const char* const self = scenario<account>::self;

account_opened opened(std::int64_t balance) {
  return {{balance}};
}

deposited coming(const std::string& transfer, std::int64_t amount) {
  return {transfer, "payer", self, {amount}, orchestrated};
}

withdrawn going(const std::string& transfer, std::int64_t amount) {
  return {transfer, "receiver", {amount}, orchestrated};
}

} // namespace

TEST_CASE("an account is opened with a balance") {
  const auto done = given<account>().when(open_account{{500}}).then(account_opened{{500}});
  CHECK(done.state().balance == minor_units{500});
  CHECK(done.erased().status() == "open");
  CHECK_FALSE(done.erased().deleted());
  given<account>().when(open_account{}).then(account_opened{});
}

TEST_CASE("an account that was never opened shows so and can do nothing") {
  const auto untouched = given<account>();
  CHECK(untouched.erased().status() == "unopened");
  CHECK_FALSE(untouched.erased().deleted());
  given<account>().when(close_account{}).then_rejected("no such account");
}

TEST_CASE("an account cannot be opened twice, after its end or with a debt") {
  given<account>(opened(1)).when(open_account{}).then_rejected("the account is open already");
  given<account>(opened(0), account_closed{})
      .when(open_account{})
      .then_rejected("the account is closed");
  given<account>().when(open_account{{-1}}).then_rejected("the opening balance is negative");
}

TEST_CASE("an empty account is closed and keeps the delete mark") {
  const auto done = given<account>(opened(0)).when(close_account{}).then(account_closed{});
  CHECK(done.erased().status() == "closed");
  CHECK(done.erased().deleted());
}

TEST_CASE("an account that still holds something is not closed") {
  given<account>(opened(250)).when(close_account{}).then_rejected("the balance is 2.50, not zero");
  given<account>(opened(0), coming("T-1", 5))
      .when(close_account{})
      .then_rejected("a deposit is pending");
  given<account>(opened(5), going("T-1", 5))
      .when(close_account{})
      .then_rejected("a withdrawal is outgoing");
  given<account>(opened(0), account_closed{})
      .when(close_account{})
      .then_rejected("the account is closed");
}

TEST_CASE("a deposit is pending and not spendable") {
  const auto done = given<account>(opened(100))
                        .when(deposit{"T-1", "payer", {50}, choreographed})
                        .then(deposited{"T-1", "payer", self, {50}, choreographed});
  CHECK(done.state().balance == minor_units{100});
  CHECK(done.state().pending == minor_units{50});
  CHECK(done.state().deposits.at("T-1") == minor_units{50});
  given<account>(opened(100), coming("T-1", 50))
      .when(withdraw{"T-2", "receiver", {101}, orchestrated})
      .then(withdraw_failed{"T-2", {101}, "insufficient funds", orchestrated});
}

TEST_CASE("a deposit to an account that is not open fails") {
  given<account>()
      .when(deposit{"T-1", "payer", {50}, choreographed})
      .then(deposit_failed{"T-1", {50}, "no such account", choreographed});
  given<account>(opened(0), account_closed{})
      .when(deposit{"T-1", "payer", {50}, orchestrated})
      .then(deposit_failed{"T-1", {50}, "the account is closed", orchestrated});
}

TEST_CASE(
    "a deposit fails if the account could overflow, whatever becomes of the other transfers") {
  const auto reason = "the account cannot hold that much";
  given<account>(opened(most - 10))
      .when(deposit{"T-9", "payer", {10}, orchestrated})
      .then(coming("T-9", 10));
  given<account>(opened(most - 10))
      .when(deposit{"T-9", "payer", {11}, orchestrated})
      .then(deposit_failed{"T-9", {11}, reason, orchestrated});
  given<account>(opened(most - 10), coming("T-1", 10))
      .when(deposit{"T-9", "payer", {1}, orchestrated})
      .then(deposit_failed{"T-9", {1}, reason, orchestrated});
  // The withdrawal may be cancelled.
  given<account>(opened(most), going("T-1", 10))
      .when(deposit{"T-9", "payer", {1}, orchestrated})
      .then(deposit_failed{"T-9", {1}, reason, orchestrated});
}

TEST_CASE("payments that make no sense are rejected") {
  for (std::int64_t amount :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    given<account>(opened(1))
        .when(deposit{"T-1", "payer", {amount}, orchestrated})
        .then_rejected("the amount must be positive");
    given<account>(opened(1))
        .when(withdraw{"T-1", "receiver", {amount}, orchestrated})
        .then_rejected("the amount must be positive");
  }
  given<account>(opened(1))
      .when(deposit{"T-1", self, {1}, orchestrated})
      .then_rejected("an account does not pay itself");
  given<account>(opened(1))
      .when(withdraw{"T-1", self, {1}, orchestrated})
      .then_rejected("an account does not pay itself");
  given<account>(opened(1))
      .when(deposit{"", "payer", {1}, orchestrated})
      .then_rejected("the transfer has no valid id: " + *id_error(""));
  given<account>(opened(1))
      .when(withdraw{"T-1", "\x01", {1}, orchestrated})
      .then_rejected("the other account has no valid id: " + *id_error("\x01"));
}

TEST_CASE("a second payment for the same transfer is rejected") {
  given<account>(opened(100), coming("T-1", 5))
      .when(deposit{"T-1", "payer", {5}, orchestrated})
      .then_rejected("a deposit of transfer 'T-1' is pending already");
  given<account>(opened(100), going("T-1", 5))
      .when(withdraw{"T-1", "receiver", {5}, orchestrated})
      .then_rejected("a withdrawal of transfer 'T-1' is outgoing already");
}

TEST_CASE("a confirmed deposit is spendable") {
  const auto done = given<account>(opened(100), coming("T-1", 50), coming("T-2", 7))
                        .when(confirm_deposit{"T-1"})
                        .then(deposit_confirmed{"T-1", {50}});
  CHECK(done.state().balance == minor_units{150});
  CHECK(done.state().pending == minor_units{7});
  CHECK_FALSE(done.state().deposits.contains("T-1"));
}

TEST_CASE("a cancelled deposit is dropped and nothing else changes") {
  const auto done = given<account>(opened(100), coming("T-1", 50), coming("T-2", 7))
                        .when(cancel_deposit{"T-1"})
                        .then(deposit_cancelled{"T-1", {50}});
  CHECK(done.state().balance == minor_units{100});
  CHECK(done.state().pending == minor_units{7});
  CHECK_FALSE(done.state().deposits.contains("T-1"));
}

TEST_CASE("a deposit can be cancelled though everything else was spent") {
  given<account>(opened(100), coming("T-1", 50), going("T-2", 100),
                 withdraw_confirmed{"T-2", {100}})
      .when(cancel_deposit{"T-1"})
      .then(deposit_cancelled{"T-1", {50}});
}

TEST_CASE("a withdrawal takes the money at once and is outgoing") {
  const auto done = given<account>(opened(100))
                        .when(withdraw{"T-1", "receiver", {100}, choreographed})
                        .then(withdrawn{"T-1", "receiver", {100}, choreographed});
  CHECK(done.state().balance == minor_units{0});
  CHECK(done.state().outgoing == minor_units{100});
  CHECK(done.state().withdrawals.at("T-1") == minor_units{100});
}

TEST_CASE("a withdrawal beyond the balance fails and takes nothing") {
  const auto done = given<account>(opened(100))
                        .when(withdraw{"T-1", "receiver", {101}, choreographed})
                        .then(withdraw_failed{"T-1", {101}, "insufficient funds", choreographed});
  CHECK(done.state().balance == minor_units{100});
  CHECK(done.state().outgoing == minor_units{0});
}

TEST_CASE("a withdrawal from an account that is not open fails") {
  given<account>()
      .when(withdraw{"T-1", "receiver", {1}, orchestrated})
      .then(withdraw_failed{"T-1", {1}, "no such account", orchestrated});
  given<account>(opened(0), account_closed{})
      .when(withdraw{"T-1", "receiver", {1}, orchestrated})
      .then(withdraw_failed{"T-1", {1}, "the account is closed", orchestrated});
}

TEST_CASE("a confirmed withdrawal is gone, a cancelled one is back") {
  const auto gone = given<account>(opened(100), going("T-1", 60))
                        .when(confirm_withdraw{"T-1"})
                        .then(withdraw_confirmed{"T-1", {60}});
  CHECK(gone.state().balance == minor_units{40});
  CHECK(gone.state().outgoing == minor_units{0});
  CHECK(gone.state().withdrawals.empty());
  const auto back = given<account>(opened(100), going("T-1", 60))
                        .when(cancel_withdraw{"T-1"})
                        .then(withdraw_cancelled{"T-1", {60}});
  CHECK(back.state().balance == minor_units{100});
  CHECK(back.state().outgoing == minor_units{0});
  CHECK(back.state().withdrawals.empty());
}

TEST_CASE("the end of a payment that is not under way is rejected") {
  const auto no_deposit = "no deposit of transfer 'T-1' is pending";
  const auto no_withdrawal = "no withdrawal of transfer 'T-1' is outgoing";
  // Each account has the other kind of payment for the transfer, which must not be taken for it.
  given<account>(opened(9), going("T-1", 5)).when(confirm_deposit{"T-1"}).then_rejected(no_deposit);
  given<account>(opened(9), going("T-1", 5)).when(cancel_deposit{"T-1"}).then_rejected(no_deposit);
  given<account>(opened(9), coming("T-1", 5))
      .when(confirm_withdraw{"T-1"})
      .then_rejected(no_withdrawal);
  given<account>(opened(9), coming("T-1", 5))
      .when(cancel_withdraw{"T-1"})
      .then_rejected(no_withdrawal);
  given<account>(opened(9), coming("T-1", 5), deposit_confirmed{"T-1", {5}})
      .when(confirm_deposit{"T-1"})
      .then_rejected(no_deposit);
}

TEST_CASE("an account's state is shown field by field and read back the same") {
  const auto some = given<account>(opened(100), coming("T-1", 50), going("T-2", 30));
  byte_buffer bytes;
  some.erased().encode_state(bytes);
  CHECK(json_of_cbor(bytes) == nlohmann::json::parse(R"({
    "status": "open", "balance": 70, "pending": 50, "outgoing": 30,
    "deposits": {"T-1": 50}, "withdrawals": {"T-2": 30}})"));
  typed_aggregate_state<account> read;
  REQUIRE_FALSE(read.decode_state(bytes));
  byte_buffer again;
  read.encode_state(again);
  CHECK(again == bytes);
}

TEST_CASE("a history that no account can have does not become a state") {
  typed_aggregate_state<account> state;
  REQUIRE_FALSE(state.evolve("AccountOpened", 1, encode(opened(most))));
  REQUIRE_FALSE(state.evolve("Deposited", deposited::schema_version, encode(coming("T-1", 1))));
  CHECK_THROWS(state.evolve("DepositConfirmed", 1, encode(deposit_confirmed{"T-1", {1}})));
}

namespace {

std::int64_t total(const std::map<std::string, minor_units>& parts) {
  std::int64_t result = 0;
  for (const auto& [transfer, amount] : parts)
    result += amount.count;
  return result;
}

// What an event brings into the account (or takes out of it), pending and outgoing amounts
// included.
std::int64_t flow(std::string_view event, byte_span payload) {
  const auto fields = json_of_cbor(payload);
  if (event == "AccountOpened")
    return fields["opening_balance"];
  if (event == "Deposited")
    return fields["amount"];
  if (event == "DepositCancelled" || event == "WithdrawConfirmed")
    return -fields["amount"].get<std::int64_t>();
  return 0;
}

account::command random_command(std::mt19937_64& random) {
  auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  const auto transfer = "T-" + std::to_string(below(6));
  // Now and then an amount that does not fit.
  const minor_units amount{below(20) == 0 ? most - below(100) : below(120) - 5};
  switch (below(8)) {
  case 0:
    return open_account{amount};
  case 1:
    return below(10) == 0 ? account::command{close_account{}} : confirm_withdraw{transfer};
  case 2:
    return confirm_deposit{transfer};
  case 3:
    return cancel_deposit{transfer};
  case 4:
    return cancel_withdraw{transfer};
  case 5:
    return deposit{transfer, "other", amount, orchestrated};
  default:
    return withdraw{transfer, "other", amount, orchestrated};
  }
}

} // namespace

TEST_CASE(
    "no sequence of commands brings an account below zero, beyond its limit or out of balance") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    typed_aggregate_state<account> live;
    typed_aggregate_state<account> replayed;
    std::int64_t expected = 0;
    const address here{"account", self};
    for (int i = 0; i < 300; ++i) {
      recorded_events events;
      const auto command = random_command(random);
      std::visit(
          [&](const auto& x) {
            live.decide(x.type_name, encode(x), {here, "T", timestamp{}}, events);
          },
          command);
      for (const auto& each : events.entries()) {
        const auto payload = events.payload(each);
        REQUIRE_FALSE(replayed.evolve(each.type, each.version, payload));
        expected += flow(each.type, payload);
      }
      const auto& now = live.get();
      std::int64_t held = 0;
      REQUIRE(now.balance.count >= 0);
      REQUIRE(now.pending.count == total(now.deposits));
      REQUIRE(now.outgoing.count == total(now.withdrawals));
      REQUIRE_FALSE(__builtin_add_overflow(now.balance.count, now.pending.count, &held));
      REQUIRE_FALSE(__builtin_add_overflow(held, now.outgoing.count, &held));
      REQUIRE(held == expected);
      REQUIRE(encode(replayed.get()) == encode(now));
    }
  }
}

TEST_CASE("a deposit that was stored before transfers could be choreographed still counts") {
  typed_aggregate_state<account> state;
  REQUIRE_FALSE(state.evolve("AccountOpened", 1, encode(opened(0))));
  const auto stored = as_bytes("\xa4\x68transfer\x63T-1\x64"
                               "from\x61"
                               "A\x62to\x61"
                               "B\x66"
                               "amount\x18\xfa");
  REQUIRE_FALSE(state.evolve("Deposited", 1, stored));
  CHECK(state.get().pending == minor_units{250});
  CHECK(state.get().deposits.at("T-1") == minor_units{250});
}

TEST_CASE("an account that a transfer holds is not closed, and says which transfer") {
  registry types;
  host_bank(types);
  entity receiver{*types.find("account"), {"account", "B"}};
  const auto answer_to = [&](const auto& command, participation role, const address& source) {
    auto message = std::make_shared<command_message>();
    message->id = random_message_id();
    message->to = receiver.self();
    message->source = source;
    message->correlation = source.empty() ? "B" : source.id;
    message->role = role;
    message->step = source.empty() ? "" : "deposit";
    message->type = command.type_name;
    message->payload = encode(command);
    struct kept final : reply_channel {
      void answer(outcome_ptr it) override { outcome = std::move(it); }
      void show(const entity_view&) override {}
      outcome_ptr outcome;
    };
    auto reply = std::make_shared<kept>();
    auto result = receiver.handle(command_delivery{std::move(message), reply}, timestamp{1h});
    for (auto& [channel, outcome] : result.replies)
      channel->answer(outcome);
    return reply->outcome;
  };
  const address transfer_t{"transfer", "T"};
  REQUIRE(answer_to(open_account{}, participation::none, {})->accepted);
  REQUIRE(
      answer_to(deposit{"T", "A", {50}, orchestrated}, participation::step, transfer_t)->accepted);
  const auto refused = answer_to(close_account{}, participation::none, {});
  CHECK(refused->reason == "account/B is held by the transaction T");
  CHECK(refused->transient);
  REQUIRE(answer_to(cancel_deposit{"T"}, participation::cancel, transfer_t)->accepted);
  CHECK(answer_to(close_account{}, participation::none, {})->accepted);
}
