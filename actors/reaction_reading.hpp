#pragma once

#include "actors/reactor.hpp"
#include "persistence/journal.hpp"

#include <string>
#include <vector>

namespace skald {

/// What the journal says of a reactor's reaction to one event.
struct reaction_reading {
  event_place place;
  published_event_ptr event;                  ///< null if it cannot be read
  std::vector<command_message_ptr> unsettled; ///< what is still to be sent, under fresh ids
  std::string error; ///< why the reactor cannot react, or what cannot be read
};

/// Lets `handler` react to the event at `place`, and leaves out what is settled: a command that was
/// accepted, or answered with a failure event, under the id of some attempt; a step that was
/// cancelled meanwhile. A command that was refused gets the id of its next attempt, but not if the
/// journal knows nothing of the refusal: the one that was refused may still be handled then.
reaction_reading read_reaction(const journal& log, const reactor& handler, event_place place);

} // namespace skald
