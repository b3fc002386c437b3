#include "apps/skald/figures.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

namespace skald {

std::string grouped(std::uint64_t count) {
  auto digits = std::to_string(count);
  for (auto at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string with_decimals(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

double rounded(double value, int decimals) {
  const auto scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

std::string table_of(std::span<const std::pair<std::string, std::string>> rows) {
  std::size_t label_width = 0;
  std::size_t figure_width = 0;
  for (const auto& [label, figure] : rows) {
    label_width = std::max(label_width, label.size());
    figure_width = std::max(figure_width, figure.size());
  }
  std::string result;
  for (const auto& [label, figure] : rows)
    result += fmt::format("{:<{}}  {:>{}}\n", label, label_width, figure, figure_width);
  return result;
}

} // namespace skald
