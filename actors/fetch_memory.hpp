#pragma once

#include <cstddef>

namespace skald {

/// Has `size` bytes from `start` on brought into the cache, without waiting for them.
inline void fetch_memory(const void* start, std::size_t size) {
  constexpr std::size_t line = 64;
  for (std::size_t offset = 0; offset < size; offset += line)
    __builtin_prefetch(static_cast<const char*>(start) + offset, 1);
}

} // namespace skald
