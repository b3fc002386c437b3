#include "apps/skald/elapsed_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <chrono>

namespace skald {

std::string elapsed_text(duration elapsed) {
  using namespace std::chrono;
  const auto count = elapsed.count();
  if (count < 0)
    return "-" + elapsed_text(-elapsed);
  if (elapsed < seconds{1})
    return fmt::format("{:.2f} ms", static_cast<double>(count) / 1e3);
  if (elapsed < minutes{1})
    return fmt::format("{:.2f} s", static_cast<double>(count) / 1e6);
  const auto whole = duration_cast<seconds>(elapsed).count();
  if (elapsed < hours{1})
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (elapsed < days{1})
    return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86'400, whole / 3600 % 24);
}

} // namespace skald
