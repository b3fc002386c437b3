#pragma once

#include "actors/base_actor.hpp"
#include "actors/reaction_flow.hpp"
#include "actors/reactor.hpp"

#include <cstddef>

namespace skald {

/// Runs one handler of a choreography. What is kept of it is how far it has come, the position up
/// to which everything it sent has been answered or parked, and what it has parked. From there it
/// starts again after a crash, and sends the same messages, which those who have handled them
/// recognise.
class reactor_actor final : public base_actor {
public:
  reactor_actor(caf::actor_config& configuration, const runtime_context& context,
                const reactor& handler, parked_so_far parked);

  const char* name() const override { return "skald.reactor"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void take(const delivery_content& input, timestamp now, reaction_flow::output& next);
  void pass_on(reaction_flow::output& next, epoch_id epoch, std::size_t settled);
  void send_again();
  void remember_position();

  const reactor& handler_;
  epoch_id epoch_ = 0;
  reaction_flow flow_;
  timestamp armed_for_ = no_time; ///< the deadline actor wakes this one then
};

} // namespace skald
