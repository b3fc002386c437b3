#pragma once

#include "actors/runtime.hpp"
#include "apps/bank/bank.hpp"
#include "persistence/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>

namespace skald {

/// A bank that runs on a journal in memory, as long as it lives.
class bank_on_memory {
public:
  explicit bank_on_memory(runtime_options options = {}) {
    static const bool types_are_known = (init_actor_types(), true);
    static_cast<void>(types_are_known);
    configuration_.set("caf.scheduler.max-threads", 2);
    system_ = std::make_unique<caf::actor_system>(configuration_);
    registry types;
    host_bank(types);
    runtime_ = std::make_unique<runtime>(*system_, std::move(types),
                                         std::make_unique<memory_journal>(), std::move(options));
  }

  runtime& get() { return *runtime_; }

private:
  caf::actor_system_config configuration_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<runtime> runtime_;
};

} // namespace skald
