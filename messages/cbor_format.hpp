#pragma once

#include <cstdint>

namespace skald {

/// What the upper three bits of the byte that begins a CBOR value (RFC 8949) say.
enum class cbor_major : std::uint8_t {
  unsigned_integer,
  negative_integer,
  byte_string,
  text,
  array,
  map,
  tag,
  simple, ///< also floating-point numbers
};

/// What the lower five bits say. Values below `one_byte` are the value's argument (an integer, a
/// size) itself.
namespace cbor_info {

inline constexpr std::uint8_t no = 20;
inline constexpr std::uint8_t yes = 21;
inline constexpr std::uint8_t null = 22;
inline constexpr std::uint8_t one_byte = 24;
inline constexpr std::uint8_t two_bytes = 25; ///< with `simple`: a half-precision number
inline constexpr std::uint8_t four_bytes = 26;
inline constexpr std::uint8_t eight_bytes = 27;
inline constexpr std::uint8_t indefinite = 31; ///< with `simple`: the end of an indefinite value

} // namespace cbor_info

/// The byte that begins a value.
constexpr std::uint8_t cbor_initial(cbor_major major, std::uint64_t info) {
  return static_cast<std::uint8_t>(static_cast<std::uint64_t>(major) << 5 | info);
}

} // namespace skald
