#include "apps/skald/flow/flow.hpp"

namespace skald {

std::vector<const flow_link*> saga_flow::never_seen() const {
  std::vector<const flow_link*> result;
  for (const auto& each : links)
    if (each.is_never_seen())
      result.push_back(&each);
  return result;
}

std::vector<const flow_link*> saga_flow::undeclared() const {
  std::vector<const flow_link*> result;
  for (const auto& each : links)
    if (!each.declared && each.what != flow_link::meaning::result &&
        each.what != flow_link::meaning::failure)
      result.push_back(&each);
  return result;
}

std::string to_string(const flow_node& x) {
  return x.type + ": " + x.name;
}

std::string to_string(const flow_link& x) {
  return to_string(x.from) + " -> " + to_string(x.to) + (x.via.empty() ? "" : " (" + x.via + ")");
}

} // namespace skald
