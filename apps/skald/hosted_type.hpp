#pragma once

#include "actors/registry.hpp"
#include "messages/address.hpp"

#include <string>

namespace skald {

/// The type that the person named.
/// @throws user_error if there is none, naming those that there are.
const entity_type& hosted_type(const registry& types, const std::string& name);

/// @throws user_error if the id is none.
void require_id(const address& self);

} // namespace skald
