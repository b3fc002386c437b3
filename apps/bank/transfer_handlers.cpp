#include "apps/bank/transfer_handlers.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"

#include <vector>

namespace skald {

namespace {

using reactions = std::vector<reaction>;

// What `respond` says to an event of a choreographed transfer; to any other, nothing.
template <class Respond>
auto if_choreographed(Respond respond) {
  return [respond](const auto& event) {
    return event.style == transfer_style::choreographed ? reactions{respond(event)} : reactions{};
  };
}

template <class Event>
reaction cancel_for(const Event& event) {
  return plainly(to<transfer>(event.transfer, cancel_transfer{event.reason}));
}

} // namespace

reactor deposit_handler() {
  return reactor("deposit handler")
      .on<transfer, transfer_created>(if_choreographed([](const transfer_created& event) {
        return as_step("deposit", to<account>(event.to, deposit{event.transfer, event.from,
                                                                event.amount, event.style}));
      }))
      .emits<account, deposit>()
      .on<transfer, transfer_completed>(if_choreographed([](const transfer_completed& event) {
        return as_confirm("deposit", to<account>(event.to, confirm_deposit{event.transfer}));
      }))
      .emits<account, confirm_deposit>()
      .on<transfer, transfer_canceled>(if_choreographed([](const transfer_canceled& event) {
        return as_cancel("deposit", to<account>(event.to, cancel_deposit{event.transfer}));
      }))
      .emits<account, cancel_deposit>();
}

reactor withdraw_handler() {
  return reactor("withdraw handler")
      .on<account, deposited>(if_choreographed([](const deposited& event) {
        return as_step("withdraw", to<account>(event.from, withdraw{event.transfer, event.to,
                                                                    event.amount, event.style}));
      }))
      .emits<account, withdraw>()
      .on<transfer, transfer_completed>(if_choreographed([](const transfer_completed& event) {
        return as_confirm("withdraw", to<account>(event.from, confirm_withdraw{event.transfer}));
      }))
      .emits<account, confirm_withdraw>()
      .on<transfer, transfer_canceled>(if_choreographed([](const transfer_canceled& event) {
        return as_cancel("withdraw", to<account>(event.from, cancel_withdraw{event.transfer}));
      }))
      .emits<account, cancel_withdraw>();
}

reactor transfer_handler() {
  return reactor("transfer handler")
      .on<account, deposited>(if_choreographed([](const deposited& event) {
        return plainly(to<transfer>(event.transfer, complete_deposit{}));
      }))
      .emits<transfer, complete_deposit>()
      .on<account, withdrawn>(if_choreographed([](const withdrawn& event) {
        return plainly(to<transfer>(event.transfer, complete_withdraw{}));
      }))
      .emits<transfer, complete_withdraw>()
      .on<account, deposit_failed>(if_choreographed(cancel_for<deposit_failed>))
      .emits<transfer, cancel_transfer>()
      .on<account, withdraw_failed>(if_choreographed(cancel_for<withdraw_failed>))
      .emits<transfer, cancel_transfer>();
}

} // namespace skald
