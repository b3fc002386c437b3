#pragma once

#include "actors/registry.hpp"
#include "apps/skald/flow/flow.hpp"
#include "apps/skald/flow/observed_flow.hpp"

#include <vector>

namespace skald {

/// The flow of every saga that is declared, next to what was observed of it. One without steps
/// takes in the handlers that carry it.
std::vector<saga_flow> saga_flows(const registry& types, const observed_flow& observed);

} // namespace skald
