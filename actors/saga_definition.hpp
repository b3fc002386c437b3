#pragma once

#include "actors/aggregate.hpp"
#include "actors/dispatch.hpp"
#include "actors/retry_policy.hpp"
#include "messages/bytes.hpp"
#include "messages/command_message.hpp"
#include "messages/time.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// How a step has succeeded.
struct step_result {
  std::string_view part; ///< of a step that is taken in parts: which
  const outcome& answer; ///< with the events that the participant recorded
};

/// What the chooser of a process manager sees of the steps so far.
class saga_view {
public:
  virtual ~saga_view() = default;

  /// Has the step `name` (of a part: `name#part`) taken effect?
  virtual bool succeeded(std::string_view name) const = 0;

  /// Has the step, which may fail, failed?
  virtual bool failed(std::string_view name) const = 0;
};

/// A command that the saga's own aggregate handles in the same turn.
struct own_command {
  std::string_view type; ///< empty: there is none
  std::function<verdict(aggregate_state&, const decision_context&, recorded_events&)> handle;
};

/// A message for the participant of a step. Missing: nothing of the domain needs to be said.
struct step_command {
  std::string_view type; ///< empty: there is none
  std::function<encoded_command(const aggregate_state&, std::string_view part)> make;
};

/// One step of a saga: a local transaction of one participant. Functions see the state of the
/// aggregate that hosts the saga.
struct saga_step {
  std::string name;
  bool beside_previous = false; ///< runs in parallel with the step before it

  /// The command that does the step.
  std::function<dispatch(const aggregate_state&, std::string_view part)> send;
  std::string_view target; ///< type of the participant
  std::string_view sends;  ///< name of the command

  /// Events of the participant that mean success and failure. Without any, its verdict on the
  /// command decides.
  std::vector<std::string_view> succeeds_on;
  std::vector<std::string_view> fails_on;

  /// When the step has succeeded.
  std::function<verdict(aggregate_state&, const step_result&, const decision_context&,
                        recorded_events&)>
      on_success;
  std::string_view on_success_type;

  step_command compensate; ///< undoes the step
  step_command confirm;    ///< makes it final

  retry_policy retry; ///< of refusals for now
  retry_policy retry_compensation = default_compensation_policy;
  std::function<duration(const aggregate_state&)> within; ///< its deadline; missing: none
  bool may_fail = false;                                  ///< without the saga failing

  static constexpr retry_policy default_compensation_policy{
      .retries = retry_policy::without_end, .delay = std::chrono::milliseconds{100}, .factor = 2};
};

/// A saga with its types erased. It is hosted by the aggregate whose event starts it: both share
/// the actor and the stream. So the step from one to the next and what the aggregate shows of it
/// are one turn.
struct saga_definition {
  std::string name;
  std::string_view starts_on;                          ///< type of the event
  std::function<bool(const aggregate_state&)> applies; ///< missing: always

  std::vector<saga_step> steps; ///< empty if reactors carry the transaction

  /// The steps are decided at the start and travel as a routing slip from one participant to the
  /// next.
  bool is_routing_slip = false;

  /// Of a process manager: the names of the steps that are to have been started by now. Missing:
  /// the steps run in their order.
  std::function<std::vector<std::string>(const aggregate_state&, const saga_view&)> choose;

  /// How long after its start the saga is cancelled. Missing: never.
  std::function<duration(const aggregate_state&)> deadline;

  /// When a step has failed or the deadline has passed.
  std::function<verdict(aggregate_state&, std::string_view reason, const decision_context&,
                        recorded_events&)>
      on_failure;
  std::string_view on_failure_type;

  own_command on_completed;   ///< when every step has succeeded
  own_command on_compensated; ///< when everything is undone

  std::vector<std::string_view> cancelled_by; ///< events of the saga's own aggregate

  /// Events of the saga's own aggregate that end a saga without steps.
  std::vector<std::string_view> completes_on;
  std::vector<std::string_view> compensated_on;

  /// Why the transaction failed, as its aggregate tells it. Missing: what made the saga fail.
  std::function<std::string(const aggregate_state&)> failure_reason;
};

} // namespace skald
