#include "apps/bank/transfer_saga.hpp"

#include "actors/test_kit.hpp"
#include "apps/bank/account.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace skald;

namespace {

constexpr auto orchestrated = transfer_style::orchestrated;
constexpr auto choreographed = transfer_style::choreographed;
const char* const self = scenario<transfer>::self;

scenario<transfer> some_transfer(transfer_style style) {
  return given<transfer>(transfer_created{self, "A", "B", {250}, style, 1'500});
}

// Runs a function of a saga that decides a command of its own transfer.
template <class F>
std::vector<std::string> decided(typed_aggregate_state<transfer>& state, F decide) {
  const address here{"transfer", self};
  recorded_events events;
  const auto result = decide(state, decision_context{here, self, timestamp{}}, events);
  CHECK(result.accepted);
  return written(events);
}

typed_aggregate_state<transfer> orchestrated_state() {
  typed_aggregate_state<transfer> state;
  const transfer_created created{self, "A", "B", {250}, orchestrated, 1'500};
  REQUIRE_FALSE(state.evolve(created.type_name, created.schema_version, encode(created)));
  return state;
}

} // namespace

TEST_CASE("the saga of an orchestrated transfer deposits, then withdraws") {
  const auto definition = transfer_saga().build();
  CHECK(definition.starts_on == "TransferCreated");
  REQUIRE(definition.steps.size() == 2);
  CHECK(definition.steps[0].name == "deposit");
  CHECK(definition.steps[1].name == "withdraw");
  const auto some = some_transfer(orchestrated);
  const auto deposit_sent = definition.steps[0].send(some.erased(), {});
  CHECK(deposit_sent.to == address{"account", "B"});
  CHECK(written(deposit_sent.command) == written(deposit{self, "A", {250}, orchestrated}));
  const auto withdraw_sent = definition.steps[1].send(some.erased(), {});
  CHECK(withdraw_sent.to == address{"account", "A"});
  CHECK(written(withdraw_sent.command) == written(withdraw{self, "B", {250}, orchestrated}));
}

TEST_CASE("the saga of a transfer confirms or undoes each step at its participant") {
  const auto definition = transfer_saga().build();
  const auto some = some_transfer(orchestrated);
  CHECK(written(definition.steps[0].confirm.make(some.erased(), {})) ==
        written(confirm_deposit{self}));
  CHECK(written(definition.steps[0].compensate.make(some.erased(), {})) ==
        written(cancel_deposit{self}));
  CHECK(written(definition.steps[1].confirm.make(some.erased(), {})) ==
        written(confirm_withdraw{self}));
  CHECK(written(definition.steps[1].compensate.make(some.erased(), {})) ==
        written(cancel_withdraw{self}));
}

TEST_CASE("each step's success shows in the transfer, and the last completes it") {
  const auto definition = transfer_saga().build();
  auto state = orchestrated_state();
  CHECK(definition.steps[0].on_success_type == "CompleteDeposit");
  const auto succeed = [&](std::size_t step) {
    return
        [&, step](aggregate_state& its, const decision_context& context, recorded_events& events) {
          return definition.steps[step].on_success(its, {{}, outcome{}}, context, events);
        };
  };
  CHECK(decided(state, succeed(0)) == std::vector{written(deposit_completed{})});
  CHECK(definition.steps[1].on_success_type == "CompleteWithdraw");
  CHECK(decided(state, succeed(1)) ==
        std::vector{written(withdraw_completed{}),
                    written(transfer_completed{self, "A", "B", orchestrated})});
}

TEST_CASE("the failure of either kind of transfer cancels it and is its reason") {
  for (const auto& definition : {transfer_saga().build(), transfer_coordinator().build()}) {
    auto state = orchestrated_state();
    CHECK(definition.on_failure_type == "CancelTransfer");
    const auto fail = [&](aggregate_state& its, const decision_context& context,
                          recorded_events& events) {
      return definition.on_failure(its, "no money", context, events);
    };
    CHECK(decided(state, fail) ==
          std::vector{written(transfer_canceled{self, "A", "B", orchestrated, "no money"})});
    CHECK(definition.failure_reason(state) == "no money");
  }
}

TEST_CASE("the deadline of either kind of transfer is the one it was created with") {
  using namespace std::chrono_literals;
  const auto some = some_transfer(orchestrated);
  CHECK(transfer_saga().build().deadline(some.erased()) == 1'500ms);
  CHECK(transfer_coordinator().build().deadline(some.erased()) == 1'500ms);
}

TEST_CASE("a transfer starts the saga of its style and not the other") {
  const auto led = some_transfer(orchestrated);
  const auto danced = some_transfer(choreographed);
  const auto saga_of_steps = transfer_saga().build();
  const auto coordinator = transfer_coordinator().build();
  CHECK(saga_of_steps.applies(led.erased()));
  CHECK_FALSE(saga_of_steps.applies(danced.erased()));
  CHECK(coordinator.applies(danced.erased()));
  CHECK_FALSE(coordinator.applies(led.erased()));
}

TEST_CASE("the coordinator of a choreographed transfer only watches for its end") {
  const auto definition = transfer_coordinator().build();
  CHECK(definition.starts_on == "TransferCreated");
  CHECK(definition.steps.empty());
  CHECK(definition.completes_on == std::vector<std::string_view>{"TransferCompleted"});
  CHECK(definition.compensated_on == std::vector<std::string_view>{"TransferCanceled"});
}
