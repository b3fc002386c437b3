#include "apps/bank/bank.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/bank/transfer_handlers.hpp"
#include "apps/bank/transfer_saga.hpp"

namespace skald {

void host_bank(registry& types) {
  types.host<account>()
      .host<transfer>(transfer_saga(), transfer_coordinator())
      .host(deposit_handler())
      .host(withdraw_handler())
      .host(transfer_handler());
}

} // namespace skald
