#include "actors/inbox.hpp"

#include <algorithm>
#include <utility>

namespace skald {

void inbox::add(message_id id, timestamp time) {
  if (contains(id))
    return;
  entries_.push_back({id, time});
  if (!known_.empty())
    known_.insert(id);
  else if (size() > least)
    for (auto each = begin(); each != entries_.end(); ++each)
      known_.insert(each->id);
  while (size() > most || (size() > least && begin()->time < time - reach))
    forget_oldest();
}

bool inbox::contains(message_id id) const {
  if (!known_.empty())
    return known_.contains(id);
  return std::any_of(begin(), entries_.end(), [&](const entry& each) { return each.id == id; });
}

void inbox::restore(std::vector<entry> entries, timestamp forgotten_up_to) {
  entries_ = std::move(entries);
  forgotten_ = 0;
  forgotten_up_to_ = forgotten_up_to;
  known_.clear();
  if (size() > least)
    for (const auto& each : entries_)
      known_.insert(each.id);
}

void inbox::forget_oldest() {
  known_.erase(begin()->id);
  forgotten_up_to_ = begin()->time;
  ++forgotten_;
  // Moved together now and then, so that forgetting costs a constant time on average.
  if (forgotten_ > size()) {
    entries_.erase(entries_.begin(), begin());
    forgotten_ = 0;
  }
}

} // namespace skald
