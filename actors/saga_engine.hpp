#pragma once

#include "actors/routing_slip.hpp"
#include "actors/saga_instruction.hpp"
#include "actors/saga_progress.hpp"

#include <cstddef>
#include <cstdint>
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
    std::string step;
    encoded_command command;
  };

  std::vector<sending> dispatches;
  std::vector<routing_slip> slips; ///< each goes to where it goes next
  bool recalls_slip = false;       ///< the saga's slip, wherever it is, is to be turned round
  std::vector<std::size_t> again;  ///< steps whose last message is sent once more, as it was
  std::vector<std::pair<std::string, timestamp>> deadlines; ///< `no_time` clears
  saga_transition change = saga_transition::none;
  const saga_definition* started = nullptr;
  std::string_view own_command; ///< what the saga's own aggregate handled in this turn
  std::string reason;           ///< why the saga fails, is parked or ends by hand

  void clear();
};

/// Decides for a declared saga what follows from an input. Pure: reads the progress, which has
/// taken in the turn's input already, lets the saga's own aggregate decide, and fills in the plan.
class saga_engine {
public:
  saga_engine(const saga_progress& progress, aggregate_state& state,
              const decision_context& context, recorded_events& events, saga_plan& plan)
      : progress_(progress), state_(state), context_(context), events_(events), plan_(plan) {}

  /// What `answer` means to `step`: whether a step's participant has done it depends on the events
  /// that the definition names.
  static verdict judge(const saga_progress& progress, const saga_progress::step_state& step,
                       const outcome& answer);

  /// The event that starts `definition` has happened.
  void start(const saga_definition& definition);

  /// The message that was outstanding at step `index` has been answered, which means `judged`.
  void on_outcome(std::size_t index, const outcome& answer, const verdict& judged);

  /// The saga's routing slip has come back.
  void on_slip(routing_slip slip);

  /// A deadline is due.
  void on_deadline(std::string_view name);

  /// The aggregate's own events end a saga without steps.
  void end(saga_transition how);

  /// The saga has to compensate, for `reason`.
  void fail(std::string_view reason);

  /// Can a person's instruction be followed? If not, why.
  verdict check(std::string_view instruction, const saga_instruction& said) const;

  /// Follows an instruction that can be.
  void follow(std::string_view instruction, const saga_instruction& said);

private:
  using step_state = saga_progress::step_state;

  void advance(const saga_definition& definition);
  void start_chosen(const saga_definition& definition);
  void start_declared(const saga_definition& definition);
  const step_state* find_started(std::string_view name) const;
  bool is_starting() const { return plan_.started != nullptr; }
  void send_step(const saga_definition& definition, const std::string& name);
  void on_step_outcome(const step_state& step, const outcome& answer, const verdict& judged);
  void on_undo_outcome(const step_state& step, const verdict& judged);
  void on_step_deadline(std::string_view step);
  void give_up(const step_state& step, std::string_view reason);
  bool needs_confirm(const step_state& step) const;
  void finish_step(const step_state& step, participation role);
  void release_step(const step_state& step);
  void complete();
  void start_slip(const saga_definition& definition);
  void accept_slip(routing_slip slip);
  verdict check_slip(std::string_view instruction, const saga_instruction& said) const;
  void follow_for_slip(std::string_view instruction);
  routing_slip parked_slip() const;
  void send_back(routing_slip slip, std::string_view reason);
  void begin_to_fail(std::string_view reason);
  void compensated();
  void park(const step_state& step, std::string_view reason);
  void compensate_next();
  void retry_later(const step_state& step, const retry_policy& policy);
  void retry(const step_state& step);
  void retry_all();
  void skip(std::string_view step);
  void release_all(saga_transition under_way, saga_transition done);
  bool let_aggregate_handle(const own_command& command, std::string& refusal);
  void clear_deadlines();
  const saga_definition& declared() const { return *progress_.definition(); }

  const saga_progress& progress_;
  aggregate_state& state_;
  const decision_context& context_;
  recorded_events& events_;
  saga_plan& plan_;
};

} // namespace skald
