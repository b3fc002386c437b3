#include "actors/entity.hpp"
#include "actors/entity_scratch.hpp"

#include <algorithm>

// The semantic lock: what becomes of commands for an aggregate that a saga holds.

namespace skald {

// The transaction that holds the aggregate and that `message` does not belong to; empty if there is
// none. A client never belongs to one.
std::string entity::holder_other_than(const command_message& message) const {
  const bool is_outside = message.source.empty();
  if (progress_.open() && (is_outside || message.correlation != progress_.correlation()))
    return progress_.correlation();
  std::string_view holder;
  holds_.any_of([&](const std::string& key) {
    holder = std::string_view{key}.substr(0, key.find('\0'));
    return is_outside || holder != message.correlation;
  });
  return is_outside || holder != message.correlation ? std::string{holder} : std::string{};
}

// Does the command wait for a saga to let go of the aggregate? Of one that may not, `work.refusal`
// says why.
bool entity::queue_if_held(command_delivery& input, scratch& work, turn& result) {
  const auto& message = *input.message;
  if (message.role == participation::confirm || message.role == participation::cancel ||
      (holds_.empty() && !progress_.open()))
    return false;
  const auto policy = state_->traits_of(message.type).while_held;
  if (policy.what == conflict_policy::kind::allow)
    return false;
  const auto holder = holder_other_than(message);
  if (holder.empty())
    return false;
  const auto held = to_string(self_) + " is held by the transaction " + holder;
  if (policy.what == conflict_policy::kind::reject) {
    work.refusal = held;
  } else if (input.has_waited) {
    work.refusal = held + ", and has been for as long as the command may wait";
  } else if (queue_.size() >= policy.bound) {
    work.refusal =
        held + ", and " + std::to_string(queue_.size()) + " commands wait for its end already";
  } else {
    queue_.push_back({std::move(input), work.now + policy.wait});
    result.waits = true;
  }
  return result.waits;
}

std::optional<command_delivery> entity::take_ready(timestamp now) {
  const auto found = std::ranges::find_if(queue_, [&](const queued_command& each) {
    return each.until <= now || holder_other_than(*each.content.message).empty();
  });
  if (found == queue_.end())
    return std::nullopt;
  auto result = std::move(found->content);
  result.has_waited = true;
  queue_.erase(found);
  return result;
}

std::vector<command_delivery> entity::take_queued() {
  std::vector<command_delivery> result;
  for (auto& each : std::exchange(queue_, {}))
    result.push_back(std::move(each.content));
  return result;
}

} // namespace skald
