#include "actors/deadline_actor.hpp"

#include <caf/behavior.hpp>

#include <algorithm>

namespace skald {

namespace {

// The longest time without a look at the clock while a deadline is set.
constexpr duration longest_sleep = std::chrono::seconds{1};

} // namespace

deadline_actor::deadline_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context) {}

caf::behavior deadline_actor::make_behavior() {
  return {
      [this](const due_changes& request) {
        set_.set(request.changes);
        wake_due(); // the clock may have passed one that was under way to here
        arm();
      },
      [this](look_at_clock) {
        armed_for_ = no_time;
        wake_due();
        arm();
      },
  };
}

void deadline_actor::wake_due() {
  const auto now = host().time.now();
  settlement woken;
  skald::address self;
  while (set_.take_due(now, self))
    woken.deliveries.push_back({self, deadline_delivery{}});
  if (!woken.deliveries.empty())
    compatibility::send_to(host().directory, std::move(woken));
}

// A manual clock says itself when it has moved.
void deadline_actor::arm() {
  const auto next = set_.next();
  if (next == no_time || host().time.manual())
    return;
  const auto now = host().time.now();
  const auto sleep = std::clamp<duration>(next - now, duration::zero(), longest_sleep);
  if (armed_for_ != no_time && armed_for_ <= now + sleep)
    return;
  armed_for_ = now + sleep;
  compatibility::send_later(this, sleep, look_at_clock{});
}

} // namespace skald
