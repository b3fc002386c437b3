#include "actors/index_actor.hpp"

#include <caf/behavior.hpp>

namespace skald {

index_actor::index_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context) {}

caf::behavior index_actor::make_behavior() {
  return {
      [this](write_indexes_request) {
        // The log is the truth: an index that could not be written is written the next time.
        try {
          host().log.write_indexes();
        } catch (const store_error& error) {
          host().options.on_problem(std::string{"the indexes could not be written: "} +
                                    error.what());
        }
        compatibility::send_to(host().journal_writer, indexes_written{});
      },
  };
}

} // namespace skald
