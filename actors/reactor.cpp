#include "actors/reactor.hpp"

namespace skald {

published_event published(const record& stored, std::uint32_t index) {
  const auto& event = stored.events[index];
  return {stored.at,
          stored.stream.to_address(),
          std::string{stored.correlation},
          stored.turn,
          index,
          stored.time,
          stored.input,
          {std::string{event.type}, event.version, {event.payload.begin(), event.payload.end()}}};
}

std::vector<command_message_ptr> reactor::react(const published_event& published) const {
  std::vector<command_message_ptr> result;
  const address sender{name_, to_string(published.from)};
  for (const auto& each : rules_) {
    if (each.aggregate_type != published.from.type || each.event_type != published.event.type)
      continue;
    for (auto& reaction : each.react(published)) {
      auto message = std::make_shared<command_message>();
      // An event yields far fewer than 2^16 commands, so the ordinals of two events of a turn
      // differ.
      const auto ordinal = (published.index << 16) + static_cast<std::uint32_t>(result.size());
      message->id = dispatch_id(sender, published.turn, ordinal);
      message->to = std::move(reaction.what.to);
      message->source = self();
      message->correlation = published.correlation;
      message->causation = published.causation;
      message->first_sent = published.time;
      message->role = reaction.role;
      message->step = std::move(reaction.step);
      message->type = reaction.what.command.type;
      message->payload = std::move(reaction.what.command.payload);
      result.push_back(std::move(message));
    }
  }
  return result;
}

// The id of a first attempt comes from an address, which has a slash: digits do not.
message_id reactor::id_of_attempt(message_id first, unsigned attempt) const {
  return attempt == 0 ? first : dispatch_id({name_, to_string(first)}, attempt, 0);
}

} // namespace skald
