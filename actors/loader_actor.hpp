#pragma once

#include "actors/base_actor.hpp"

namespace skald {

/// Reads the journal for others, on a thread of its own: rebuilds entities, looks for the first
/// answer to messages that come again, and for what is left of reactions that failed.
class loader_actor final : public base_actor {
public:
  loader_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.loader"; }
  caf::behavior make_behavior() override;

private:
  void load(const load_request& request) const;
  void take_snapshot(const snapshot_request& request) const;
  void read_reactions(const reading_request& request) const;
  void look_up_all(lookup_request& request) const;
};

} // namespace skald
