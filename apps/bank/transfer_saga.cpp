#include "apps/bank/transfer_saga.hpp"

#include "apps/bank/account.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace skald {

namespace {

bool is_orchestrated(const transfer& state) {
  return state.style == transfer_style::orchestrated;
}

bool is_choreographed(const transfer& state) {
  return state.style == transfer_style::choreographed;
}

auto deposit_of(const transfer& state) {
  return to<account>(state.to, deposit{state.id, state.from, state.amount, state.style});
}

confirm_deposit confirm_deposit_of(const transfer& state) {
  return {state.id};
}

cancel_deposit cancel_deposit_of(const transfer& state) {
  return {state.id};
}

auto withdraw_of(const transfer& state) {
  return to<account>(state.from, withdraw{state.id, state.to, state.amount, state.style});
}

confirm_withdraw confirm_withdraw_of(const transfer& state) {
  return {state.id};
}

cancel_withdraw cancel_withdraw_of(const transfer& state) {
  return {state.id};
}

complete_deposit complete_deposit_of(const transfer&) {
  return {};
}

complete_withdraw complete_withdraw_of(const transfer&) {
  return {};
}

cancel_transfer cancel_transfer_of(const transfer&, std::string_view reason) {
  return {std::string{reason}};
}

duration deadline_of(const transfer& state) {
  return std::chrono::milliseconds{state.deadline_ms};
}

std::string reason_of(const transfer& state) {
  return state.reason;
}

} // namespace

saga<transfer> transfer_saga() {
  return saga<transfer>("transfer money")
      .starts_on<transfer_created>()
      .when(is_orchestrated)
      .step("deposit")
      .send(deposit_of)
      .succeeds_on<deposited>()
      .fails_on<deposit_failed>()
      .on_success(complete_deposit_of)
      .confirm(confirm_deposit_of)
      .compensate(cancel_deposit_of)
      .step("withdraw")
      .send(withdraw_of)
      .succeeds_on<withdrawn>()
      .fails_on<withdraw_failed>()
      .on_success(complete_withdraw_of)
      .confirm(confirm_withdraw_of)
      .compensate(cancel_withdraw_of)
      .deadline(deadline_of)
      .on_failure(cancel_transfer_of)
      .failure_reason(reason_of);
}

saga<transfer> transfer_coordinator() {
  return saga<transfer>("transfer coordinator")
      .starts_on<transfer_created>()
      .when(is_choreographed)
      .completes_on<transfer_completed>()
      .compensated_on<transfer_canceled>()
      .deadline(deadline_of)
      .on_failure(cancel_transfer_of)
      .failure_reason(reason_of);
}

} // namespace skald
