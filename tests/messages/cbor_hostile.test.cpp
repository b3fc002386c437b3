#include "cbor_bytes.hpp"
#include "messages/codec.hpp"
#include "sample_types.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <random>

using namespace skald;
using namespace skald::sample;

namespace {

// Reads `bytes` from memory of exactly their size, so that a sanitizer sees a read beyond them.
template <class T>
std::optional<std::string> decode_exactly(byte_span bytes, T& out) {
  const auto copy = std::make_unique<std::byte[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return decode(byte_span{copy.get(), bytes.size()}, out);
}

// The bytes of a map or array that nests `depth` deep.
byte_buffer nested_trees(std::size_t depth) {
  byte_buffer bytes;
  for (std::size_t i = 0; i < depth; ++i)
    bytes = std::move(bytes) + raw({0xA1}) + text("branches") + raw({0x81});
  return bytes;
}

byte_buffer random_bytes(std::mt19937& random, std::size_t size_max) {
  byte_buffer result(random() % (size_max + 1));
  for (auto& x : result)
    x = static_cast<std::byte>(random() & 0xFF);
  return result;
}

std::string random_text(std::mt19937& random) {
  static constexpr std::string_view characters[] = {"a", "Z", "0", " ", "ä", "世", "🌍", "\n"};
  std::string result;
  for (auto left = random() % 40; left > 0; --left)
    result += characters[random() % std::size(characters)];
  return result;
}

std::int64_t random_integer(std::mt19937_64& random) {
  return static_cast<std::int64_t>(random() >> (random() % 64)) * (random() % 2 == 0 ? 1 : -1);
}

everything random_everything(std::mt19937& random, std::mt19937_64& wide) {
  everything x;
  const auto line = [&] {
    return transfer{random_text(random),
                    random_text(random),
                    {random_integer(wide)},
                    random() % 2 == 0 ? status::pending : status::completed};
  };
  x.figures.i8 = static_cast<std::int8_t>(random());
  x.figures.i64 = random_integer(wide);
  x.figures.u16 = static_cast<std::uint16_t>(random());
  x.figures.u64 = wide() >> (random() % 64);
  x.figures.f64 = static_cast<double>(random_integer(wide)) / 7;
  x.money = line();
  x.text = random_text(random);
  x.bytes = random_bytes(random, 300);
  x.time = timestamp{duration{random_integer(wide)}};
  x.delay = duration{random_integer(wide)};
  if (random() % 2 == 0)
    x.limit = static_cast<std::uint32_t>(random());
  if (random() % 2 == 0)
    x.previous = line();
  for (auto left = random() % 40; left > 0; --left)
    x.lines.push_back(line());
  for (auto left = random() % 5; left > 0; --left) {
    x.tags.insert(random_text(random));
    x.pending.emplace(random_text(random), minor_units{random_integer(wide)});
    x.names.emplace(static_cast<std::int32_t>(random()), random_text(random));
  }
  x.priority = static_cast<std::int32_t>(random() % 10);
  return x;
}

} // namespace

TEST_CASE("random values come back as they were written") {
  std::mt19937 random{1};
  std::mt19937_64 wide{2};
  for (int round = 0; round < 2000; ++round) {
    const auto x = random_everything(random, wide);
    everything read;
    const auto bytes = encode(x);
    REQUIRE(decode_exactly(bytes, read) == std::nullopt);
    REQUIRE(read == x);
    // And so they do when JSON has sorted their fields (bytes alone have no JSON form to come back
    // from).
    const auto sorted = cbor_of_json(json_of_cbor(bytes));
    everything read_sorted;
    REQUIRE(decode_exactly(sorted, read_sorted) == std::nullopt);
    REQUIRE(read_sorted == x);
  }
}

TEST_CASE("a value that is cut off at any byte is an error") {
  const auto bytes = encode(full());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    everything x;
    REQUIRE(decode_exactly(byte_span{bytes}.first(size), x) ==
            "the value ends too early at byte " + std::to_string(size));
    REQUIRE_THROWS_AS(json_of_cbor(byte_span{bytes}.first(size)), std::invalid_argument);
  }
}

