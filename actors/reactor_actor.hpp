#pragma once

#include "actors/base_actor.hpp"
#include "actors/reactor.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace skald {

/// Runs one handler of a choreography. It has no state of its own but how far it has come: the
/// position up to which everything it sent has been answered. From there it starts again after a
/// crash, and sends the same messages, which those who have handled them recognise.
class reactor_actor final : public base_actor {
public:
  reactor_actor(caf::actor_config& configuration, const runtime_context& context,
                const reactor& handler);

  const char* name() const override { return "skald.reactor"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void react(const published_events& events);
  std::vector<command_message_ptr> reactions_to(const published_event& event);
  void report(const std::string& problem) const;
  void take_outcome(const outcome& answer);
  void send_again();
  void remember_position();

  struct sent {
    command_message_ptr message;
    position cause = 0;
  };

  const reactor& handler_;
  epoch_id epoch_ = 0;
  position seen_ = 0;
  std::unordered_map<message_id, sent, message_id_hash> unanswered_;
  std::map<position, std::size_t> open_positions_; ///< position of an event → unanswered commands
};

} // namespace skald
