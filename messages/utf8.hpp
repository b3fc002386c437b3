#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace skald {

/// Offset of the first byte of `text` that does not belong to valid UTF-8 (RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF). The size of `text` if all of it is valid.
std::size_t valid_utf8_size(std::string_view text);

/// Whether all of `text` is valid UTF-8.
inline bool is_utf8(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t word = 0;
  for (; left >= sizeof(word); at += sizeof(word), left -= sizeof(word)) {
    std::memcpy(&word, at, sizeof(word));
    if ((word & high_bits) != 0)
      return valid_utf8_size(text) == text.size();
  }
  unsigned char rest = 0;
  for (; left > 0; ++at, --left)
    rest |= static_cast<unsigned char>(*at);
  return rest < 0x80 || valid_utf8_size(text) == text.size();
}

} // namespace skald
