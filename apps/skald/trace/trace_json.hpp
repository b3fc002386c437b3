#pragma once

#include "apps/skald/trace/transaction_trace.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skald {

/// `{"correlation":"T-1","entries":[...]}`: an entry has all fields of a turn as `show --history
/// --json` gives them, its `stream`, `milliseconds` from the first turn on, `depth`, and
/// `caused_by`: the position of the turn that led to it, or null.
nlohmann::ordered_json trace_json(const transaction_trace& trace);

} // namespace skald
