#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// An amount of money: a count of the currency's smallest unit.
struct minor_units {
  std::int64_t count = 0;

  auto operator<=>(const minor_units&) const = default;
};

/// The sum, or nothing if it does not fit.
std::optional<minor_units> checked_add(minor_units a, minor_units b);

/// The difference, or nothing if it does not fit.
std::optional<minor_units> checked_subtract(minor_units a, minor_units b);

/// Reads `2452`, `2452.5`, `2452.00` or `-0.05`, exactly. Empty if `text` is anything else, has
/// more than two decimals or does not fit.
std::optional<minor_units> parse_money(std::string_view text);

/// `2452.00`.
std::string to_string(minor_units x);

template <class Inspector>
bool inspect(Inspector& f, minor_units& x) {
  return f.apply(x.count);
}

} // namespace skald
