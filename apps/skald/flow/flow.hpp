#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace skald {

/// A kind of command, event or deadline in a flow.
struct flow_node {
  enum class kind { event, command, deadline };

  kind what = kind::event;
  std::string type; ///< of the aggregate that records the event, gets the command or has the time
  std::string name;

  auto operator<=>(const flow_node&) const = default;
};

/// One thing leads to another.
struct flow_link {
  enum class meaning {
    step,         ///< a saga or handler sends a command
    confirm,      ///< as step, and all has succeeded
    compensation, ///< as step, and something has failed
    own,          ///< a saga has its own aggregate handle a command
    result,       ///< a command has its receiver record an event
    failure,      ///< as result, and the event means failure
  };

  flow_node from;
  flow_node to;
  meaning what = meaning::step;
  std::string via; ///< `step 'deposit'`, `the deposit handler`; empty for results
  bool declared = false;
  bool countable = true; ///< can the journal tell how often it happened?
  std::uint64_t observed = 0;

  bool is_never_seen() const { return declared && countable && observed == 0; }
};

/// The flow of one saga, as it is declared and as the journal has it.
struct saga_flow {
  std::string saga;
  std::string type; ///< of the aggregate that hosts it
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t compensated = 0;
  std::uint64_t ended_by_hand = 0;
  std::vector<flow_link> links;

  /// Declared, and never observed.
  std::vector<const flow_link*> never_seen() const;

  /// Observed, and not declared. What an aggregate makes of a command nobody declares.
  std::vector<const flow_link*> undeclared() const;
};

/// `account: Deposit`.
std::string to_string(const flow_node& x);

/// `TransferCreated -> account: Deposit (step 'deposit')`.
std::string to_string(const flow_link& x);

} // namespace skald
