#pragma once

#include "messages/message_id.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace skald {

/// Which messages an entity has handled lately. Bounded: what is both beyond `least` messages and
/// older than `reach` is forgotten, and for a message that was first sent before that the journal
/// has to be asked.
class inbox {
public:
  static constexpr std::size_t least = 64;
  static constexpr duration reach = std::chrono::seconds{10};
  static constexpr std::size_t most = 65536;

  struct entry {
    message_id id;
    timestamp time = no_time; ///< of the turn that handled it
  };

  /// Remembers that `id` was handled in a turn of `time`. Times must not go back.
  void add(message_id id, timestamp time);

  bool contains(message_id id) const;

  /// Has the memory fetched that adding touches.
  void fetch() const { __builtin_prefetch(entries_.data() + entries_.size(), 1); }

  /// Would a message that was first sent at `first_sent` be remembered here, had it been handled?
  bool reaches_back_to(timestamp first_sent) const { return first_sent > forgotten_up_to_; }

  /// Everything that is remembered, oldest first, and up to when all else is forgotten. For
  /// snapshots.
  std::vector<entry> entries() const { return {begin(), entries_.end()}; }
  timestamp forgotten_up_to() const { return forgotten_up_to_; }
  void restore(std::vector<entry> entries, timestamp forgotten_up_to);

private:
  static constexpr std::size_t few = 16;

  std::vector<entry>::const_iterator begin() const {
    return entries_.begin() + static_cast<std::ptrdiff_t>(forgotten_);
  }

  std::size_t size() const { return entries_.size() - forgotten_; }
  std::size_t slot_of(message_id id) const;
  void provide_slots();
  void empty_slot(std::size_t slot);
  void forget_oldest();

  // Most entities live for a handful of messages, among which looking is faster than hashing.
  std::vector<entry> entries_;
  std::size_t forgotten_ = 0; ///< entries at the front that no longer count

  // A hash table, where there are more than a `few`: indexes into `entries_`, counted from 1; 0:
  // empty. A power of two of them, at most half of them taken.
  std::vector<std::uint32_t> slots_;
  timestamp forgotten_up_to_ = timestamp::min();
};

} // namespace skald
