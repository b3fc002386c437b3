#pragma once

#include "actors/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>

namespace skald {

/// An actor system that is set up as that of the program skald.
class benchmark_system {
public:
  benchmark_system() {
    static const bool types_are_known = (init_actor_types(), true);
    static_cast<void>(types_are_known);
    configuration_.set("caf.scheduler.policy", "sharing");
    configuration_.set("caf.scheduler.max-threads", 2);
    configuration_.set("caf.scheduler.max-throughput", 100);
    system_ = std::make_unique<caf::actor_system>(configuration_);
  }

  caf::actor_system& get() { return *system_; }

private:
  caf::actor_system_config configuration_;
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace skald
