#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace skald {

using byte_buffer = std::vector<std::byte>;
using byte_span = std::span<const std::byte>;

/// The bytes of `text`, without a copy.
inline byte_span as_bytes(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// `bytes` seen as text, without a copy.
inline std::string_view as_text(byte_span bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace skald
