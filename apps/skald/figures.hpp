#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace skald {

/// `1,234,567`.
std::string grouped(std::uint64_t count);

/// `12.35`: `value` with the given number of decimals.
std::string with_decimals(double value, int decimals);

/// `value` without the digits behind that decimal, for JSON.
double rounded(double value, int decimals);

/// Lines of a label and a figure, the figures flush right.
std::string table_of(std::span<const std::pair<std::string, std::string>> rows);

} // namespace skald
