// Seats of a theatre, hosted by a Skald runtime inside an actor system that is this program's own.
#include "actors/actor_messages.hpp"
#include "actors/runtime.hpp"
#include "actors/test_kit.hpp"
#include "persistence/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace theatre {

struct reserve {
  static constexpr std::string_view type_name = "Reserve";
  std::string guest;
};

struct reserved {
  static constexpr std::string_view type_name = "Reserved";
  std::string guest;
};

struct seat {
  static constexpr std::string_view type_name = "seat";
  using command = std::variant<reserve>;
  using event = std::variant<reserved>;
  std::string guest; // empty: the seat is free
};

template <class Inspector>
bool inspect(Inspector& f, reserve& x) {
  return f.object(x).fields(f.field("guest", x.guest));
}

template <class Inspector>
bool inspect(Inspector& f, reserved& x) {
  return f.object(x).fields(f.field("guest", x.guest));
}

template <class Inspector>
bool inspect(Inspector& f, seat& x) {
  return f.object(x).fields(f.field("guest", x.guest));
}

skald::decision<seat> decide(const seat& state, const reserve& command) {
  if (!state.guest.empty())
    return skald::rejection{"the seat is taken by " + state.guest};
  return reserved{command.guest};
}

void evolve(seat& state, const reserved& event) {
  state.guest = event.guest;
}

std::string_view status_of(const seat& state) {
  return state.guest.empty() ? "free" : "reserved";
}

} // namespace theatre

namespace {

using theatre::reserve;
using theatre::reserved;
using theatre::seat;

caf::behavior box_office(caf::event_based_actor* self) {
  return {[self](const skald::outcome_ptr& answer) {
    std::cout << "from an actor: refused, because " << answer->reason << '\n';
    self->quit();
  }};
}

} // namespace

int main() {
  skald::given<seat>().when(reserve{"Ada"}).then(reserved{"Ada"});
  skald::given<seat>(reserved{"Ada"}).when(reserve{"Bob"}).then_rejected("taken by Ada");

  skald::init_actor_types();
  caf::actor_system_config configuration;
  caf::actor_system system{configuration};
  caf::scoped_actor self{system};

  skald::registry types;
  types.host<seat>();
  skald::runtime runtime{system, std::move(types), std::make_unique<skald::memory_journal>()};

  const auto first = runtime.ask(skald::command_to<seat>("A-1", reserve{"Ada"})).get();
  std::cout << "from outside: " << first->from.id << " is reserved, at sequence " << first->sequence
            << '\n';

  const auto actor = system.spawn(box_office);
  runtime.ask(skald::command_to<seat>("A-1", reserve{"Bob"}), actor);
  self->wait_for(actor);

  const auto view = runtime.show({"seat", "A-1"}).get();
  std::cout << "it shows: " << view.status << ' ' << skald::json_of_cbor(view.state).dump() << '\n';

  runtime.stop();
  self->wait_for(system.spawn([] { std::cout << "the actor system goes on\n"; }));
}