TEST_CASE("a size that the bytes do not hold is an error and allocates nothing for it") {
  const auto huge = [](int head) {
    return raw({head, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
  };
  const auto expected = std::optional<std::string>{"the value ends too early at byte 9"};
  std::string string;
  byte_buffer buffer;
  std::vector<std::int64_t> list;
  std::map<std::string, bool> map;
  transfer object;
  CHECK(decode_exactly(huge(0x7B), string) == expected);
  CHECK(decode_exactly(huge(0x5B), buffer) == expected);
  CHECK(decode_exactly(huge(0x9B), list) == expected);
  CHECK(decode_exactly(huge(0xBB), map) == expected);
  CHECK(decode_exactly(huge(0xBB), object) == expected);
  CHECK(string.capacity() < 100);
  CHECK(buffer.capacity() == 0);
  CHECK(list.capacity() == 0);
  for (const int head : {0x7B, 0x5B, 0x9B, 0xBB})
    CHECK_THROWS_AS(json_of_cbor(huge(head)), std::invalid_argument);
}

TEST_CASE("an array or map that never ends is an error") {
  std::vector<std::int64_t> list;
  transfer object;
  CHECK(decode_exactly(raw({0x9F, 1}), list) == "the value ends too early at byte 2");
  CHECK(decode_exactly(raw({0xBF}), object) == "the value ends too early at byte 1");
  CHECK(decode_exactly(raw({0xBF}) + text("from"), object) == "the value ends too early at byte 6");
}

TEST_CASE("an end mark where none is due is an error") {
  std::vector<std::int64_t> list;
  transfer object;
  CHECK(decode_exactly(raw({0x82, 1, 0xFF}), list).has_value());
  CHECK(decode_exactly(raw({0xA1, 0xFF}), object).has_value());
  CHECK(decode_exactly(raw({0xBF}) + text("from") + raw({0xFF}), object).has_value());
  CHECK(decode_exactly(raw({0xFF}), object).has_value());
}

TEST_CASE("a type that nests without end is read up to the limit") {
  // Each tree is a map and an array; the innermost list is empty.
  tree x;
  auto deep = nested_trees(31) + raw({0xA1}) + text("branches") + raw({0x80});
  CHECK(decode_exactly(deep, x) == std::nullopt);
  deep = nested_trees(32) + raw({0xA1}) + text("branches") + raw({0x80});
  const auto error = decode_exactly(deep, x);
  REQUIRE(error);
  CHECK(error->ends_with("nested more than 64 deep"));
}

TEST_CASE("a depth of a million is refused, not descended to") {
  constexpr std::size_t million = 1'000'000;
  const byte_buffer arrays(million, std::byte{0x81});
  const byte_buffer indefinite(million, std::byte{0x9F});
  const byte_buffer tags(million, std::byte{0xC1});
  byte_buffer maps;
  for (std::size_t i = 0; i < million; ++i)
    for (const auto x : {0xA1, 0x61, 0x61})
      maps.push_back(static_cast<std::byte>(x));
  for (const auto& bytes : {arrays, indefinite, tags, maps}) {
    tree x;
    CHECK(decode_exactly(bytes, x).has_value());
    std::vector<std::vector<std::vector<bool>>> lists;
    CHECK(decode_exactly(bytes, lists).has_value());
    CHECK_THROWS_AS(json_of_cbor(bytes), std::invalid_argument);
  }
}

TEST_CASE("random bytes and damaged values are read without harm") {
  std::mt19937 random{3};
  const auto valid = encode(full());
  for (int round = 0; round < 50'000; ++round) {
    auto bytes = round % 2 == 0 ? random_bytes(random, 40) : valid;
    if (round % 2 != 0)
      for (auto left = 1 + random() % 4; left > 0; --left)
        bytes[random() % bytes.size()] = static_cast<std::byte>(random() & 0xFF);
    everything x;
    const auto error = decode_exactly(bytes, x);
    if (error) {
      REQUIRE(!error->empty());
    } else {
      everything again;
      REQUIRE(decode(encode(x), again) == std::nullopt);
    }
    try {
      const auto json = json_of_cbor(bytes);
      REQUIRE(!json.dump().empty());
    } catch (const std::invalid_argument& e) {
      REQUIRE(!std::string_view{e.what()}.empty());
    }
  }
}
