#include "actors/inbox.hpp"

namespace skald {

void inbox::add(message_id id, timestamp time) {
  if (!known_.insert(id).second)
    return;
  order_.emplace_back(id, time);
  auto dispensable = [&] {
    return order_.size() > most || (order_.size() > least && order_.front().second < time - reach);
  };
  while (dispensable()) {
    known_.erase(order_.front().first);
    forgotten_up_to_ = order_.front().second;
    order_.pop_front();
  }
}

void inbox::restore(std::deque<std::pair<message_id, timestamp>> entries,
                    timestamp forgotten_up_to) {
  order_ = std::move(entries);
  forgotten_up_to_ = forgotten_up_to;
  known_.clear();
  for (const auto& [id, time] : order_)
    known_.insert(id);
}

} // namespace skald
