#pragma once

#include "actors/reactor.hpp"
#include "actors/registry.hpp"
#include "actors/saga.hpp"
#include "sample_messages.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Jars hold tokens and take part in transactions; a trip reserves tokens in three jars with a saga;
// an errand reserves tokens in one jar with handlers.

namespace sample {

struct jar {
  static constexpr std::string_view type_name = "jar";
  using command = std::variant<put, reserve, settle, release, set_stuck, smash, choke, spill>;
  using event = std::variant<was_put, reserved, reserve_failed, settled, released, stuck_was_set,
                             smashed, spilled>;

  std::int64_t tokens = 0;                          ///< free
  std::map<std::string, std::int64_t> reservations; ///< by key
  std::int64_t spent = 0;                           ///< settled
  bool stuck = false;
  bool broken = false;
};

struct trip {
  static constexpr std::string_view type_name = "trip";
  using command = std::variant<plan_trip, note_step, give_up>;
  using event = std::variant<trip_planned, step_noted, trip_given_up>;

  trip_planned plan;
  std::vector<std::string> noted;
  bool given_up = false;
  std::string reason;
};

struct errand {
  static constexpr std::string_view type_name = "errand";
  using command = std::variant<start_errand, finish_errand, drop_errand>;
  using event = std::variant<errand_started, errand_finished, errand_dropped>;

  std::string status = "none";
  std::string id;
  std::string jar;
  std::int64_t deadline_ms = 0;
  std::string reason;
};

template <class Inspector>
bool inspect(Inspector& f, jar& x) {
  return f.object(x).fields(f.field("tokens", x.tokens), f.field("reservations", x.reservations),
                            f.field("spent", x.spent), f.field("stuck", x.stuck),
                            f.field("broken", x.broken));
}

template <class Inspector>
bool inspect(Inspector& f, trip& x) {
  return f.object(x).fields(f.field("plan", x.plan), f.field("noted", x.noted),
                            f.field("given_up", x.given_up), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, errand& x) {
  return f.object(x).fields(f.field("status", x.status), f.field("id", x.id), f.field("jar", x.jar),
                            f.field("deadline_ms", x.deadline_ms), f.field("reason", x.reason));
}

skald::decision<jar> decide(const jar& state, const put& command);
skald::decision<jar> decide(const jar& state, const reserve& command);
skald::decision<jar> decide(const jar& state, const settle& command);
skald::decision<jar> decide(const jar& state, const release& command);
skald::decision<jar> decide(const jar& state, const set_stuck& command);
skald::decision<jar> decide(const jar& state, const smash& command);
skald::decision<jar> decide(const jar& state, const choke& command);
skald::decision<jar> decide(const jar& state, const spill& command);
void evolve(jar& state, const was_put& event);
void evolve(jar& state, const reserved& event);
void evolve(jar& state, const reserve_failed& event);
void evolve(jar& state, const settled& event);
void evolve(jar& state, const released& event);
void evolve(jar& state, const stuck_was_set& event);
void evolve(jar& state, const smashed& event);
void evolve(jar& state, const spilled& event);
std::string_view status_of(const jar& state);
bool is_deleted(const jar& state);

skald::decision<trip> decide(const trip& state, const plan_trip& command,
                             const skald::decision_context& context);
skald::decision<trip> decide(const trip& state, const note_step& command);
skald::decision<trip> decide(const trip& state, const give_up& command);
void evolve(trip& state, const trip_planned& event);
void evolve(trip& state, const step_noted& event);
void evolve(trip& state, const trip_given_up& event);
std::string_view status_of(const trip& state);

skald::decision<errand> decide(const errand& state, const start_errand& command,
                               const skald::decision_context& context);
skald::decision<errand> decide(const errand& state, const finish_errand& command);
skald::decision<errand> decide(const errand& state, const drop_errand& command);
void evolve(errand& state, const errand_started& event);
void evolve(errand& state, const errand_finished& event);
void evolve(errand& state, const errand_dropped& event);
std::string_view status_of(const errand& state);

/// Reserves in the jars `flight`, `hotel` and `car`, in this order. The car needs nothing of the
/// domain when it is confirmed.
skald::saga<trip> trip_saga();

/// Watches over an errand that `errand_runner` carries.
skald::saga<errand> errand_saga();

/// Reserves for an errand, ends it, and settles or releases.
skald::reactor errand_runner();

/// All of it.
skald::registry sample_types();
} // namespace sample
