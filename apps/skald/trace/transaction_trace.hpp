#pragma once

#include "actors/registry.hpp"
#include "persistence/journal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// One turn of a transaction, and what led to it.
struct traced_turn {
  traced_turn() = default;
  traced_turn(traced_turn&&) = default;
  traced_turn& operator=(traced_turn&&) = default;

  byte_buffer bytes;
  record content; ///< refers to `bytes`

  /// Index of the turn that led directly to this one: that which sent the command, recorded the
  /// event that a handler reacted to, gave the answer, or set the deadline. Empty: a client did, or
  /// it belongs to another transaction.
  std::optional<std::size_t> cause;

  /// What the command that this turn handled, or that it got the answer to, means to the saga.
  participation role = participation::none;

  /// How far the command that this turn is about is from the client's. An answer is as far as the
  /// turn that asked.
  unsigned depth = 0;
};

/// A business transaction: its turns at all participants, in the order in which they were
/// committed.
struct transaction_trace {
  std::string correlation;
  std::vector<traced_turn> turns;
};

/// Everything that the journal holds of the transaction; no turns if there is none.
/// @throws store_error (damaged)
transaction_trace trace_transaction(const journal& log, const registry& types,
                                    std::string_view correlation);

/// What became of a command that a turn sent: indexes of turns.
struct dispatch_fate {
  std::optional<std::size_t> handled;  ///< by its receiver
  std::optional<std::size_t> answered; ///< where its sender got the answer
};

/// For each of the turn's dispatches.
std::vector<dispatch_fate> fates_of(const transaction_trace& trace, std::size_t turn);

} // namespace skald
