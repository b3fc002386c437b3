#pragma once

#include "actors/base_actor.hpp"

namespace skald {

/// Writes the journal's indexes, on a thread of its own beside the writer of the log.
class index_actor final : public base_actor {
public:
  index_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.index_writer"; }
  caf::behavior make_behavior() override;
};

} // namespace skald
