#pragma once

#include "actors/base_actor.hpp"
#include "actors/deadline_set.hpp"

namespace skald {

/// Wakes entities whose deadlines have passed. Due times are wall-clock values from the journal; at
/// most one timer of the actor system is pending, and never for longer than a moment, so that a
/// clock that is set forward or back is noticed.
class deadline_actor final : public base_actor {
public:
  deadline_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.deadlines"; }
  caf::behavior make_behavior() override;

private:
  void wake_due();
  void arm();

  deadline_set set_;
  timestamp armed_for_ = no_time; ///< a timer is pending that looks at the clock then
};

} // namespace skald
