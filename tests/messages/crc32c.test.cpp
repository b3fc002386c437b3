#include "messages/crc32c.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace skald;

namespace {

// Both ways to compute it have to agree.
std::uint32_t checksum(byte_span bytes, std::uint32_t seed = 0) {
  const auto result = crc32c(bytes, seed);
  CHECK(crc32c_by_tables(bytes, seed) == result);
  return result;
}

} // namespace

TEST_CASE("CRC-32C gives the values that its specifications list") {
  CHECK(checksum({}) == 0);
  CHECK(checksum(as_bytes("123456789")) == 0xE3069283);
  // RFC 3720, B.4.
  CHECK(checksum(byte_buffer(32, std::byte{0x00})) == 0x8A9136AA);
  CHECK(checksum(byte_buffer(32, std::byte{0xFF})) == 0x62A8AB43);
  byte_buffer rising;
  byte_buffer falling;
  for (unsigned i = 0; i < 32; ++i) {
    rising.push_back(static_cast<std::byte>(i));
    falling.push_back(static_cast<std::byte>(31 - i));
  }
  CHECK(checksum(rising) == 0x46DD794E);
  CHECK(checksum(falling) == 0x113FDB5C);
}

TEST_CASE("the instruction and the tables agree on every size and alignment") {
  std::mt19937 random{20260301};
  byte_buffer bytes(300);
  for (auto& x : bytes)
    x = static_cast<std::byte>(random() & 0xFF);
  for (std::size_t offset = 0; offset < 8; ++offset)
    for (std::size_t size = 0; size <= 280; ++size) {
      const auto part = byte_span{bytes}.subspan(offset, size);
      const auto seed = static_cast<std::uint32_t>(random());
      REQUIRE(crc32c(part, seed) == crc32c_by_tables(part, seed));
    }
}

TEST_CASE("a checksum goes on where an earlier one ended") {
  const auto all = as_bytes("a journal record in three pieces");
  const auto whole = checksum(all);
  for (std::size_t first = 0; first <= all.size(); ++first)
    CHECK(checksum(all.subspan(first), checksum(all.first(first))) == whole);
}

TEST_CASE("a single flipped bit changes the checksum") {
  byte_buffer bytes(40, std::byte{0x5A});
  const auto before = checksum(bytes);
  for (auto& x : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      x ^= std::byte{1} << bit;
      CHECK(checksum(bytes) != before);
      x ^= std::byte{1} << bit;
    }
}
