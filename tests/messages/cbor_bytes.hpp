#pragma once

#include "messages/bytes.hpp"

#include <initializer_list>
#include <string_view>

// Writes CBOR by hand, also such that `cbor_writer` never writes.
namespace skald {

inline byte_buffer raw(std::initializer_list<int> bytes) {
  byte_buffer result;
  for (const auto x : bytes)
    result.push_back(static_cast<std::byte>(x));
  return result;
}

inline byte_buffer operator+(byte_buffer x, const byte_buffer& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

/// Text of less than 24 bytes.
inline byte_buffer text(std::string_view x) {
  const auto bytes = as_bytes(x);
  return raw({0x60 + static_cast<int>(x.size())}) + byte_buffer{bytes.begin(), bytes.end()};
}

} // namespace skald
