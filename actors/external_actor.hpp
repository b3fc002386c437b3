#pragma once

#include "actors/actor_messages.hpp"
#include "actors/base_actor.hpp"
#include "actors/external.hpp"

#include <deque>
#include <set>
#include <vector>

namespace skald {

/// Stands before a system outside: hands calls to the workers that are free, and what has come of
/// them to the directory. A call that is asked for while it is under way is not made twice.
class external_actor final : public base_actor {
public:
  external_actor(caf::actor_config& configuration, const runtime_context& context,
                 const external& system);

  const char* name() const override { return "skald.external"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void take(command_message_ptr message);
  void hand_out();
  void report(const call_done& finished);

  const external& system_;
  epoch_id epoch_ = 0;
  std::deque<call_request> waiting_;
  std::set<message_id> under_way_;
  std::vector<caf::actor> workers_;
  std::vector<caf::actor> free_;
};

/// Makes calls, one after another, on a thread of its own.
class external_worker final : public base_actor {
public:
  external_worker(caf::actor_config& configuration, const runtime_context& context,
                  const external& system, caf::actor owner);

  const char* name() const override { return "skald.external_worker"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  const external& system_;
  caf::actor owner_;
};

} // namespace skald
