#include "apps/bank/transfer_handlers.hpp"

#include "actors/test_kit.hpp"
#include "apps/bank/account.hpp"
#include "apps/bank/bank.hpp"
#include "apps/bank/transfer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

using namespace skald;

namespace {

constexpr auto orchestrated = transfer_style::orchestrated;
constexpr auto choreographed = transfer_style::choreographed;

template <class A, event_of<A> E>
published_event published(const std::string& by, const E& event) {
  published_event result;
  result.at = 17;
  result.from = {std::string{A::type_name}, by};
  result.correlation = "T-1";
  result.turn = 3;
  result.index = 1;
  result.time = timestamp{std::chrono::seconds{1'000}};
  result.causation = message_id_of("cause");
  result.event = {std::string{E::type_name}, schema_version_of<E>(), encode(event)};
  return result;
}

struct expected_command {
  participation role;
  std::string step;
  address to;
  std::string command;
};

// The one command that `handler` answers `event` with.
void check_reaction(const reactor& handler, const published_event& event,
                    const expected_command& expected) {
  const auto sent = handler.react(event);
  REQUIRE(sent.size() == 1);
  const auto& message = *sent.front();
  CHECK(message.role == expected.role);
  CHECK(message.step == expected.step);
  CHECK(message.to == expected.to);
  CHECK(written(message.type, message.payload) == expected.command);
  CHECK(message.source == handler.self());
  CHECK(message.correlation == event.correlation);
  CHECK(message.causation == event.causation);
  CHECK(message.first_sent == event.time);
}

const address payer{"account", "A"};
const address receiver{"account", "B"};
const address itself{"transfer", "T-1"};

published_event created(transfer_style style) {
  return published<transfer>("T-1", transfer_created{"T-1", "A", "B", {250}, style, 5'000});
}

published_event completed(transfer_style style) {
  return published<transfer>("T-1", transfer_completed{"T-1", "A", "B", style});
}

published_event canceled(transfer_style style) {
  return published<transfer>("T-1", transfer_canceled{"T-1", "A", "B", style, "no money"});
}

published_event paid_in(transfer_style style) {
  return published<account>("B", deposited{"T-1", "A", "B", {250}, style});
}

published_event paid_out(transfer_style style) {
  return published<account>("A", withdrawn{"T-1", "B", {250}, style});
}

published_event not_paid_in(transfer_style style) {
  return published<account>("B", deposit_failed{"T-1", {250}, "no such account", style});
}

published_event not_paid_out(transfer_style style) {
  return published<account>("A", withdraw_failed{"T-1", {250}, "no money", style});
}

} // namespace

TEST_CASE("the deposit handler has the receiver join, confirm and cancel") {
  const auto handler = deposit_handler();
  check_reaction(handler, created(choreographed),
                 {participation::step, "deposit", receiver,
                  written(deposit{"T-1", "A", {250}, choreographed})});
  check_reaction(handler, completed(choreographed),
                 {participation::confirm, "deposit", receiver, written(confirm_deposit{"T-1"})});
  check_reaction(handler, canceled(choreographed),
                 {participation::cancel, "deposit", receiver, written(cancel_deposit{"T-1"})});
}

TEST_CASE("the withdraw handler has the payer join once there is a deposit, confirm and cancel") {
  const auto handler = withdraw_handler();
  check_reaction(handler, paid_in(choreographed),
                 {participation::step, "withdraw", payer,
                  written(withdraw{"T-1", "B", {250}, choreographed})});
  check_reaction(handler, completed(choreographed),
                 {participation::confirm, "withdraw", payer, written(confirm_withdraw{"T-1"})});
  check_reaction(handler, canceled(choreographed),
                 {participation::cancel, "withdraw", payer, written(cancel_withdraw{"T-1"})});
  CHECK(handler.react(created(choreographed)).empty());
}

TEST_CASE("the transfer handler tells the transfer what has become of each part") {
  const auto handler = transfer_handler();
  check_reaction(handler, paid_in(choreographed),
                 {participation::none, "", itself, written(complete_deposit{})});
  check_reaction(handler, paid_out(choreographed),
                 {participation::none, "", itself, written(complete_withdraw{})});
  check_reaction(handler, not_paid_in(choreographed),
                 {participation::none, "", itself, written(cancel_transfer{"no such account"})});
  check_reaction(handler, not_paid_out(choreographed),
                 {participation::none, "", itself, written(cancel_transfer{"no money"})});
}

TEST_CASE("no handler interferes with an orchestrated transfer") {
  for (const auto& handler : {deposit_handler(), withdraw_handler(), transfer_handler()})
    for (const auto& event : {created(orchestrated), completed(orchestrated),
                              canceled(orchestrated), paid_in(orchestrated), paid_out(orchestrated),
                              not_paid_in(orchestrated), not_paid_out(orchestrated)})
      CHECK(handler.react(event).empty());
}

TEST_CASE("reacting again sends the same message; another handler or another event, another one") {
  std::vector<message_id> ids;
  auto react = [&](const reactor& handler, const published_event& event) {
    const auto first = handler.react(event);
    const auto again = handler.react(event);
    REQUIRE(first.size() == 1);
    REQUIRE(again.size() == 1);
    CHECK(first[0]->id == again[0]->id);
    ids.push_back(first[0]->id);
  };
  auto event = paid_in(choreographed);
  react(withdraw_handler(), event);
  react(transfer_handler(), event);
  event.index = 2;
  react(transfer_handler(), event);
  event.turn = 4;
  react(transfer_handler(), event);
  event.from.id = "C";
  react(transfer_handler(), event);
  std::ranges::sort(ids);
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

TEST_CASE("the bank hosts its aggregates, the sagas of both styles and the handlers") {
  registry types;
  host_bank(types);
  CHECK(types.type_names() == "account, transfer, parked_reactions");
  REQUIRE(types.find("transfer"));
  CHECK(types.find("transfer")->find_saga("transfer money"));
  CHECK(types.find("transfer")->find_saga("transfer coordinator"));
  REQUIRE(types.reactors().size() == 3);
  // The deposit concerns two handlers: one has the payer withdraw, one tells the transfer.
  const auto* listeners = types.find("account")->find_subscription("Deposited");
  REQUIRE(listeners);
  CHECK(listeners->reactors.size() == 2);
  CHECK(types.find("account")->make_state()->status() == "unopened");
}

TEST_CASE("the handlers say what they emit") {
  for (const auto& handler : {deposit_handler(), withdraw_handler(), transfer_handler()})
    for (const auto& rule : handler.rules()) {
      INFO(handler.name() << ", " << rule.event_type);
      REQUIRE(rule.emits.size() == 1);
    }
  const auto handler = deposit_handler();
  CHECK(handler.rules().front().emits.front().target_type == "account");
  CHECK(handler.rules().front().emits.front().command_type == "Deposit");
}

TEST_CASE("the bank cannot be hosted twice") {
  registry types;
  host_bank(types);
  CHECK_THROWS_AS(host_bank(types), std::logic_error);
}
