#pragma once

// The few calls of CAF that changed between 0.18.7 and 1.x, in one place.

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <utility>

namespace skald::compatibility {

/// Sends asynchronously, without a sender.
template <class... Ts>
void send_to(const caf::actor& receiver, Ts&&... content) {
#if CAF_VERSION >= 10000
  caf::anon_mail(std::forward<Ts>(content)...).send(receiver);
#else
  caf::anon_send(receiver, std::forward<Ts>(content)...);
#endif
}

/// Sends `content` to `self` itself after `delay`. Long-lived actors have at most one such message
/// pending.
template <class... Ts>
void send_later(caf::event_based_actor* self, std::chrono::microseconds delay, Ts&&... content) {
#if CAF_VERSION >= 10000
  self->mail(std::forward<Ts>(content)...).delay(delay).send(caf::actor_cast<caf::actor>(self));
#else
  self->delayed_send(self, delay, std::forward<Ts>(content)...);
#endif
}

/// Ends `receiver`.
inline void stop(const caf::actor& receiver) {
  caf::anon_send_exit(receiver, caf::exit_reason::user_shutdown);
}

} // namespace skald::compatibility
