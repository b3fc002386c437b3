#pragma once

#include "actors/reactor.hpp"

namespace skald {

// The handlers that carry a choreographed transfer. Events of orchestrated ones they pass over.

/// Has the receiver deposit, and confirm or cancel that when the transfer ends.
reactor deposit_handler();

/// Has the payer withdraw once the receiver has the deposit, and confirm or cancel that when the
/// transfer ends.
reactor withdraw_handler();

/// Tells the transfer what has become of deposit and withdrawal.
reactor transfer_handler();

} // namespace skald
