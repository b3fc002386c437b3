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

} // namespace skald
