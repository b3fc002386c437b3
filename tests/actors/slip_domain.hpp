#pragma once

#include "actors/registry.hpp"
#include "actors/routing_slip.hpp"
#include "actors/saga.hpp"
#include "sample_domain.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

// Trips that are booked by a routing slip: it goes to three jars, or, where the hotel is named
// after a clerk, to a jar, a clerk who takes his time, and a jar.

namespace sample {

struct ask {
  static constexpr std::string_view type_name = "Ask";
  std::string key;
};

struct grant {
  static constexpr std::string_view type_name = "Grant";
  std::string key;
};

struct deny {
  static constexpr std::string_view type_name = "Deny";
  std::string key;
  std::string reason;
};

struct withdraw_request {
  static constexpr std::string_view type_name = "WithdrawRequest";
  std::string key;
};

/// How the clerk is to work from now on.
struct instruct {
  static constexpr std::string_view type_name = "Instruct";
  bool at_once = false;
  std::string add_jar; ///< slips go there next, too; empty: nowhere
  std::string drop;    ///< the stop that slips do not go to; empty: none
  std::string add_name = "extra";
};

struct asked {
  static constexpr std::string_view type_name = "Asked";
  static constexpr bool is_pending = true;
  std::string key;
};

struct granted {
  static constexpr std::string_view type_name = "Granted";
  std::string key;
};

struct denied {
  static constexpr std::string_view type_name = "Denied";
  static constexpr bool is_failure = true;
  std::string key;
  std::string reason;
};

struct request_withdrawn {
  static constexpr std::string_view type_name = "RequestWithdrawn";
  std::string key;
};

struct instructed {
  static constexpr std::string_view type_name = "Instructed";
  bool at_once = false;
  std::string add_jar;
  std::string drop;
  std::string add_name = "extra";
};

struct clerk {
  static constexpr std::string_view type_name = "clerk";
  using command = std::variant<ask, grant, deny, withdraw_request, instruct>;
  using event = std::variant<asked, granted, denied, request_withdrawn, instructed>;

  std::map<std::string, std::string> requests; ///< what became of each, by key
  instructed told;
};

template <class Inspector, class T>
bool inspect_key(Inspector& f, T& x) {
  return f.object(x).fields(f.field("key", x.key));
}

template <class Inspector>
bool inspect(Inspector& f, ask& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, grant& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, deny& x) {
  return f.object(x).fields(f.field("key", x.key), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, withdraw_request& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, instruct& x) {
  return f.object(x).fields(f.field("at_once", x.at_once), f.field("add_jar", x.add_jar),
                            f.field("drop", x.drop), f.field("add_name", x.add_name));
}

template <class Inspector>
bool inspect(Inspector& f, asked& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, granted& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, denied& x) {
  return f.object(x).fields(f.field("key", x.key), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, request_withdrawn& x) {
  return inspect_key(f, x);
}

template <class Inspector>
bool inspect(Inspector& f, instructed& x) {
  return f.object(x).fields(f.field("at_once", x.at_once), f.field("add_jar", x.add_jar),
                            f.field("drop", x.drop), f.field("add_name", x.add_name));
}

template <class Inspector>
bool inspect(Inspector& f, clerk& x) {
  return f.object(x).fields(f.field("requests", x.requests), f.field("told", x.told));
}

skald::decision<clerk> decide(const clerk& state, const ask& command);
skald::decision<clerk> decide(const clerk& state, const grant& command);
skald::decision<clerk> decide(const clerk& state, const deny& command);
skald::decision<clerk> decide(const clerk& state, const withdraw_request& command);
skald::decision<clerk> decide(const clerk& state, const instruct& command);
void evolve(clerk& state, const asked& event);
void evolve(clerk& state, const granted& event);
void evolve(clerk& state, const denied& event);
void evolve(clerk& state, const request_withdrawn& event);
void evolve(clerk& state, const instructed& event);
std::string_view status_of(const clerk& state);
void revise(const clerk& state, skald::routing_slip& slip);

/// Reserves in the jars `flight`, `hotel` and `car`.
skald::saga<trip> trip_slip();

/// Jars, clerks, and trips that are booked by `trip_slip`.
skald::registry slip_types();

/// The same, but the hotel's compensation is tried three times only.
skald::registry giving_up_slip_types();

/// The same, but a trip refuses its slip when it has been everywhere.
skald::registry refusing_slip_types();

} // namespace sample
