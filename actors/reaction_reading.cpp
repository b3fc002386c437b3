#include "actors/reaction_reading.hpp"

#include "actors/rebuild.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <unordered_map>

namespace skald {

namespace {

published_event_ptr read_event(journal_view& view, event_place place) {
  const auto wrong = [&](const std::string& what) {
    return store_error(store_error::cause::damaged,
                       "the record at position " + std::to_string(place.at) + what);
  };
  record stored;
  if (auto damage = decode_record(view.at(place.at), place.at, stored))
    throw wrong(" is damaged: " + *damage + "; run `skald verify`");
  if (place.index >= stored.events.size())
    throw wrong(" has no event " + std::to_string(place.index));
  return std::make_shared<published_event>(published(stored, place.index));
}

// Did the command take effect, or can it not do so any more? If not: under which id is it to be
// sent?
std::optional<message_id> unsettled_id(const journal& log, const reactor& handler,
                                       const command_message& message) {
  std::unordered_map<message_id, bool, message_id_hash> settled_by_id;
  bool cancelled = false;
  const auto look_at = [&](const record& x) {
    if (x.time < message.first_sent)
      return false;
    if (x.kind != input_kind::command)
      return true;
    if (x.source == address_view{message.source})
      settled_by_id.emplace(x.input, x.accepted || !x.events.empty());
    cancelled = cancelled || (x.accepted && x.role == participation::cancel &&
                              message.role == participation::step &&
                              x.correlation == message.correlation && x.step == message.step);
    return true;
  };
  if (const auto head = log.head(message.to))
    walk_back(*log.view(), head->last, look_at);
  auto id = message.id;
  for (unsigned attempt = 1; settled_by_id.contains(id); ++attempt) {
    if (settled_by_id.at(id))
      return std::nullopt;
    id = handler.id_of_attempt(message.id, attempt);
  }
  return cancelled ? std::nullopt : std::optional{id};
}

} // namespace

reaction_reading read_reaction(const journal& log, const reactor& handler, event_place place) {
  reaction_reading result;
  result.place = place;
  try {
    result.event = read_event(*log.view(), place);
    for (const auto& each : handler.react(*result.event))
      if (const auto id = unsettled_id(log, handler, *each)) {
        auto again = std::make_shared<command_message>(*each);
        again->id = *id;
        result.unsettled.push_back(std::move(again));
      }
  } catch (const std::exception& error) {
    result.unsettled.clear();
    result.error = error.what();
  }
  return result;
}

} // namespace skald
