#pragma once

#include "actors/base_actor.hpp"

namespace skald {

/// Reads the journal for others, on a thread of its own: rebuilds entities, and looks for the first
/// answer to messages that come again.
class loader_actor final : public base_actor {
public:
  loader_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.loader"; }
  caf::behavior make_behavior() override;

private:
  void load(const load_request& request) const;
  void take_snapshot(const snapshot_request& request) const;
  void look_up_all(lookup_request& request) const;
};

} // namespace skald
