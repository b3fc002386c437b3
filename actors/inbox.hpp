#pragma once

#include "messages/message_id.hpp"
#include "messages/time.hpp"

#include <deque>
#include <unordered_set>
#include <utility>

namespace skald {

/// Which messages an entity has handled lately. Bounded: what is both beyond `least` messages and
/// older than `reach` is forgotten, and for a message that was first sent before that the journal
/// has to be asked.
class inbox {
public:
  static constexpr std::size_t least = 64;
  static constexpr duration reach = std::chrono::seconds{10};
  static constexpr std::size_t most = 65536;

  /// Remembers that `id` was handled in a turn of `time`. Times must not go back.
  void add(message_id id, timestamp time);

  bool contains(message_id id) const { return known_.contains(id); }

  /// Would a message that was first sent at `first_sent` be remembered here, had it been handled?
  bool reaches_back_to(timestamp first_sent) const { return first_sent > forgotten_up_to_; }

  /// Everything that is remembered, oldest first, and up to when all else is forgotten. For snapshots.
  const std::deque<std::pair<message_id, timestamp>>& entries() const { return order_; }
  timestamp forgotten_up_to() const { return forgotten_up_to_; }
  void restore(std::deque<std::pair<message_id, timestamp>> entries, timestamp forgotten_up_to);

private:
  std::deque<std::pair<message_id, timestamp>> order_;
  std::unordered_set<message_id, message_id_hash> known_;
  timestamp forgotten_up_to_ = timestamp::min();
};

} // namespace skald
