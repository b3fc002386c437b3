#pragma once

#include "actors/aggregate.hpp"
#include "actors/external.hpp"
#include "actors/reactor.hpp"
#include "actors/saga.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace skald {

/// A type of aggregate that a runtime hosts, with the sagas that its events start.
struct entity_type {
  std::string name;
  std::function<std::unique_ptr<aggregate_state>()> make_state;
  std::vector<saga_definition> sagas;

  /// Types of events that some reactor listens to, and which (as indexes into
  /// `registry::reactors`).
  struct subscription {
    std::string_view event_type;
    std::vector<std::size_t> reactors;
  };
  std::vector<subscription> subscriptions;

  const saga_definition* find_saga(std::string_view saga_name) const;
  const subscription* find_subscription(std::string_view event_type) const;
};

/// Everything that a runtime hosts. Filled before it starts, then immutable.
class registry {
public:
  /// Hosts aggregates of type `A` and the sagas that they start.
  /// @throws std::logic_error if the type is hosted already or a saga is incomplete.
  template <class A, class... Sagas>
  registry& host(const Sagas&... sagas) {
    return add({std::string{A::type_name},
                [] { return std::make_unique<typed_aggregate_state<A>>(); },
                {sagas.build()...},
                {}});
  }

  /// Hosts a handler of a choreography. The types it listens to must be hosted already. With the
  /// first comes the type `parked_reactions`, under which each keeps what it cannot react to.
  /// @throws std::logic_error if they are not, or if its name is taken or cannot be an id.
  registry& host(reactor handler);

  /// Hosts a system outside as a participant of sagas.
  registry& host(external system);

  /// The hosted type, or null.
  const entity_type* find(std::string_view type) const;

  /// `account, transfer`: the names of all hosted types.
  std::string type_names() const;

  const std::vector<reactor>& reactors() const { return reactors_; }
  const std::vector<external>& externals() const { return externals_; }

  /// All hosted types, in the order in which they were hosted.
  std::vector<const entity_type*> types() const;

private:
  registry& add(entity_type type);
  void subscribe(std::string_view type, std::string_view event, std::size_t reactor);

  // Few types: a look-up walks them.
  std::vector<std::unique_ptr<entity_type>> types_;
  std::vector<reactor> reactors_;
  std::vector<external> externals_;
};

} // namespace skald
