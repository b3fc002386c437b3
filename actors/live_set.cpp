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
  entries_[slot].self = self;
  entries_[slot].used = true;
  link(slot);
  by_address_.emplace(self, slot);
  return slot;
}

void live_set::delivered(slot_id slot) {
  if (entries_[slot].under_way++ == 0)
    unlink(slot);
  ++under_way_;
}

void live_set::released(slot_id slot) {
  --under_way_;
  if (--entries_[slot].under_way == 0)
    link(slot);
}

std::optional<slot_id> live_set::longest_idle() const {
  if (longest_idle_ == none)
    return std::nullopt;
  return longest_idle_;
}

caf::actor live_set::remove(slot_id slot) {
  auto& removed = entries_[slot];
  unlink(slot);
  by_address_.erase(removed.self);
  removed.used = false;
  free_.push_back(slot);
  return std::exchange(removed.actor, nullptr);
}

std::vector<caf::actor> live_set::clear() {
  std::vector<caf::actor> result;
  for (auto& each : entries_)
    if (each.used)
      result.push_back(std::move(each.actor));
  *this = {};
  return result;
}

void live_set::link(slot_id slot) {
  entries_[slot].before = last_idle_;
  entries_[slot].after = none;
  (last_idle_ == none ? longest_idle_ : entries_[last_idle_].after) = slot;
  last_idle_ = slot;
}

void live_set::unlink(slot_id slot) {
  const auto [before, after] = std::pair{entries_[slot].before, entries_[slot].after};
  (before == none ? longest_idle_ : entries_[before].after) = after;
  (after == none ? last_idle_ : entries_[after].before) = before;
}

} // namespace skald
