#pragma once

#include "messages/address.hpp"
#include "messages/time.hpp"
#include "persistence/stream_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace skald {

/// When which entity is to be woken: at most one time for each. Made for very many, of which most
/// are cleared before they are due: what is touched for that is small, and fetched for many at
/// once.
class deadline_set {
public:
  /// Sets or moves the time of `self`; `no_time` clears it.
  void set(const address& self, timestamp due);

  /// The same for each, in order.
  void set(std::span<const std::pair<address, timestamp>> changes);

  /// The earliest time that is set; `no_time` if there is none.
  timestamp next();

  /// Takes out one entity that is due at `now`, the earliest first. Returns false if there is none.
  bool take_due(timestamp now, address& out);

  std::size_t size() const { return entries_.size() - free_.size(); }

  /// What is kept in all: also what was moved or cleared and not yet dropped.
  std::size_t entries() const { return order_.size(); }

private:
  using entry_number = std::uint32_t;

  /// What is known of an entity beside its address.
  struct waiting_entity {
    std::uint64_t hash_high = 0;
    timestamp due = no_time; ///< no_time: the entry is free
    std::uint32_t changes = 0;
  };

  struct hash_slot {
    std::uint64_t hash_low = 0;
    entry_number entry = 0; ///< counted from 1; 0: empty
  };

  /// Holds no address, so that what is moved about is small. Stale if the entry has changed since.
  struct place_in_order {
    timestamp due;
    entry_number entry;
    std::uint32_t changes;
    bool operator>(const place_in_order& other) const { return due > other.due; }
  };

  std::size_t slot_of(stream_hash hash) const;
  void set(stream_hash hash, const address& self, timestamp due);
  entry_number insert(std::size_t slot, stream_hash hash, const address& self);
  void remove(std::size_t slot);
  void provide_slots(std::size_t count);
  bool is_stale(const place_in_order& place) const;
  void drop_stale();
  void drop_all_stale();

  std::vector<hash_slot> slots_; ///< a power of two, at most half of them taken
  std::vector<waiting_entity> entries_;
  std::vector<address> addresses_; ///< of the entries
  std::vector<entry_number> free_;
  std::vector<place_in_order> order_; ///< a heap, the earliest first; may hold stale places
};

} // namespace skald
