#pragma once

#include "apps/bank/named_enum.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skald {

/// Who leads a transfer from step to step.
enum class transfer_style : std::uint8_t {
  orchestrated,  ///< one saga, which knows all the steps
  choreographed, ///< nobody: handlers react to events
};

inline constexpr std::array<std::string_view, 2> transfer_style_names{"orchestrated",
                                                                      "choreographed"};

inline std::string_view to_string(transfer_style x) {
  return transfer_style_names[static_cast<std::size_t>(x)];
}

template <class Inspector>
bool inspect(Inspector& f, transfer_style& x) {
  return inspect_by_name(f, x, transfer_style_names);
}

/// An event of a transfer that has an orchestrator is none of the handlers' business; to be changed
/// before a reactor is to hear of one.
template <class Event>
requires requires(const Event& x) {
  { x.style } -> std::same_as<const transfer_style&>;
}
bool concerns_reactors(const Event& event) {
  return event.style == transfer_style::choreographed;
}

} // namespace skald
