#include "apps/gateway/chance.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace skald {

double chance(std::uint64_t seed, std::string_view what, std::uint64_t draw) {
  const auto first = XXH3_64bits_withSeed(what.data(), what.size(), seed);
  const auto bits = XXH3_64bits_withSeed(&draw, sizeof draw, first);
  constexpr auto mantissa_bits = 53;
  return static_cast<double>(bits >> (64 - mantissa_bits)) /
         static_cast<double>(std::uint64_t{1} << mantissa_bits);
}

} // namespace skald
