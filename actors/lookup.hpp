#pragma once

#include "actors/delivery.hpp"
#include "persistence/journal.hpp"

namespace skald {

/// What the journal knows of a message at its receiver.
struct lookup_result {
  outcome_ptr first_answer; ///< if it was handled
  bool cancelled = false;   ///< if not: was its step cancelled before it came?
};

/// Looks for `message` among the records of its receiver, back to the time at which it was first
/// sent.
/// @throws store_error (damaged) if a record cannot be read.
lookup_result look_up(const journal& log, const command_message& message);

} // namespace skald
