#pragma once

#include "messages/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace skald {

/// What becomes of a command whose aggregate is held by a saga that the command does not belong to.
/// A command declares it: `static constexpr auto while_held = conflict_policy::reject();`
struct conflict_policy {
  enum class kind : std::uint8_t { allow, reject, queue };

  kind what = kind::allow;
  std::size_t bound = 0;            ///< commands that may wait at one aggregate
  duration wait = duration::zero(); ///< how long one may wait

  /// The command is decided as if nothing held the aggregate. The default.
  static constexpr conflict_policy allow() { return {}; }

  /// The command is refused for now, with the name of the holder.
  static constexpr conflict_policy reject() { return {kind::reject, 0, duration::zero()}; }

  /// The command waits until nobody holds the aggregate. It is refused for now, with the name of
  /// the holder, if `bound` commands wait already, or when it has waited for as long as `wait`.
  static constexpr conflict_policy queue(std::size_t bound = 16,
                                         duration wait = std::chrono::seconds{5}) {
    return {kind::queue, bound, wait};
  }
};

/// What a command declares of itself.
struct command_traits {
  conflict_policy while_held;
  bool is_for_deleted_too = false; ///< a deleted aggregate decides it
};

template <class C>
constexpr command_traits traits_of_command() {
  command_traits result;
  if constexpr (requires { C::while_held; })
    result.while_held = C::while_held;
  if constexpr (requires { C::is_for_deleted_too; })
    result.is_for_deleted_too = C::is_for_deleted_too;
  return result;
}

} // namespace skald
