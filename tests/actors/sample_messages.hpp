#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sample {

// -- jar
// -------------------------------------------------------------------------------------------------

struct put {
  static constexpr std::string_view type_name = "Put";
  std::int64_t tokens = 0;
};

struct reserve {
  static constexpr std::string_view type_name = "Reserve";
  std::string key;
  std::int64_t tokens = 0;
  bool by_errand = false;
};

/// Makes a reservation final.
struct settle {
  static constexpr std::string_view type_name = "Settle";
  std::string key;
};

/// Undoes a reservation.
struct release {
  static constexpr std::string_view type_name = "Release";
  std::string key;
};

/// While a jar is stuck it settles and releases nothing.
struct set_stuck {
  static constexpr std::string_view type_name = "SetStuck";
  bool stuck = false;
};

struct smash {
  static constexpr std::string_view type_name = "Smash";
};

/// The handler throws before it has decided.
struct choke {
  static constexpr std::string_view type_name = "Choke";
};

/// The handler throws when the state is half changed.
struct spill {
  static constexpr std::string_view type_name = "Spill";
};

struct was_put {
  static constexpr std::string_view type_name = "WasPut";
  std::int64_t tokens = 0;
  std::int64_t total = 0; ///< shows the state that the decision was made on
};

struct reserved {
  static constexpr std::string_view type_name = "Reserved";
  std::string key;
  std::int64_t tokens = 0;
  bool by_errand = false;
};

struct reserve_failed {
  static constexpr std::string_view type_name = "ReserveFailed";
  static constexpr bool is_failure = true;
  std::string key;
  std::string reason;
  bool by_errand = false;
};

struct settled {
  static constexpr std::string_view type_name = "Settled";
  std::string key;
};

struct released {
  static constexpr std::string_view type_name = "Released";
  std::string key;
};

struct stuck_was_set {
  static constexpr std::string_view type_name = "StuckWasSet";
  bool stuck = false;
};

struct smashed {
  static constexpr std::string_view type_name = "Smashed";
};

struct spilled {
  static constexpr std::string_view type_name = "Spilled";
};

// -- trip
// ------------------------------------------------------------------------------------------------

struct plan_trip {
  static constexpr std::string_view type_name = "PlanTrip";
  std::string flight;
  std::string hotel;
  std::string car;
  std::int64_t tokens = 0;
  std::int64_t deadline_ms = 5'000;
};

struct note_step {
  static constexpr std::string_view type_name = "NoteStep";
  std::string step;
};

struct give_up {
  static constexpr std::string_view type_name = "GiveUp";
  std::string reason;
};

struct trip_planned {
  static constexpr std::string_view type_name = "TripPlanned";
  std::string id;
  std::string flight;
  std::string hotel;
  std::string car;
  std::int64_t tokens = 0;
  std::int64_t deadline_ms = 0;
};

struct step_noted {
  static constexpr std::string_view type_name = "StepNoted";
  std::string step;
};

struct trip_given_up {
  static constexpr std::string_view type_name = "TripGivenUp";
  std::string reason;
};

// -- errand
// ----------------------------------------------------------------------------------------------

struct start_errand {
  static constexpr std::string_view type_name = "StartErrand";
  std::string jar;
  std::int64_t tokens = 0;
  std::int64_t deadline_ms = 5'000;
  bool ends_at_once = false;
};

struct finish_errand {
  static constexpr std::string_view type_name = "FinishErrand";
};

struct drop_errand {
  static constexpr std::string_view type_name = "DropErrand";
  std::string reason;
};

struct errand_started {
  static constexpr std::string_view type_name = "ErrandStarted";
  std::string id;
  std::string jar;
  std::int64_t tokens = 0;
  std::int64_t deadline_ms = 0;
};

struct errand_finished {
  static constexpr std::string_view type_name = "ErrandFinished";
  std::string id;
  std::string jar;
};

struct errand_dropped {
  static constexpr std::string_view type_name = "ErrandDropped";
  std::string id;
  std::string jar;
  std::string reason;
};

// -- how they are stored
// -----------------------------------------------------------------------------------

template <class Inspector>
bool inspect(Inspector& f, put& x) {
  return f.object(x).fields(f.field("tokens", x.tokens));
}

template <class Inspector>
bool inspect(Inspector& f, reserve& x) {
  return f.object(x).fields(f.field("key", x.key), f.field("tokens", x.tokens),
                            f.field("by_errand", x.by_errand));
}

template <class Inspector>
bool inspect(Inspector& f, settle& x) {
  return f.object(x).fields(f.field("key", x.key));
}

template <class Inspector>
bool inspect(Inspector& f, release& x) {
  return f.object(x).fields(f.field("key", x.key));
}

template <class Inspector>
bool inspect(Inspector& f, set_stuck& x) {
  return f.object(x).fields(f.field("stuck", x.stuck));
}

template <class Inspector>
bool inspect(Inspector& f, smash& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, choke& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, spill& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, was_put& x) {
  return f.object(x).fields(f.field("tokens", x.tokens), f.field("total", x.total));
}

template <class Inspector>
bool inspect(Inspector& f, reserved& x) {
  return f.object(x).fields(f.field("key", x.key), f.field("tokens", x.tokens),
                            f.field("by_errand", x.by_errand));
}

template <class Inspector>
bool inspect(Inspector& f, reserve_failed& x) {
  return f.object(x).fields(f.field("key", x.key), f.field("reason", x.reason),
                            f.field("by_errand", x.by_errand));
}

template <class Inspector>
bool inspect(Inspector& f, settled& x) {
  return f.object(x).fields(f.field("key", x.key));
}

template <class Inspector>
bool inspect(Inspector& f, released& x) {
  return f.object(x).fields(f.field("key", x.key));
}

template <class Inspector>
bool inspect(Inspector& f, stuck_was_set& x) {
  return f.object(x).fields(f.field("stuck", x.stuck));
}

template <class Inspector>
bool inspect(Inspector& f, smashed& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, spilled& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, plan_trip& x) {
  return f.object(x).fields(f.field("flight", x.flight), f.field("hotel", x.hotel),
                            f.field("car", x.car), f.field("tokens", x.tokens),
                            f.field("deadline_ms", x.deadline_ms));
}

template <class Inspector>
bool inspect(Inspector& f, note_step& x) {
  return f.object(x).fields(f.field("step", x.step));
}

template <class Inspector>
bool inspect(Inspector& f, give_up& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, trip_planned& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("flight", x.flight),
                            f.field("hotel", x.hotel), f.field("car", x.car),
                            f.field("tokens", x.tokens), f.field("deadline_ms", x.deadline_ms));
}

template <class Inspector>
bool inspect(Inspector& f, step_noted& x) {
  return f.object(x).fields(f.field("step", x.step));
}

template <class Inspector>
bool inspect(Inspector& f, trip_given_up& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, start_errand& x) {
  return f.object(x).fields(f.field("jar", x.jar), f.field("tokens", x.tokens),
                            f.field("deadline_ms", x.deadline_ms),
                            f.field("ends_at_once", x.ends_at_once));
}

template <class Inspector>
bool inspect(Inspector& f, finish_errand& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, drop_errand& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, errand_started& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("jar", x.jar), f.field("tokens", x.tokens),
                            f.field("deadline_ms", x.deadline_ms));
}

template <class Inspector>
bool inspect(Inspector& f, errand_finished& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("jar", x.jar));
}

template <class Inspector>
bool inspect(Inspector& f, errand_dropped& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("jar", x.jar),
                            f.field("reason", x.reason));
}

} // namespace sample
