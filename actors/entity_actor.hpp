#pragma once

#include "actors/actor_messages.hpp"
#include "actors/base_actor.hpp"
#include "actors/entity.hpp"

#include <memory>
#include <vector>

namespace skald {

/// The actor of one live aggregate or saga. One that is no longer wanted is assigned to another
/// aggregate: starting and ending an actor for each of many short sagas costs more than what they
/// do. Phases:
/// - unassigned: it has not been any entity yet;
/// - recovering: the loader rebuilds the entity from the journal; what arrives waits;
/// - ready: each delivery becomes a turn, handed to the journal writer without waiting for the
/// disk;
/// - failed: the entity cannot be rebuilt; what comes is refused;
/// - void: everything uncommitted was voided, the directory has forgotten this actor; clients that
///   wait here are told.
class entity_actor final : public base_actor {
public:
  entity_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.entity"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  enum class phase { unassigned, recovering, ready, failed };

  void take_over(assignment& next);
  void take(delivery_content input);
  void handle(delivery_content input);
  void pass_on(turn outgoing, timestamp now);
  void hand_over(turn outgoing);
  void ask_for_snapshot_if_due(timestamp now);
  void refuse(const delivery_content& input, const std::string& reason);
  void refuse_waiting(const std::string& reason);
  void return_waiting();
  void recover(const caf::actor& through);
  void become_ready(loaded answer);
  void end_epoch(const std::string& reason);

  const entity_type* type_ = nullptr;
  skald::address self_;
  slot_id slot_ = 0;
  epoch_id epoch_ = 0;
  phase phase_ = phase::unassigned;
  std::uint32_t load_number_ = 0; ///< of the last request to the loader
  std::shared_ptr<entity> entity_;
  std::uint64_t uncovered_turns_ = 0;     ///< that no snapshot covers
  timestamp uncovered_since_ = no_time;   ///< when the first of them was, or the last snapshot
  std::vector<delivery_content> waiting_; ///< while recovering
  std::string failure_;                   ///< why the entity cannot be rebuilt
};

} // namespace skald
