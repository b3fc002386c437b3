#include "actors/live_set.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace skald {

namespace {

constexpr std::size_t place_count_min = 1024;

std::uint32_t hash_of(const address& self) {
  return static_cast<std::uint32_t>(address_hash{}(self));
}

} // namespace

std::optional<slot_id> live_set::find(const address& self) const {
  if (places_.empty())
    return std::nullopt;
  const auto& found = places_[place_of(self, hash_of(self))];
  return found.slot == none ? std::nullopt : std::optional{found.slot};
}

void live_set::fetch(std::span<const delivery> soon) {
  if (places_.empty())
    return;
  sought_.clear();
  for (const auto& each : soon) {
    sought_.push_back(hash_of(each.to));
    __builtin_prefetch(&places_[home_of(sought_.back())]);
  }
  for (const auto hash : sought_)
    if (const auto slot = places_[home_of(hash)].slot; slot != none)
      __builtin_prefetch(&entries_[slot], 1);
  for (const auto hash : sought_)
    if (const auto slot = places_[home_of(hash)].slot; slot != none)
      __builtin_prefetch(caf::actor_cast<caf::actor_control_block*>(entries_[slot].actor), 1);
}

slot_id live_set::add(const address& self) {
  ++size_;
  provide_places();
  slot_id slot;
  if (free_.empty()) {
    slot = static_cast<slot_id>(entries_.size());
    entries_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  auto& added = entries_[slot];
  added.self = self;
  added.hash = hash_of(self);
  added.used = true;
  added.finished = false;
  places_[place_of(self, added.hash)] = {slot, added.hash};
  fell_idle(slot);
  return slot;
}

void live_set::delivered(slot_id slot) {
  ++entries_[slot].under_way;
  ++under_way_;
}

void live_set::released(std::span<const released_input> inputs) {
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i + ahead < inputs.size())
      __builtin_prefetch(&entries_[inputs[i + ahead].slot], 1);
    auto& its = entries_[inputs[i].slot];
    its.finished = inputs[i].finished;
    if (--its.under_way == 0)
      fell_idle(inputs[i].slot);
  }
  under_way_ -= inputs.size();
}

std::optional<slot_id> live_set::longest_idle() {
  while (!idle_.empty() && !is_current(idle_.front()))
    idle_.pop_front();
  return idle_.empty() ? std::nullopt : std::optional{idle_.front().slot};
}

caf::actor live_set::remove(slot_id slot) {
  auto& removed = entries_[slot];
  erase_place(place_of(removed.self, removed.hash));
  removed.used = false;
  free_.push_back(slot);
  --size_;
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

// -- the table of addresses
// ----------------------------------------------------------------------------------

// Where `self` stands, or would have to.
std::size_t live_set::place_of(const address& self, std::uint32_t hash) const {
  const auto mask = places_.size() - 1;
  for (auto at = home_of(hash);; at = (at + 1) & mask) {
    const auto& seen = places_[at];
    if (seen.slot == none || (seen.hash == hash && entries_[seen.slot].self == self))
      return at;
  }
}

// At most half of the table is taken.
void live_set::provide_places() {
  if (2 * size_ <= places_.size())
    return;
  const auto old =
      std::exchange(places_, std::vector<place>(std::max(2 * places_.size(), place_count_min)));
  for (const auto& each : old)
    if (each.slot != none)
      places_[place_of(entries_[each.slot].self, each.hash)] = each;
}

// Closes the gap with entries that had to stand behind it.
void live_set::erase_place(std::size_t at) {
  const auto mask = places_.size() - 1;
  for (auto next = (at + 1) & mask; places_[next].slot != none; next = (next + 1) & mask) {
    const auto distance_home = (next - home_of(places_[next].hash)) & mask;
    if (distance_home >= ((next - at) & mask)) {
      places_[at] = places_[next];
      at = next;
    }
  }
  places_[at] = {};
}

// -- the idle ones
// -------------------------------------------------------------------------------------------

void live_set::fell_idle(slot_id slot) {
  entries_[slot].idle_since = ++idle_count_;
  idle_.push_back({idle_count_, slot});
  // Whoever falls idle often leaves entries behind; they must not pile up.
  if (idle_.size() > 1024 && idle_.size() > 4 * size_)
    std::erase_if(idle_, [this](const idle_entry& each) { return !is_current(each); });
}

bool live_set::is_current(const idle_entry& x) const {
  return idle(x.slot) && entries_[x.slot].idle_since == x.since;
}

} // namespace skald
