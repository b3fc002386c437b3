#pragma once

#include "persistence/record.hpp"

#include <cstddef>
#include <cstdint>

namespace skald {

/// 128 bits of XXH3 over a stream's address. Taken for the address itself where there are very many
/// streams: two that share it will not be met.
struct stream_hash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool operator==(const stream_hash&) const = default;
};

stream_hash hash_of(const address_view& stream);

/// For hash tables of the standard library.
struct stream_hash_hash {
  std::size_t operator()(stream_hash x) const { return x.low; }
};

} // namespace skald
