#pragma once

#include "actors/turn.hpp"
#include "messages/address.hpp"

#include <caf/actor.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace skald {

/// The live entities of a directory: by address and by slot, the idle ones in the order in which
/// they fell idle.
class live_set {
public:
  std::optional<slot_id> find(const address& self) const;

  /// Has the memory that delivering to these addresses touches fetched: with many entities each
  /// would be waited for. For the next few deliveries, not for hundreds.
  void fetch(std::span<const delivery> soon);

  /// Takes a free slot for `self`, which must not be live. The actor is set by `start`.
  slot_id add(const address& self);
  void start(slot_id slot, caf::actor actor) { entries_[slot].actor = std::move(actor); }

  const caf::actor& actor_of(slot_id slot) const { return entries_[slot].actor; }

  /// One more input is under way to the entity.
  void delivered(slot_id slot);

  /// These inputs have come back through the journal.
  void released(std::span<const released_input> inputs);

  bool idle(slot_id slot) const { return entries_[slot].used && entries_[slot].under_way == 0; }

  /// Is it idle, and was nothing more expected of it after its last turn?
  bool finished(slot_id slot) const { return idle(slot) && entries_[slot].finished; }

  /// The entity that has been idle for longest, if any is.
  std::optional<slot_id> longest_idle();

  /// Forgets an idle entity and returns its actor.
  caf::actor remove(slot_id slot);

  /// Forgets every entity and returns their actors.
  std::vector<caf::actor> clear();

  std::size_t size() const { return size_; }

  /// Inputs that are under way to all entities.
  std::size_t under_way() const { return under_way_; }

private:
  static constexpr slot_id none = UINT32_MAX;

  struct entry {
    address self;
    caf::actor actor;
    std::uint64_t idle_since = 0; ///< as `idle_count_` counts
    std::uint32_t hash = 0;
    std::uint32_t under_way = 0;
    bool used = false;
    bool finished = false;
  };

  // A place of the table of addresses, which is open and probed linearly.
  struct place {
    slot_id slot = none;
    std::uint32_t hash = 0;
  };

  struct idle_entry {
    std::uint64_t since;
    slot_id slot;
  };

  std::size_t place_of(const address& self, std::uint32_t hash) const;
  std::size_t home_of(std::uint32_t hash) const { return hash & (places_.size() - 1); }
  void provide_places();
  void erase_place(std::size_t at);
  void fell_idle(slot_id slot);
  bool is_current(const idle_entry& x) const;

  std::vector<entry> entries_;
  std::vector<slot_id> free_;
  std::vector<place> places_;
  std::deque<idle_entry> idle_; ///< also such as are idle no longer, or again
  std::uint64_t idle_count_ = 0;
  std::size_t size_ = 0;
  std::size_t under_way_ = 0;
  std::vector<std::uint32_t> sought_; ///< of `fetch`, kept for its memory
};

} // namespace skald
