#pragma once

#include "actors/rebuild.hpp"
#include "persistence/journal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace skald {

/// Calls `visit` with the turns of `self` within `limit`, oldest first.
/// @throws store_error (damaged)
void for_each_turn(const journal& log, const address& self, const rebuild_limit& limit,
                   const std::function<void(const record&)>& visit);

/// Who changed what, when, caused by which message, in which transaction.
nlohmann::ordered_json turn_json(const record& x);

/// The same for a person: a few lines.
std::string turn_text(const record& x);

/// What a turn handled, for a person: `Withdraw from transfer/T-1, rejected: insufficient funds`.
std::string input_text(const record& x);

/// An event in short: `Deposited 250.00`.
std::string event_text(const event_view& x);

} // namespace skald
