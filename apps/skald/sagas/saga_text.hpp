#pragma once

#include "apps/skald/sagas/saga_overview.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace skald {

/// `{"type":"transfer","id":"T-1","saga":...,"phase":...,"since":...,"steps":[...]}`.
nlohmann::ordered_json saga_json(const saga_overview& x);

/// The same for a person, on one line.
std::string saga_text(const saga_overview& x, timestamp now);

/// The heading of such lines.
std::string saga_heading();

} // namespace skald
