#include "apps/skald/mermaid_text.hpp"

#include "apps/skald/printable.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace skald {

namespace {

bool stands_for_itself(char x) {
  constexpr std::string_view harmless = " _-./,'+";
  const bool is_ascii = static_cast<unsigned char>(x) < 0x80;
  const bool is_word = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9');
  return !is_ascii || is_word || harmless.find(x) != std::string_view::npos;
}

} // namespace

std::string mermaid_text(std::string_view text) {
  std::string result;
  for (const char each : printable(text))
    result += stands_for_itself(each) ? std::string{each} : fmt::format("#{};", int{each});
  return result;
}

} // namespace skald
