#pragma once

#include "actors/delivery.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace skald {

/// `{"type":"account","id":"A-1","status":"open","state":{"balance":...},"version":3,"sequence":3,
/// "in_saga":["T-1"],"deleted":false}`: `state` holds the domain's fields, money in minor units.
nlohmann::ordered_json entity_json(const entity_view& x);

/// The same for a person: a heading, then a line for each field.
std::string entity_text(const entity_view& x);

/// The fields of a state or an event for a person, on one line, without those that are empty:
/// `balance 1000.00, pending 0.00`.
std::string fields_text(const nlohmann::json& fields);

} // namespace skald
