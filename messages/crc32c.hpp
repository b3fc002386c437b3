#pragma once

#include "messages/bytes.hpp"

#include <cstdint>

namespace skald {

/// CRC-32C (Castagnoli) of `bytes`, by the processor's instruction where it has one. To go on where
/// an earlier call ended, give its result as `seed`.
std::uint32_t crc32c(byte_span bytes, std::uint32_t seed = 0);

/// The same, by tables: for processors without the instruction.
std::uint32_t crc32c_by_tables(byte_span bytes, std::uint32_t seed = 0);

} // namespace skald
