#include "actors/deadline_set.hpp"

namespace skald {

void deadline_set::set(const address& self, timestamp due) {
  if (due == no_time) {
    due_.erase(self);
  } else {
    due_[self] = due;
    order_.push({due, self});
  }
  // Most deadlines are cleared long before they are due; their entries must not pile up.
  if (order_.size() > 1024 && order_.size() > 2 * due_.size()) {
    std::vector<entry> kept;
    kept.reserve(due_.size());
    for (const auto& [address, time] : due_)
      kept.push_back({time, address});
    order_ = decltype(order_){std::greater<>{}, std::move(kept)};
  }
}

timestamp deadline_set::next() {
  drop_stale();
  return order_.empty() ? no_time : order_.top().due;
}

bool deadline_set::take_due(timestamp now, address& out) {
  drop_stale();
  if (order_.empty() || order_.top().due > now)
    return false;
  out = order_.top().self;
  order_.pop();
  due_.erase(out);
  return true;
}

void deadline_set::drop_stale() {
  while (!order_.empty()) {
    const auto& top = order_.top();
    const auto found = due_.find(top.self);
    if (found != due_.end() && found->second == top.due)
      return;
    order_.pop();
  }
}

} // namespace skald
