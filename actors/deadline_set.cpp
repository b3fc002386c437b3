#include "actors/deadline_set.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

namespace skald {

namespace {

constexpr std::size_t slot_count_min = 1'024;
constexpr std::size_t stale_places_min = 1'024;
constexpr std::size_t fetched_at_once = 32;

} // namespace

void deadline_set::set(const address& self, timestamp due) {
  provide_slots(size() + 1);
  set(hash_of(self), self, due);
}

void deadline_set::set(std::span<const std::pair<address, timestamp>> changes) {
  std::array<stream_hash, fetched_at_once> hashes;
  provide_slots(size() + changes.size());
  while (!changes.empty()) {
    const auto some = changes.first(std::min(changes.size(), fetched_at_once));
    const auto mask = slots_.size() - 1;
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash_of(some[i].first);
      __builtin_prefetch(&slots_[hashes[i].low & mask], 1);
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      if (const auto number = slots_[hashes[i].low & mask].entry; number != 0)
        __builtin_prefetch(&entries_[number - 1], 1);
    for (std::size_t i = 0; i < some.size(); ++i)
      set(hashes[i], some[i].first, some[i].second);
    changes = changes.subspan(some.size());
  }
}

void deadline_set::set(stream_hash hash, const address& self, timestamp due) {
  const auto slot = slot_of(hash);
  if (due == no_time) {
    if (slots_[slot].entry != 0)
      remove(slot);
    return;
  }
  const auto number = slots_[slot].entry != 0 ? slots_[slot].entry : insert(slot, hash, self);
  auto& changed = entries_[number - 1];
  changed.due = due;
  order_.push_back({due, number, ++changed.changes});
  std::push_heap(order_.begin(), order_.end(), std::greater<>{});
  // Most deadlines are cleared long before they are due; their places must not pile up.
  if (order_.size() > std::max({stale_places_min, 2 * size(), entries_.size() / 4}))
    drop_all_stale();
}

timestamp deadline_set::next() {
  drop_stale();
  return order_.empty() ? no_time : order_.front().due;
}

bool deadline_set::take_due(timestamp now, address& out) {
  drop_stale();
  if (order_.empty() || order_.front().due > now)
    return false;
  out = std::move(addresses_[order_.front().entry - 1]);
  remove(slot_of(hash_of(out)));
  return true;
}

/// The slot that the entity of this hash has or would take.
std::size_t deadline_set::slot_of(stream_hash hash) const {
  const auto mask = slots_.size() - 1;
  for (auto i = hash.low & mask;; i = (i + 1) & mask) {
    const auto& [hash_low, number] = slots_[i];
    if (number == 0 || (hash_low == hash.low && entries_[number - 1].hash_high == hash.high))
      return i;
  }
}

deadline_set::entry_number deadline_set::insert(std::size_t slot, stream_hash hash,
                                                const address& self) {
  if (free_.empty()) {
    entries_.emplace_back();
    addresses_.emplace_back();
    free_.push_back(static_cast<entry_number>(entries_.size()));
  }
  const auto number = free_.back();
  free_.pop_back();
  entries_[number - 1].hash_high = hash.high;
  addresses_[number - 1] = self;
  slots_[slot] = {hash.low, number};
  return number;
}

void deadline_set::remove(std::size_t slot) {
  const auto number = slots_[slot].entry;
  auto& removed = entries_[number - 1];
  removed.due = no_time;
  ++removed.changes;
  free_.push_back(number);
  // What had to go further than its own slot moves up, so that no look-up ends too early.
  const auto mask = slots_.size() - 1;
  for (auto next = (slot + 1) & mask; slots_[next].entry != 0; next = (next + 1) & mask) {
    const auto moved_by = (next - slots_[next].hash_low) & mask;
    if (moved_by < ((next - slot) & mask))
      continue;
    slots_[slot] = slots_[next];
    slot = next;
  }
  slots_[slot] = {};
}

/// Makes room for `count` entities in all.
void deadline_set::provide_slots(std::size_t count) {
  const auto wanted = std::max(std::bit_ceil(2 * count), slot_count_min);
  if (wanted <= slots_.size())
    return;
  const auto mask = wanted - 1;
  const auto before = std::exchange(slots_, std::vector<hash_slot>(wanted));
  for (const auto& each : before) {
    if (each.entry == 0)
      continue;
    auto i = each.hash_low & mask;
    while (slots_[i].entry != 0)
      i = (i + 1) & mask;
    slots_[i] = each;
  }
}

bool deadline_set::is_stale(const place_in_order& place) const {
  return entries_[place.entry - 1].changes != place.changes;
}

void deadline_set::drop_stale() {
  while (!order_.empty() && is_stale(order_.front())) {
    std::pop_heap(order_.begin(), order_.end(), std::greater<>{});
    order_.pop_back();
  }
}

void deadline_set::drop_all_stale() {
  order_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (const auto& each = entries_[i]; each.due != no_time)
      order_.push_back({each.due, static_cast<entry_number>(i + 1), each.changes});
  std::make_heap(order_.begin(), order_.end(), std::greater<>{});
}

} // namespace skald
