#pragma once

#include "actors/turn.hpp"
#include "messages/address.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace skald {

/// The live entities of a directory: by address and by slot, the idle ones in the order in which
/// they fell idle.
class live_set {
public:
  std::optional<slot_id> find(const address& self) const;

  /// Takes a free slot for `self`, which must not be live. The actor is set by `start`.
  slot_id add(const address& self);
  void start(slot_id slot, caf::actor actor) { entries_[slot].actor = std::move(actor); }

  const caf::actor& actor_of(slot_id slot) const { return entries_[slot].actor; }

  /// One more input is under way to the entity.
  void delivered(slot_id slot);

  /// One input has come back through the journal.
  void released(slot_id slot);

  bool idle(slot_id slot) const { return entries_[slot].used && entries_[slot].under_way == 0; }

  /// The entity that has been idle for longest, if any is.
  std::optional<slot_id> longest_idle() const;

  /// Forgets an idle entity and returns its actor.
  caf::actor remove(slot_id slot);

  /// Forgets every entity and returns their actors.
  std::vector<caf::actor> clear();

  std::size_t size() const { return by_address_.size(); }

  /// Inputs that are under way to all entities.
  std::size_t under_way() const { return under_way_; }

private:
  static constexpr slot_id none = UINT32_MAX;

  struct entry {
    address self;
    caf::actor actor;
    std::uint32_t under_way = 0;
    bool used = false;
    slot_id before = none; ///< of the idle ones, the one that fell idle before
    slot_id after = none;
  };

  void link(slot_id slot);
  void unlink(slot_id slot);

  std::vector<entry> entries_;
  std::vector<slot_id> free_;
  std::unordered_map<address, slot_id, address_hash> by_address_;
  slot_id longest_idle_ = none;
  slot_id last_idle_ = none;
  std::size_t under_way_ = 0;
};

} // namespace skald
