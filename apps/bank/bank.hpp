#pragma once

#include "actors/registry.hpp"

namespace skald {

/// Hosts accounts and transfers, with the sagas and handlers that move money between them.
void host_bank(registry& types);

} // namespace skald
