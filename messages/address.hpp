#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// Names one aggregate or saga wherever it lives: its type (`account`) and its id (`A-1`).
struct address {
  std::string type;
  std::string id;

  bool empty() const { return type.empty(); }

  auto operator<=>(const address&) const = default;
};

/// `account/A-1`.
std::string to_string(const address& x);

/// Reads `type/id`; the id may hold further slashes. Empty if there is no slash or a part is
/// invalid.
std::optional<address> parse_address(std::string_view text);

/// Says what is wrong with `id`, or nothing if it is one: 1 to 200 bytes of UTF-8 without control
/// characters.
std::optional<std::string> id_error(std::string_view id);

struct address_hash {
  std::size_t operator()(const address& x) const;
};

} // namespace skald
