#pragma once

#include "actors/decision.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace skald {

// The least that an aggregate can do, so that what shows is the runtime's own.

struct add_to_tally {
  static constexpr std::string_view type_name = "Add";
  std::int64_t amount = 0;
};

struct added_to_tally {
  static constexpr std::string_view type_name = "Added";
  std::int64_t amount = 0;
};

struct tally {
  static constexpr std::string_view type_name = "tally";
  using command = std::variant<add_to_tally>;
  using event = std::variant<added_to_tally>;
  std::int64_t sum = 0;
};

template <class Inspector>
bool inspect(Inspector& f, add_to_tally& x) {
  return f.object(x).fields(f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, added_to_tally& x) {
  return f.object(x).fields(f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, tally& x) {
  return f.object(x).fields(f.field("sum", x.sum));
}

inline decision<tally> decide(const tally&, const add_to_tally& command) {
  return added_to_tally{command.amount};
}

inline void evolve(tally& state, const added_to_tally& event) {
  state.sum += event.amount;
}

inline std::string_view status_of(const tally&) {
  return "open";
}

} // namespace skald
