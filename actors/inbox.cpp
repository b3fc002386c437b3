#include "actors/inbox.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace skald {

void inbox::add(message_id id, timestamp time) {
  if (contains(id))
    return;
  entries_.push_back({id, time});
  if (size() > few)
    provide_slots();
  if (!slots_.empty())
    slots_[slot_of(id)] = static_cast<std::uint32_t>(entries_.size());
  while (size() > most || (size() > least && begin()->time < time - reach))
    forget_oldest();
}

bool inbox::contains(message_id id) const {
  if (!slots_.empty())
    return slots_[slot_of(id)] != 0;
  return std::any_of(begin(), entries_.end(), [&](const entry& each) { return each.id == id; });
}

void inbox::restore(std::vector<entry> entries, timestamp forgotten_up_to) {
  entries_ = std::move(entries);
  forgotten_ = 0;
  forgotten_up_to_ = forgotten_up_to;
  slots_.clear();
  if (size() > few)
    provide_slots();
}

/// The slot that `id` has or would take.
std::size_t inbox::slot_of(message_id id) const {
  const auto mask = slots_.size() - 1;
  auto slot = id.low & mask;
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].id != id)
    slot = (slot + 1) & mask;
  return slot;
}

/// Makes room for all that is remembered, and has all of it in place if there was too little.
void inbox::provide_slots() {
  if (2 * size() <= slots_.size())
    return;
  slots_.assign(std::bit_ceil(4 * size()), 0);
  for (auto i = forgotten_; i < entries_.size(); ++i)
    slots_[slot_of(entries_[i].id)] = static_cast<std::uint32_t>(i + 1);
}

void inbox::empty_slot(std::size_t slot) {
  // What had to go further than its own slot moves up, so that no look-up ends too early.
  const auto mask = slots_.size() - 1;
  for (auto next = (slot + 1) & mask; slots_[next] != 0; next = (next + 1) & mask) {
    const auto moved_by = (next - entries_[slots_[next] - 1].id.low) & mask;
    if (moved_by < ((next - slot) & mask))
      continue;
    slots_[slot] = slots_[next];
    slot = next;
  }
  slots_[slot] = 0;
}

void inbox::forget_oldest() {
  empty_slot(slot_of(begin()->id));
  forgotten_up_to_ = begin()->time;
  ++forgotten_;
  // Moved together now and then, so that forgetting costs a constant time on average.
  if (forgotten_ > size()) {
    entries_.erase(entries_.begin(), begin());
    for (auto& slot : slots_)
      slot -= slot == 0 ? 0 : static_cast<std::uint32_t>(forgotten_);
    forgotten_ = 0;
  }
}

} // namespace skald
