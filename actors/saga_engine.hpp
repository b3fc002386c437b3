#pragma once

#include "actors/saga_progress.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// What a saga wants done in the turn at hand.
struct saga_plan {
  struct sending {
    address to;
    participation role;
    std::string_view step;
    encoded_command command;
  };

  std::vector<sending> dispatches;
  std::vector<std::pair<std::string_view, timestamp>> deadlines; ///< `no_time` clears
  saga_transition change = saga_transition::none;
  const saga_definition* started = nullptr;
  std::string_view own_command; ///< what the saga's own aggregate handled in this turn
  std::string reason;           ///< why the saga fails
};

/// Decides for a declared saga what follows from an input. Pure: reads the progress, which has
/// taken in the turn's input already, lets the saga's own aggregate decide, and fills in the plan.
class saga_engine {
public:
  static constexpr std::string_view saga_deadline = "saga";
  static constexpr std::string_view retry_deadline = "retry";

  saga_engine(const saga_progress& progress, aggregate_state& state,
              const decision_context& context, recorded_events& events, saga_plan& plan)
      : progress_(progress), state_(state), context_(context), events_(events), plan_(plan) {}

  /// The event that starts `definition` has happened.
  void start(const saga_definition& definition);

  /// The command that was outstanding at step `index` has been answered.
  void on_outcome(std::size_t index, bool accepted, std::string_view reason);

  /// A deadline is due.
  void on_deadline(std::string_view name);

  /// The aggregate's own events end a saga without steps.
  void end(saga_transition how);

private:
  void send_step(const saga_definition& definition, std::size_t index);
  void finish_step(std::size_t index, participation role);
  void confirm_all();
  void fail(std::string_view reason);
  void compensate_next();
  void retry_later(std::size_t index);
  void retry_now();
  bool every_step_is(std::initializer_list<saga_progress::step_status> statuses) const;

  const saga_progress& progress_;
  aggregate_state& state_;
  const decision_context& context_;
  recorded_events& events_;
  saga_plan& plan_;
};

} // namespace skald
