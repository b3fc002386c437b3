#pragma once

#include "actors/aggregate.hpp"
#include "persistence/record.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skald {

/// Where an event stands in the journal.
struct event_place {
  position at = 0;         ///< of its record
  std::uint32_t index = 0; ///< among the events of its turn

  auto operator<=>(const event_place&) const = default;
};

/// An event that a reactor could not react to, or that stands behind such a one.
struct parked_event {
  event_place place;
  std::string event;          ///< its type
  std::string from;           ///< `account/B`: who recorded it
  std::string correlation;    ///< the transaction that it belongs to
  std::string reason;         ///< why it is parked
  std::int64_t since_ms = 0;  ///< when it was parked, in milliseconds since the Unix epoch
  std::uint32_t attempts = 0; ///< how often the reactor has tried; 0: it stands behind another

  bool operator==(const parked_event&) const = default;
};

// -- from the reactor

/// Parks an event, or parks it again after it was retried in vain.
struct park_event {
  static constexpr std::string_view type_name = "ParkEvent";
  static constexpr bool is_internal = true;
  parked_event what;
};

/// The reactor has reacted to a parked event.
struct unpark_event {
  static constexpr std::string_view type_name = "UnparkEvent";
  static constexpr bool is_internal = true;
  std::string correlation;
  event_place place;
};

// -- from an operator

/// React again to all that is parked under `correlation`, in order.
struct retry_parked {
  static constexpr std::string_view type_name = "RetryParked";
  std::string correlation;
  std::string reason;
};

/// Never react to the first event that is parked under `correlation`; go on with what is behind it.
struct skip_parked {
  static constexpr std::string_view type_name = "SkipParked";
  std::string correlation;
  std::string reason;
};

// -- events

struct event_parked {
  static constexpr std::string_view type_name = "EventParked";
  parked_event what;
};

struct event_unparked {
  static constexpr std::string_view type_name = "EventUnparked";
  std::string correlation;
  event_place place;
};

struct parked_retried {
  static constexpr std::string_view type_name = "ParkedRetried";
  std::string correlation;
  std::string reason;
};

struct parked_skipped {
  static constexpr std::string_view type_name = "ParkedSkipped";
  std::string correlation;
  event_place place;
  std::string reason;
};

/// What one reactor has parked of one transaction.
struct parked_line {
  bool retried = false;              ///< the reactor is at it
  std::vector<parked_event> waiting; ///< in the order of the journal; never empty
};

/// The events that the reactor of the same name has parked. Hosted with the first reactor.
struct parked_reactions {
  static constexpr std::string_view type_name = "parked_reactions";
  using command = std::variant<park_event, unpark_event, retry_parked, skip_parked>;
  using event = std::variant<event_parked, event_unparked, parked_retried, parked_skipped>;

  std::uint64_t parked = 0;                        ///< events in all lines
  std::map<std::string, parked_line> transactions; ///< by correlation id
  std::set<event_place> skipped; ///< for ever, even if the reactor is given them again

  const parked_line* find(const std::string& correlation) const;
  bool contains(const std::string& correlation, event_place place) const;
};

decision<parked_reactions> decide(const parked_reactions& state, const park_event& command);
decision<parked_reactions> decide(const parked_reactions& state, const unpark_event& command);
decision<parked_reactions> decide(const parked_reactions& state, const retry_parked& command);
decision<parked_reactions> decide(const parked_reactions& state, const skip_parked& command);
void evolve(parked_reactions& state, const event_parked& event);
void evolve(parked_reactions& state, const event_unparked& event);
void evolve(parked_reactions& state, const parked_retried& event);
void evolve(parked_reactions& state, const parked_skipped& event);

/// `parked` or `clear`.
std::string_view status_of(const parked_reactions& state);

template <class Inspector>
bool inspect(Inspector& f, event_place& x) {
  return f.object(x).fields(f.field("position", x.at), f.field("index", x.index));
}

template <class Inspector>
bool inspect(Inspector& f, parked_event& x) {
  return f.object(x).fields(f.field("position", x.place.at), f.field("index", x.place.index),
                            f.field("event", x.event), f.field("from", x.from),
                            f.field("correlation", x.correlation), f.field("reason", x.reason),
                            f.field("since_ms", x.since_ms), f.field("attempts", x.attempts));
}

template <class Inspector>
bool inspect(Inspector& f, park_event& x) {
  return f.object(x).fields(f.field("what", x.what));
}

template <class Inspector>
bool inspect(Inspector& f, unpark_event& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("place", x.place));
}

template <class Inspector>
bool inspect(Inspector& f, retry_parked& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, skip_parked& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, event_parked& x) {
  return f.object(x).fields(f.field("what", x.what));
}

template <class Inspector>
bool inspect(Inspector& f, event_unparked& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("place", x.place));
}

template <class Inspector>
bool inspect(Inspector& f, parked_retried& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, parked_skipped& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("place", x.place),
                            f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, parked_line& x) {
  return f.object(x).fields(f.field("retried", x.retried), f.field("waiting", x.waiting));
}

template <class Inspector>
bool inspect(Inspector& f, parked_reactions& x) {
  return f.object(x).fields(f.field("parked", x.parked), f.field("transactions", x.transactions),
                            f.field("skipped", x.skipped));
}

} // namespace skald
