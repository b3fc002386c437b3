#pragma once

#include "actors/aggregate.hpp"
#include "actors/delivery.hpp"
#include "actors/inbox.hpp"
#include "actors/registry.hpp"
#include "actors/saga_engine.hpp"
#include "actors/saga_progress.hpp"
#include "actors/slip_desk.hpp"
#include "actors/small_set.hpp"
#include "actors/turn.hpp"
#include "persistence/record.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace skald {

/// One live aggregate, with the saga that it hosts if it has started one: what turns inputs into
/// turns. Free of actors, clocks and I/O, so that the runtime, the test kit and a simulator run the
/// same code.
///
/// First `replay` with each of the stream's records in order, then `handle`.
class entity {
public:
  entity(const entity_type& type, address self);

  /// Takes in a stored record. Returns why that cannot be done, or nothing.
  std::optional<std::string> replay(const record& stored);

  /// Has the memory fetched that handling an input touches: among many entities nothing of one is
  /// in a cache, and each part would be waited for in turn.
  void fetch() const;

  /// Handles one input and evolves the state at once; the turn is to be committed in the order of
  /// calls. A turn that `waits` is none: `take_ready` gives its input back.
  /// @throws whatever a handler of the domain throws; the entity is then void and must be rebuilt.
  turn handle(delivery_content input, timestamp now);

  /// A command that has waited for a saga to let go of the aggregate, and is to be handled now:
  /// nobody holds the aggregate any more, or it has waited for as long as it may. To be asked after
  /// each `handle`.
  std::optional<command_delivery> take_ready(timestamp now);

  /// The commands that wait for a saga to let go of the aggregate; they wait here no longer.
  std::vector<command_delivery> take_queued();

  /// Everything that replaying the records so far has given, as bytes that `restore` takes.
  byte_buffer snapshot() const;

  /// Takes the place of replaying the records up to the one that the snapshot was taken after,
  /// which stands at `at`. Returns why that cannot be done, or nothing; the entity is then void.
  std::optional<std::string> restore(byte_span snapshot, position at);

  entity_view view() const;

  const address& self() const { return self_; }
  const saga_progress& progress() const { return progress_; }
  const slip_desk& slips() const { return desk_; }
  std::uint64_t sequence() const { return sequence_; }
  std::uint64_t turns() const { return turn_; }
  const std::shared_ptr<stream_cursor>& cursor() const { return cursor_; }

  /// The commands of the clients who wait for the end of the saga, which from now on is somebody
  /// else's to tell them. Handled again, they wait here again.
  std::vector<command_delivery> take_waiting() { return std::exchange(waiting_, {}); }

private:
  struct scratch;

  /// A saga's command that is answered by a later turn than the one that handled it.
  struct owed_answer {
    std::string hold; ///< key of the hold
    message_id command;
    address source;
    participation role = participation::none;
    byte_buffer slip; ///< the routing slip that came with the command and stays here meanwhile
  };

  struct queued_command {
    command_delivery content;
    timestamp until = no_time;
  };

  void on_command(command_delivery& input, scratch& work, turn& result);
  void on_instruction(const command_delivery& input, scratch& work, turn& result);
  void on_outcome(const outcome& input, scratch& work, turn& result);
  void on_deadline(scratch& work, turn& result);
  void on_resume(turn& result);

  std::optional<std::string> open_slip(const command_message& message, scratch& work) const;
  void meet_recall(command_delivery& input, scratch& work) const;
  void on_slip_message(const command_delivery& input, scratch& work, turn& result);
  void on_slip_answer(const slip_desk::outstanding& sent, const outcome& input, scratch& work,
                      turn& result);
  void on_slip_deadline(const slip_desk::outstanding& due, scratch& work, turn& result);
  void pass_slip_on(const command_message& message, const verdict& decided, scratch& work) const;
  void pass_settled_slip_on(const owed_answer& settled, scratch& work) const;
  routing_slip slip_of(byte_span encoded) const;
  void visited(routing_slip& slip) const;
  void plan_slips(scratch& work);
  bool is_wanted(const command_message& sent) const;
  std::string slip_left_from(const record& x, const saga_definition* started) const;
  void take_slips(const record& x, const std::vector<command_message_ptr>& dispatched,
                  const std::string& from);
  void send_slips_again(turn& result) const;

  bool answered_before(const command_delivery& input, turn& result);
  verdict admit(const command_delivery& input, scratch& work);
  std::string holder_other_than(const command_message& message) const;
  bool queue_if_held(command_delivery& input, scratch& work, turn& result);
  void follow_own_events(scratch& work);
  void plan_dispatches(scratch& work);
  void settle_owed(scratch& work, turn& result);
  void take_holds(const record& x);
  timestamp next_due() const;
  timestamp next_wake() const;
  void record_turn(scratch& work, turn& result);
  void publish(const scratch& work, turn& result) const;
  void answer(const command_delivery& input, const scratch& work, const verdict& decided,
              turn& result);
  void answer_waiting(turn& result);
  std::string failure_reason() const;
  void send_again(const saga_progress::step_state& step, turn& result);
  static std::vector<stored_event> events_of(const scratch& work);

  /// What a stored record and a turn of one's own have in common.
  void take(const record& x, const std::vector<command_message_ptr>& dispatched,
            const saga_definition* started);

  const entity_type& type_;
  address self_;
  std::unique_ptr<aggregate_state> state_;
  saga_progress progress_;
  slip_desk desk_;
  message_id started_by_; ///< the command that started the saga
  inbox handled_;
  inbox cancelled_steps_;
  small_set<std::string> holds_;      ///< correlation id, NUL, step
  std::vector<owed_answer> owed_;     ///< few, mostly none
  std::vector<queued_command> queue_; ///< for the aggregate to be held no longer
  std::uint64_t turn_ = 0;
  std::uint64_t sequence_ = 0;
  timestamp time_ = timestamp::min(); ///< of the last turn; times of a stream never go back
  timestamp next_wake_ = no_time;     ///< as the deadline actor was told
  std::shared_ptr<stream_cursor> cursor_ = std::make_shared<stream_cursor>();
  std::vector<command_delivery> waiting_;
  bool unsure_of_confirms_ = false; ///< rebuilt while confirming: answers may have been forgotten
};

} // namespace skald
