#include "actors/registry.hpp"

#include <algorithm>
#include <stdexcept>

namespace skald {

const saga_definition* entity_type::find_saga(std::string_view saga_name) const {
  auto found = std::ranges::find(sagas, saga_name, &saga_definition::name);
  return found == sagas.end() ? nullptr : &*found;
}

const entity_type::subscription* entity_type::find_subscription(std::string_view event_type) const {
  auto found = std::ranges::find(subscriptions, event_type, &subscription::event_type);
  return found == subscriptions.end() ? nullptr : &*found;
}

registry& registry::host(reactor handler) {
  if (std::ranges::find(reactors_, handler.name(), &reactor::name) != reactors_.end())
    throw std::logic_error("the reactor '" + handler.name() + "' is hosted already");
  if (auto wrong = id_error(handler.name()))
    throw std::logic_error("no reactor may be named '" + handler.name() + "': " + *wrong);
  for (const auto& rule : handler.rules()) {
    if (!find(rule.aggregate_type))
      throw std::logic_error("reactor '" + handler.name() + "' listens to '" +
                             std::string{rule.aggregate_type} + "', which is not hosted");
    // It would have to react to its own parking, behind what it has parked.
    if (rule.aggregate_type == parked_reactions::type_name)
      throw std::logic_error("reactor '" + handler.name() + "' listens to '" +
                             std::string{rule.aggregate_type} + "', to which none can listen");
  }
  if (reactors_.empty())
    host<parked_reactions>();
  const auto index = reactors_.size();
  for (const auto& rule : handler.rules())
    subscribe(rule.aggregate_type, rule.event_type, index);
  for (const auto event : {event_parked::type_name, event_unparked::type_name,
                           parked_retried::type_name, parked_skipped::type_name})
    subscribe(parked_reactions::type_name, event, index);
  reactors_.push_back(std::move(handler));
  return *this;
}

registry& registry::host(external system) {
  if (std::ranges::find(externals_, system.name(), &external::name) != externals_.end())
    throw std::logic_error("the external participant '" + system.name() + "' is hosted already");
  externals_.push_back(std::move(system));
  return *this;
}

std::vector<const entity_type*> registry::types() const {
  std::vector<const entity_type*> result;
  for (const auto& each : types_)
    result.push_back(each.get());
  return result;
}

void registry::subscribe(std::string_view type, std::string_view event, std::size_t reactor) {
  const auto found = std::ranges::find(
      types_, type, [](const auto& each) -> std::string_view { return each->name; });
  auto& subscriptions = (*found)->subscriptions;
  const auto known =
      std::ranges::find(subscriptions, event, &entity_type::subscription::event_type);
  if (known == subscriptions.end())
    subscriptions.push_back({event, {reactor}});
  else if (known->reactors.back() != reactor)
    known->reactors.push_back(reactor);
}

const entity_type* registry::find(std::string_view type) const {
  for (const auto& each : types_)
    if (each->name == type)
      return each.get();
  return nullptr;
}

std::string registry::type_names() const {
  std::string result;
  for (const auto& each : types_)
    result += (result.empty() ? "" : ", ") + each->name;
  return result;
}

registry& registry::add(entity_type type) {
  if (find(type.name))
    throw std::logic_error("the aggregate type '" + type.name + "' is hosted already");
  if (type.name == reactor::address_type || type.name == external_participant::type_name)
    throw std::logic_error("no aggregate type may be named '" + type.name +
                           "': reactors and external participants are addressed so");
  for (const auto& saga : type.sagas)
    if (std::ranges::count(type.sagas, saga.name, &saga_definition::name) > 1)
      throw std::logic_error("the aggregate type '" + type.name + "' has two sagas '" + saga.name +
                             "'");
  types_.push_back(std::make_unique<entity_type>(std::move(type)));
  return *this;
}

} // namespace skald
