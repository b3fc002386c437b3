#pragma once

#include "actors/delivery.hpp"
#include "persistence/journal.hpp"

namespace skald {

/// What the journal knows of a message at its receiver.
struct lookup_result {
  outcome_ptr first_answer; ///< if it was handled
  bool cancelled = false;   ///< if not: was its step cancelled before it came?
};

/// May the sender of `message` be told that it was refused, although its receiver cannot be read?
/// Nobody knows what became of it before: a saga would take a refused step for one that did
/// nothing, a reactor would take the refusal for an answer. They send it again when the receiver is
/// back. A refused confirm or cancel the saga tries again.
bool may_be_refused_unread(const command_message& message);

/// Looks for `message` among the records of its receiver, back to the time at which it was first
/// sent.
/// @throws store_error (damaged) if a record cannot be read.
lookup_result look_up(const journal& log, const command_message& message);

} // namespace skald
