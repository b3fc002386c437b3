#pragma once

#include "messages/bytes.hpp"
#include "messages/codec.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// What a person may tell a saga, as a command to the aggregate that hosts it. Recorded with the
/// name of who sent it and the reason.
namespace saga_instructions {
inline constexpr std::string_view cancel = "CancelSaga";       ///< fails: compensates
inline constexpr std::string_view terminate = "TerminateSaga"; ///< ends without compensation
inline constexpr std::string_view retry = "RetrySaga"; ///< tries at once what waits or is parked
inline constexpr std::string_view skip = "SkipStep";   ///< goes on without this compensation
inline constexpr std::string_view resolve = "ResolveSaga"; ///< parked, and put right by hand
inline constexpr std::array all{cancel, terminate, retry, skip, resolve};
} // namespace saga_instructions

constexpr bool is_saga_instruction(std::string_view type) {
  for (const auto each : saga_instructions::all)
    if (type == each)
      return true;
  return false;
}

/// The data of such a command.
struct saga_instruction {
  std::string reason;              ///< must not be empty
  std::optional<std::string> step; ///< of `SkipStep`
};

template <class Inspector>
bool inspect(Inspector& f, saga_instruction& x) {
  return f.object(x).fields(f.field("reason", x.reason), f.field("step", x.step));
}

} // namespace skald
