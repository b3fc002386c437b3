#pragma once

#include "actors/saga.hpp"
#include "apps/bank/transfer.hpp"

namespace skald {

/// Leads an orchestrated transfer: deposit, then withdraw. The money stays pending at the receiver
/// until the payer has paid, so undoing the deposit cannot fail.
saga<transfer> transfer_saga();

/// Watches over a choreographed transfer: handlers carry it, this cancels it when its deadline
/// passes.
saga<transfer> transfer_coordinator();

} // namespace skald
