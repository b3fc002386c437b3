#pragma once

#include "apps/skald/global_options.hpp"

namespace skald {

/// Tells on a new store how money moves between accounts: opened; paid by orchestration and by
/// choreography; a payment that fails and is undone; one whose payer is silent.
/// @throws user_error if something in the story does not go as it must.
void tell_demo(const global_options& options);

} // namespace skald
