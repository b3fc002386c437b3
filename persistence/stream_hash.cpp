#include "persistence/stream_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace skald {

stream_hash hash_of(const address_view& stream) {
  const auto seed = XXH3_64bits(stream.type.data(), stream.type.size());
  const auto hash = XXH3_128bits_withSeed(stream.id.data(), stream.id.size(), seed);
  return {hash.high64, hash.low64};
}

} // namespace skald
