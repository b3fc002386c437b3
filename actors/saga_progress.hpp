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
class saga_progress {
public:
  enum class phase : std::uint8_t {
    none,
    running,
    confirming,
    compensating,
    completed,
    compensated
  };

  enum class step_status : std::uint8_t {
    unsent,
    sent,      ///< its outcome is unknown
    succeeded, ///< it took effect
    failed,    ///< it did not
    confirming,
    confirmed,
    cancelling,   ///< cancelled while its outcome was unknown
    compensating, ///< took effect and is being undone
    compensated,
  };

  struct step_state {
    step_status status = step_status::unsent;
    address participant;
    command_message_ptr outstanding; ///< sent and not answered; sent again after a crash
    unsigned refusals = 0;           ///< how often its confirm or cancel was refused
  };

  /// Takes in what a turn handled. Before `take_effects` of the same turn.
  void take_input(const record& x);

  /// Takes in what a turn did. `dispatched` are the messages of `x.dispatches`, in their order;
  /// `started` is the saga that began with it, or null.
  void take_effects(const record& x, const std::vector<command_message_ptr>& dispatched,
                    const saga_definition* started);

  const saga_definition* definition() const { return definition_; }
  phase current() const { return phase_; }
  bool open() const {
    return phase_ == phase::running || phase_ == phase::confirming || phase_ == phase::compensating;
  }
  bool ended() const { return phase_ == phase::completed || phase_ == phase::compensated; }

  const std::vector<step_state>& steps() const { return steps_; }

  /// Is every confirm either answered well or under way, and at least one under way?
  bool awaits_more_confirms() const;

  /// Index of the step whose unanswered command has this id; -1 if there is none.
  int find_outstanding(message_id id) const;

  /// The deadlines that are set, by name.
  const std::vector<std::pair<std::string, timestamp>>& deadlines() const { return deadlines_; }
  timestamp next_due() const;

  /// Replaces the progress by one that was kept. Returns false if it does not fit `definition`.
  bool restore(const saga_definition* definition, phase current, std::vector<step_state> steps,
               std::vector<std::pair<std::string, timestamp>> deadlines);

private:
  const saga_definition* definition_ = nullptr;
  phase phase_ = phase::none;
  std::vector<step_state> steps_;
  std::vector<std::pair<std::string, timestamp>> deadlines_;
};

} // namespace skald
