#include "actors/external.hpp"

#include <algorithm>
#include <exception>

namespace skald {

call_result external::call(const command_message& message) const {
  if (message.type.empty())
    return call_succeeded();
  const auto found = std::ranges::find(rules_, message.type, &rule::command_type);
  if (found == rules_.end())
    return call_refused("'" + name_ + "' does not know the command " + message.type);
  try {
    return found->call(message.payload, {message.id, message.correlation, message.step});
  } catch (const std::exception& error) {
    return call_failed_for_now("the call of '" + name_ + "' failed: " + error.what());
  }
}

} // namespace skald
