#include "messages/crc32c.hpp"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace skald {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78; // reflected

using crc_table = std::array<std::uint32_t, 256>;

// tables[n][b] is the remainder of byte b with n zero bytes behind it, so that eight bytes can be
// looked up side by side.
constexpr std::array<crc_table, 8> make_tables() {
  std::array<crc_table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit)
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? polynomial : 0);
    tables[0][byte] = remainder;
  }
  for (std::size_t zeros = 1; zeros < tables.size(); ++zeros)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const auto before = tables[zeros - 1][byte];
      tables[zeros][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  return tables;
}

constexpr auto tables = make_tables();

constexpr std::size_t step = sizeof(std::uint64_t);

std::uint64_t load_word(const std::byte* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(byte_span bytes,
                                                                      std::uint32_t seed) {
  const auto* at = bytes.data();
  auto left = bytes.size();
  std::uint64_t remainder = ~seed;
  for (; left >= step; at += step, left -= step)
    remainder = _mm_crc32_u64(remainder, load_word(at));
  auto result = static_cast<std::uint32_t>(remainder);
  for (; left > 0; ++at, --left)
    result = _mm_crc32_u8(result, std::to_integer<unsigned char>(*at));
  return ~result;
}
#endif

} // namespace

std::uint32_t crc32c_by_tables(byte_span bytes, std::uint32_t seed) {
  const auto* at = bytes.data();
  auto left = bytes.size();
  std::uint32_t remainder = ~seed;
  if constexpr (std::endian::native == std::endian::little) {
    for (; left >= step; at += step, left -= step) {
      const auto word = load_word(at) ^ remainder;
      remainder = 0;
      for (std::size_t i = 0; i < step; ++i)
        remainder ^= tables[step - 1 - i][word >> (8 * i) & 0xFF];
    }
  }
  for (; left > 0; ++at, --left)
    remainder =
        (remainder >> 8) ^ tables[0][(remainder ^ std::to_integer<std::uint32_t>(*at)) & 0xFF];
  return ~remainder;
}

std::uint32_t crc32c(byte_span bytes, std::uint32_t seed) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2"))
    return crc32c_by_instruction(bytes, seed);
#endif
  return crc32c_by_tables(bytes, seed);
}

} // namespace skald
