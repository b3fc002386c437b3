#pragma once

#include "messages/address.hpp"
#include "messages/time.hpp"

#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace skald {

/// When which entity is to be woken: at most one time for each.
class deadline_set {
public:
  /// Sets or moves the time of `self`; `no_time` clears it.
  void set(const address& self, timestamp due);

  /// The earliest time that is set; `no_time` if there is none.
  timestamp next();

  /// Takes out one entity that is due at `now`. Returns false if there is none.
  bool take_due(timestamp now, address& out);

  std::size_t size() const { return due_.size(); }

  /// What is kept in all: also what was moved or cleared and not yet dropped.
  std::size_t entries() const { return order_.size(); }

private:
  struct entry {
    timestamp due;
    address self;
    bool operator>(const entry& other) const { return due > other.due; }
  };

  void drop_stale();

  std::unordered_map<address, timestamp, address_hash> due_;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> order_; ///< may hold stale entries
};

} // namespace skald
