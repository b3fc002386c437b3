#pragma once

#include "actors/saga_definition.hpp"
#include "messages/command_message.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// How far a saga has come: the fold of its stream's records.
class saga_progress final : public saga_view {
public:
  enum class phase : std::uint8_t {
    none,
    running,
    confirming,
    compensating,
    parked,      ///< a compensation has failed for good: a person has to see to it
    resolving,   ///< ends by hand, what was left was done by a person
    terminating, ///< ends by hand, nothing is undone
    completed,
    compensated,
    resolved,
    terminated,
  };

  enum class step_status : std::uint8_t {
    sent,      ///< its outcome is unknown
    waiting,   ///< refused for now, to be tried again
    succeeded, ///< it took effect
    failed,    ///< it did not
    confirming,
    confirmed,
    cancelling,   ///< cancelled while its outcome was unknown
    compensating, ///< took effect and is being undone
    compensated,
    released, ///< no longer held, though nothing was undone
  };

  struct step_state {
    std::string name; ///< that of the definition's step, with `#part` behind it where it is one
    std::size_t index = 0; ///< of the definition's step
    step_status status = step_status::sent;
    address participant;
    command_message_ptr message; ///< the last that was sent to the participant
    bool awaits_answer = false;  ///< to that message; it is sent again after a crash
    unsigned refusals = 0;       ///< of that message, as often as it was tried
    std::uint64_t sent_in = 0;   ///< turn that sent it; 0: before the snapshot

    std::string_view part() const;
    bool done() const;        ///< it is neither under way nor to be tried again
    bool is_unknown() const { ///< it may have taken effect
      return status == step_status::sent || status == step_status::waiting;
    }
    bool is_undoing() const {
      return status == step_status::cancelling || status == step_status::compensating;
    }
  };

  /// Takes in what a turn handled. Before `take_effects` of the same turn.
  void take_input(const record& x);

  /// Takes in what a turn did. `dispatched` are the messages of `x.dispatches`, in their order;
  /// `started` is the saga that began with it, or null.
  void take_effects(const record& x, const std::vector<command_message_ptr>& dispatched,
                    const saga_definition* started);

  const saga_definition* definition() const { return definition_; }
  phase current() const { return phase_; }
  bool open() const { return phase_ != phase::none && !ended(); }
  bool ended() const { return phase_ >= phase::completed; }

  /// Does nothing more happen until a person steps in, if anything ever does?
  bool at_rest() const { return ended() || phase_ == phase::parked; }

  /// The transaction's; empty if there is none.
  const std::string& correlation() const { return correlation_; }

  /// Why the saga fails, is parked or was ended by hand.
  const std::string& reason() const { return reason_; }

  /// When the saga came to its present phase.
  timestamp since() const { return since_; }

  /// The routing slip that lies here while the saga is parked, encoded; empty if there is none.
  const byte_buffer& parked_slip() const { return parked_slip_; }

  /// Those that were ever sent, in the order in which they were.
  const std::vector<step_state>& steps() const { return steps_; }
  const step_state* find(std::string_view name) const;

  bool succeeded(std::string_view name) const override;
  bool failed(std::string_view name) const override;

  /// What the definition says of a step.
  const saga_step& definition_of(const step_state& step) const {
    return definition_->steps[step.index];
  }

  /// Is every confirm either answered well or under way, and at least one under way?
  bool awaits_more_confirms() const;

  /// Index of the step whose unanswered command has this id; -1 if there is none.
  int find_outstanding(message_id id) const;

  /// The deadlines that are set, by name.
  const std::vector<std::pair<std::string, timestamp>>& deadlines() const { return deadlines_; }
  timestamp next_due() const;

  /// Everything that a snapshot keeps.
  struct kept {
    phase current = phase::none;
    std::string correlation;
    std::string reason;
    timestamp since = no_time;
    byte_buffer parked_slip;
    std::vector<step_state> steps;
    std::vector<std::pair<std::string, timestamp>> deadlines;
  };

  /// Replaces the progress by one that was kept. Returns false if it does not fit `definition`.
  bool restore(const saga_definition* definition, kept all);

  static constexpr std::string_view saga_deadline = "saga";

  /// The name of the deadline that ends the wait for the next try of a step.
  static std::string retry_deadline(std::string_view step);

  /// The name of a step's own deadline.
  static std::string step_deadline(std::string_view step);

private:
  step_state* find(std::string_view name);
  void take_transition(const record& x, const saga_definition* started);
  void take_dispatch(const command_message_ptr& message, std::uint64_t turn);
  void take_deadlines(const record& x);

  const saga_definition* definition_ = nullptr;
  phase phase_ = phase::none;
  timestamp since_ = no_time;
  std::vector<std::pair<std::string, timestamp>> deadlines_;
  std::vector<step_state> steps_;
  std::string correlation_;
  std::string reason_;
  byte_buffer parked_slip_;
};

} // namespace skald
