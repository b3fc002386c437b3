#include "actors/base_actor.hpp"

#include <caf/actor_config.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <string>

namespace skald {

base_actor::base_actor(caf::actor_config& configuration, const runtime_context& context)
    : caf::event_based_actor(configuration), context_(context), live_(context.live) {
  live_->add();
  set_error_handler([](caf::error&) {});
  set_down_handler([](caf::down_msg&) {});
  set_exit_handler([this](caf::exit_msg& message) {
    if (message.reason == caf::exit_reason::user_shutdown)
      quit(std::move(message.reason));
  });
  set_default_handler(caf::print_and_drop);
  // It would be better not to go on than to go on wrongly.
  set_exception_handler([this](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      context_.options.on_problem(std::string{name()} + " failed and ends: " + error.what());
    }
    return caf::sec::runtime_error;
  });
}

void base_actor::on_exit() {
  // The last thing that may touch the runtime: it waits for every actor to come this far.
  live_->remove();
}

} // namespace skald
