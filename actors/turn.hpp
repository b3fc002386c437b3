#pragma once

#include "actors/delivery.hpp"
#include "actors/reactor.hpp"
#include "messages/bytes.hpp"
#include "persistence/journal.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace skald {

/// Where a live entity stands in the directory.
using slot_id = std::uint32_t;

/// Counts how often everything uncommitted was voided. A turn of an earlier epoch is void.
using epoch_id = std::uint32_t;

/// What handling one input yields: what is to be committed, and what leaves the entity once it is.
struct turn {
  slot_id slot = 0;
  epoch_id epoch = 0;

  // Committed as one.
  byte_buffer record; ///< encoded; empty if the input changes nothing durable
  std::shared_ptr<stream_cursor> cursor;

  // Leaves after the commit of this and every earlier turn of the entity.
  std::vector<delivery> deliveries; ///< dispatches, and outcomes for those who dispatched the input
  std::vector<std::pair<reply_channel_ptr, outcome_ptr>> replies;
  std::vector<std::pair<reply_channel_ptr, entity_view>> views;
  std::vector<command_delivery>
      lookups; ///< the journal is to say whether these were handled before
  std::vector<published_event> publications; ///< `at` is set when the record has its position

  /// The replies tell what earlier turns have committed: they need not wait for this one.
  bool answers_are_committed = false;

  /// If it has changed: when whom is to be woken by a deadline; `no_time`: not at all.
  std::optional<std::pair<address, timestamp>> next_due;

  bool finished = false; ///< the entity's saga has ended: nothing more is expected of it

  /// The input waits in the entity for the end of a saga that holds it: there is no turn yet.
  bool waits = false;
};

/// An input that is done with: its turn is committed.
struct released_input {
  slot_id slot = 0;
  bool finished = false; ///< after this turn nothing more was expected of the entity
};

/// What the committed turns of one batch send, and which inputs are done with. The directory passes
/// it on.
struct release {
  epoch_id epoch = 0;
  position last = 0; ///< of the batch's last record
  std::vector<delivery> deliveries;
  std::vector<command_delivery> lookups;
  std::vector<published_event_ptr> publications;
  std::vector<released_input> released; ///< in the order of the turns
};

using release_ptr = std::shared_ptr<release>;

} // namespace skald
