#include "apps/skald/printable.hpp"

#include "messages/utf8.hpp"

#include <spdlog/fmt/fmt.h>

namespace skald {

namespace {

// How many bytes of control character stand at the front of valid UTF-8.
std::size_t control_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7f)
    return 1;
  // U+0080 to U+009F, which some terminals take for escape sequences.
  const bool second_set = first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
  return second_set ? 2 : 0;
}

} // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  auto escape = [&](std::size_t count) {
    for (const char each : text.substr(0, count))
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(each));
    text.remove_prefix(count);
  };
  auto valid = valid_utf8_size(text);
  while (!text.empty()) {
    if (valid == 0) {
      escape(1);
      valid = valid_utf8_size(text);
    } else if (const auto count = control_size(text); count > 0) {
      escape(count);
      valid -= count;
    } else {
      result += text[0];
      text.remove_prefix(1);
      --valid;
    }
  }
  return result;
}

} // namespace skald
