#pragma once

#include "apps/bank/named_enum.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skald {

/// Who leads an order from step to step.
enum class order_style : std::uint8_t {
  orchestrated,  ///< one saga, which knows all the steps
  choreographed, ///< nobody: stock, payment and shipment begin at once, handlers react to events
  managed,       ///< a process manager, which chooses the next steps from the results so far
  slip,          ///< nobody: a routing slip goes from stock to payment to shipment
};

inline constexpr std::array<std::string_view, 4> order_style_names{"orchestrated", "choreographed",
                                                                   "managed", "slip"};

inline std::string_view to_string(order_style x) {
  return order_style_names[static_cast<std::size_t>(x)];
}

template <class Inspector>
bool inspect(Inspector& f, order_style& x) {
  return inspect_by_name(f, x, order_style_names);
}

} // namespace skald
