#pragma once

#include "actors/parked_reactions.hpp"
#include "actors/reaction_reading.hpp"
#include "actors/reactor.hpp"
#include "actors/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace skald {

/// What a reactor has parked, as the journal has it.
struct parked_so_far {
  parked_reactions content;
  position at = 0; ///< of the last record that counts
};

/// Reads it.
/// @throws store_error (damaged) if that cannot be done.
parked_so_far read_parked(const entity_type& type, const journal& log, const std::string& reactor);

/// What a reactor has under way: which events it has reacted to, which wait to be tried again,
/// which wait behind those, and which are parked. Free of actors, clocks and I/O.
///
/// Events of a transaction are reacted to as they come, until a reaction fails. From then on they
/// form a line: one at a time, in the order of the journal, until the line is empty or parked.
/// After a restart they form one from the first, since nobody knows which had failed.
class reaction_flow {
public:
  /// What is to be done next.
  struct output {
    std::vector<command_message_ptr> sends;
    std::vector<event_place> reads; ///< `take_reading` wants these
    std::vector<std::string> problems;
  };

  /// `done`: the position up to which it was done when it last ran; `last`: of the journal's last
  /// record, up to which it may have begun.
  reaction_flow(const reactor& handler, parked_so_far parked, position done, position last);

  /// A committed event. They come in the order of the journal.
  void take_event(const published_event_ptr& event, timestamp now, output& out);

  /// The answer to a command that was sent.
  void take_outcome(const outcome& answer, timestamp now, output& out);

  void take_reading(const reaction_reading& reading, timestamp now, output& out);

  /// Everything was published that had not been done: goes on with what was being retried.
  void resume(timestamp now, output& out);

  /// Tries again what is due.
  void wake(timestamp now, output& out);

  /// When something is to be tried again; `no_time` if nothing is.
  timestamp next_due() const;

  /// The journal has been published up to `last`.
  void see(position last) { seen_ = std::max(seen_, last); }

  /// The position up to which every event is done with or parked.
  position done_up_to() const;

  /// What was sent and has no answer yet.
  std::vector<command_message_ptr> unanswered() const;

private:
  enum class stage {
    sent,      ///< commands are under way
    queued,    ///< another of its line comes first
    reading,   ///< the journal is asked what is left to be sent
    waiting,   ///< for the time of its next try
    parking,   ///< that it is parked is under way into the journal
    unparking, ///< that it is no longer parked is
  };

  /// An event that is not done with.
  struct open_event {
    published_event_ptr event; ///< null: parked, and not read yet
    std::string correlation;
    stage at = stage::queued;
    bool parked = false;
    unsigned failures = 0;
    std::string reason;   ///< of the last failure
    bool refused = false; ///< the last failure was a refusal, of which the journal may know more
    std::size_t unanswered = 0;
    std::vector<command_message_ptr> next; ///< for the next try; empty: to be read before
    bool sends_when_read = false;          ///< no wait comes in between
    timestamp due = no_time;
  };

  /// The open events of a transaction of which one has failed or is parked.
  struct line {
    std::set<event_place> members;      ///< without the one that is parked and retried
    std::optional<event_place> current; ///< the one that is tried
  };

  struct sent {
    command_message_ptr message;
    event_place cause;
  };

  void follow_parking(const published_event& event, timestamp now, output& out);
  void accept(const published_event_ptr& event, timestamp now, output& out);
  bool react(event_place place, timestamp now, output& out);
  void send(event_place place, std::vector<command_message_ptr> messages, output& out);
  void read(event_place place, bool sends_when_read, output& out);
  void fail(event_place place, std::string reason, timestamp now, output& out);
  void follow_failure(event_place place, timestamp now, output& out);
  void try_later(event_place place, timestamp now, output& out);
  void finish(event_place place, timestamp now, output& out);
  void forget(event_place place);
  void advance(std::string correlation, timestamp now, output& out);
  void start_parked(const parked_event& first, line& its_line, output& out);
  void park(event_place place, unsigned attempts, timestamp now, output& out);
  void send_parking(std::string_view type, byte_buffer payload, event_place cause, timestamp now,
                    output& out);
  void answer_parking(const outcome& answer, event_place place, timestamp now, output& out);
  std::string named(const parked_event& x) const;

  const reactor& handler_;
  address parked_address_;
  parked_reactions parked_;
  position parked_at_ = 0;
  position start_ = 0;
  position begun_ = 0; ///< up to which it may have reacted in an earlier run
  position seen_ = 0;
  std::map<event_place, open_event> open_;
  std::unordered_map<message_id, sent, message_id_hash> unanswered_;
  std::unordered_map<std::string, line> lines_;
  std::set<std::pair<timestamp, event_place>> due_;
};

} // namespace skald
