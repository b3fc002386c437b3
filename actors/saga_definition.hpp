#pragma once

#include "actors/aggregate.hpp"
#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/time.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// A command as it is sent: its name and its CBOR map.
struct encoded_command {
  std::string_view type; ///< static storage
  byte_buffer payload;
};

/// A command and the aggregate or saga it goes to.
struct dispatch {
  address to;
  encoded_command command;
};

/// One step of a saga: a local transaction of one participant. Functions see the state of the
/// aggregate that hosts the saga.
struct saga_step {
  std::string name;

  /// The command that does the step.
  std::function<dispatch(const aggregate_state&)> send;

  /// The command that undoes the step at the same participant. Missing: there is nothing to undo.
  std::function<encoded_command(const aggregate_state&)> compensate;

  /// The command that makes the step final at the same participant. Missing: there is nothing to
  /// do.
  std::function<encoded_command(const aggregate_state&)> confirm;

  /// The command that the saga's own aggregate handles when the step has succeeded. May be missing.
  std::function<verdict(aggregate_state&, const decision_context&, recorded_events&)> on_success;
  std::string_view on_success_type;
};

/// A saga with its types erased. It is hosted by the aggregate whose event starts it: both share
/// the actor, the stream and, since the transaction begins there, the correlation id. So the step
/// from one to the next and what the aggregate shows of it are one turn.
struct saga_definition {
  std::string name;
  std::string_view starts_on;                          ///< type of the event
  std::function<bool(const aggregate_state&)> applies; ///< missing: always

  std::vector<saga_step> steps; ///< in order; empty if reactors carry the transaction

  /// How long after its start the saga is cancelled. Missing: never.
  std::function<duration(const aggregate_state&)> deadline;

  /// The command that the saga's own aggregate handles when a step has failed or the deadline has
  /// passed.
  std::function<verdict(aggregate_state&, std::string_view reason, const decision_context&,
                        recorded_events&)>
      on_failure;
  std::string_view on_failure_type;

  /// Events of the saga's own aggregate that end a saga without steps.
  std::vector<std::string_view> completes_on;
  std::vector<std::string_view> compensated_on;

  /// Why the transaction failed, as its aggregate tells it.
  std::function<std::string(const aggregate_state&)> failure_reason;
};

} // namespace skald
