#pragma once

#include "actors/parked_reactions.hpp"
#include "actors/registry.hpp"
#include "persistence/journal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace skald {

/// Calls `visit` with each reactor that has parked something, and what.
/// @throws store_error, user_error if that cannot be read.
void for_each_parked(
    const journal& log, const registry& types,
    const std::function<void(const std::string& reactor, const parked_reactions& parked)>& visit);

nlohmann::ordered_json parked_json(const std::string& reactor, const parked_event& x);

/// The same for a person, on one line.
std::string parked_text(const std::string& reactor, const parked_event& x, timestamp now);

} // namespace skald
