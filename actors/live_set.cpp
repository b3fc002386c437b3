#include "actors/live_set.hpp"

#include <utility>

namespace skald {

std::optional<slot_id> live_set::find(const address& self) const {
  const auto found = by_address_.find(self);
  if (found == by_address_.end())
    return std::nullopt;
  return found->second;
}

slot_id live_set::add(const address& self) {
  slot_id slot;
  if (free_.empty()) {
    slot = static_cast<slot_id>(entries_.size());
    entries_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  auto& live = entries_[slot];
  live.self = self;
  live.used = true;
  live.place = idle_.insert(idle_.end(), slot);
  by_address_.emplace(self, slot);
  return slot;
}

void live_set::delivered(slot_id slot) {
  auto& live = entries_[slot];
  if (live.under_way++ == 0)
    idle_.erase(live.place);
  ++under_way_;
}

void live_set::released(slot_id slot) {
  auto& live = entries_[slot];
  --under_way_;
  if (--live.under_way == 0)
    live.place = idle_.insert(idle_.end(), slot);
}

std::optional<slot_id> live_set::longest_idle() const {
  if (idle_.empty())
    return std::nullopt;
  return idle_.front();
}

caf::actor live_set::remove(slot_id slot) {
  auto& live = entries_[slot];
  idle_.erase(live.place);
  by_address_.erase(live.self);
  live.used = false;
  free_.push_back(slot);
  return std::exchange(live.actor, nullptr);
}

std::vector<caf::actor> live_set::clear() {
  std::vector<caf::actor> result;
  for (auto& live : entries_)
    if (live.used)
      result.push_back(std::move(live.actor));
  *this = {};
  return result;
}

} // namespace skald
