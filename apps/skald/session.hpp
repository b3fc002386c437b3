#pragma once

#include "actors/runtime.hpp"
#include "apps/orders/orders.hpp"
#include "apps/skald/global_options.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <memory>

namespace skald {

/// A store that is open, with everything that runs on it: an actor system and a runtime that hosts
/// the reference domains. Unfinished sagas of the store go on from here.
class session {
public:
  enum class when_missing { create, fail };

  /// @throws store_error, which names the store and says what to do.
  session(const global_options& options, when_missing missing,
          runtime_options runtime_settings = {});

  /// The same, in the given world instead of one with the payment gateway that the options name or,
  /// if they name none, with one of its own, which is started with the first payment.
  session(const global_options& options, when_missing missing, runtime_options runtime_settings,
          const orders_world& world);

  /// Waits until nothing is under way, then stops.
  ~session();

  session(const session&) = delete;
  session& operator=(const session&) = delete;

  runtime& get() const { return *runtime_; }

  /// Lets what was unfinished when the store was opened go on before anything is read, as far as
  /// that takes no longer than a person would wait.
  void settle() { runtime_->wait_until_idle(std::chrono::seconds{5}); }

private:
  caf::actor_system_config configuration_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<runtime> runtime_;
};

} // namespace skald
