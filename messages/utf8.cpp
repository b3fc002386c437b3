#include "messages/utf8.hpp"

namespace skald {

namespace {

bool within(unsigned char x, unsigned char low, unsigned char high) {
  return low <= x && x <= high;
}

// Size of the character that `text` begins with, as table 3-7 of the Unicode standard defines it; 0
// if it begins with none. The second byte's range depends on the first: that is what excludes
// overlong forms, surrogates and what lies beyond U+10FFFF.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i) { return within(byte(i), 0x80, 0xBF); };
  const auto first = byte(0);
  if (first < 0x80)
    return 1;
  if (within(first, 0xC2, 0xDF))
    return text.size() >= 2 && follows(1) ? 2 : 0;
  if (within(first, 0xE0, 0xEF)) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : 0xBF;
    return text.size() >= 3 && within(byte(1), low, high) && follows(2) ? 3 : 0;
  }
  if (within(first, 0xF0, 0xF4)) {
    const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;
    return text.size() >= 4 && within(byte(1), low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

} // namespace

std::size_t valid_utf8_size(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto size = character_size(text.substr(at));
    if (size == 0)
      break;
    at += size;
  }
  return at;
}

} // namespace skald
