#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace skald {

/// Inspects an enum whose values count from 0 by its `names`, which stand in the order of the
/// values.
template <class Inspector, class Enum, std::size_t N>
bool inspect_by_name(Inspector& f, Enum& x, const std::array<std::string_view, N>& names) {
  auto get = [&] { return std::string{names[static_cast<std::size_t>(x)]}; };
  auto set = [&](const std::string& name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
      return false;
    x = static_cast<Enum>(found - names.begin());
    return true;
  };
  return f.apply(get, set);
}

} // namespace skald
