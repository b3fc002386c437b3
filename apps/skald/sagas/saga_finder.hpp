#pragma once

#include "actors/registry.hpp"
#include "apps/skald/sagas/saga_overview.hpp"
#include "persistence/journal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// The open saga that a person means by the id of its aggregate; `type` may be empty.
/// @throws user_error if there is none, saying how it has ended or that it never was, or if there
/// are several.
saga_overview find_open_saga(const journal& log, const registry& types, const std::string& id,
                             const std::string& type);

/// The reactors that have parked something of the transaction.
std::vector<std::string> reactors_with_parked(const journal& log, const registry& types,
                                              const std::string& correlation);

/// The saga as it is now.
/// @throws user_error if it cannot be read.
saga_overview look_at_saga(const journal& log, const registry& types, const address& host);

} // namespace skald
