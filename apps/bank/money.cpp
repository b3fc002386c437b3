#include "apps/bank/money.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace skald {

namespace {

constexpr std::size_t decimals = 2;

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<minor_units> checked_add(minor_units a, minor_units b) {
  minor_units result;
  if (__builtin_add_overflow(a.count, b.count, &result.count))
    return std::nullopt;
  return result;
}

std::optional<minor_units> checked_subtract(minor_units a, minor_units b) {
  minor_units result;
  if (__builtin_sub_overflow(a.count, b.count, &result.count))
    return std::nullopt;
  return result;
}

std::optional<minor_units> parse_money(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  const auto unsigned_text = text.substr(is_negative ? 1 : 0);
  const auto point = unsigned_text.find('.');
  const bool has_fraction = point != std::string_view::npos;
  const auto whole = unsigned_text.substr(0, point);
  const auto fraction = has_fraction ? unsigned_text.substr(point + 1) : std::string_view{};
  if (whole.empty() || !are_digits(whole) || !are_digits(fraction) ||
      (has_fraction && fraction.empty()) || fraction.size() > decimals)
    return std::nullopt;
  auto digits = std::string{is_negative ? "-" : ""}.append(whole).append(fraction);
  digits.append(decimals - fraction.size(), '0');
  minor_units result;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), result.count);
  if (parsed.ec != std::errc{})
    return std::nullopt;
  return result;
}

std::string to_string(minor_units x) {
  const bool is_negative = x.count < 0;
  // The magnitude of the smallest number fits an unsigned one only.
  const auto bits = static_cast<std::uint64_t>(x.count);
  auto result = std::to_string(is_negative ? 0 - bits : bits);
  if (result.size() <= decimals)
    result.insert(0, decimals + 1 - result.size(), '0');
  result.insert(result.size() - decimals, ".");
  return is_negative ? "-" + result : result;
}

} // namespace skald
