#pragma once

#include "actors/actor_messages.hpp"
#include "actors/caf_compatibility.hpp"
#include "actors/runtime_context.hpp"

#include <caf/event_based_actor.hpp>

namespace skald {

/// What all actors of a runtime have in common: they end when they are told to shut down, and
/// nothing else that reaches them unasked ends them.
class base_actor : public caf::event_based_actor {
public:
  base_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override = 0;
  void on_exit() override;

protected:
  const runtime_context& host() const { return context_; }

private:
  const runtime_context& context_;
  std::shared_ptr<live_actors> live_;
};

} // namespace skald
