#include "messages/cbor_writer.hpp"

#include "cbor_bytes.hpp"
#include "sample_types.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <limits>

using namespace skald;
using namespace skald::sample;

namespace {

struct wide {
  std::array<std::optional<std::int32_t>, 30> fields;
};

template <class Inspector, std::size_t... Is>
bool inspect_wide(Inspector& f, wide& x, std::index_sequence<Is...>) {
  static constexpr std::array<const char*, 30> names = {
      "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4",
      "b5", "b6", "b7", "b8", "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"};
  return f.object(x).fields(f.field(names[Is], x.fields[Is])...);
}

template <class Inspector>
bool inspect(Inspector& f, wide& x) {
  return inspect_wide(f, x, std::make_index_sequence<30>{});
}

struct unwilling {};

template <class Inspector>
bool inspect(Inspector& f, unwilling& x) {
  return f.object(x).on_save([] { return false; }).fields();
}

} // namespace

TEST_CASE("an object is written as a map from field names to values in their order") {
  const auto expected = raw({0xA4}) + text("from") + text("A-1") + text("to") + text("A-2") +
                        text("amount") + raw({0x18, 100}) + text("state") + text("completed");
  CHECK(encode(transfer{"A-1", "A-2", {100}, status::completed}) == expected);
}

TEST_CASE("an object without fields is written as an empty map") {
  CHECK(encode(nothing{}) == raw({0xA0}));
}

TEST_CASE("a value is appended to what the buffer holds") {
  auto out = raw({1, 2, 3});
  encode(minor_units{4}, out);
  CHECK(out == raw({1, 2, 3, 4}));
}

TEST_CASE("an integer is written in its shortest form") {
  CHECK(encode(0) == raw({0x00}));
  CHECK(encode(23) == raw({0x17}));
  CHECK(encode(24) == raw({0x18, 24}));
  CHECK(encode(255) == raw({0x18, 0xFF}));
  CHECK(encode(256) == raw({0x19, 0x01, 0x00}));
  CHECK(encode(65535) == raw({0x19, 0xFF, 0xFF}));
  CHECK(encode(65536) == raw({0x1A, 0x00, 0x01, 0x00, 0x00}));
  CHECK(encode(std::uint64_t{4294967295}) == raw({0x1A, 0xFF, 0xFF, 0xFF, 0xFF}));
  CHECK(encode(std::int64_t{4294967296}) == raw({0x1B, 0, 0, 0, 1, 0, 0, 0, 0}));
  CHECK(encode(std::numeric_limits<std::uint64_t>::max()) ==
        raw({0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
  CHECK(encode(std::numeric_limits<std::int64_t>::max()) ==
        raw({0x1B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
  CHECK(encode(-1) == raw({0x20}));
  CHECK(encode(-24) == raw({0x37}));
  CHECK(encode(-25) == raw({0x38, 24}));
  CHECK(encode(std::int8_t{-128}) == raw({0x38, 127}));
  CHECK(encode(std::numeric_limits<std::int64_t>::min()) ==
        raw({0x3B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
}

TEST_CASE("other scalars are written as CBOR has them") {
  CHECK(encode(true) == raw({0xF5}));
  CHECK(encode(false) == raw({0xF4}));
  CHECK(encode(1.5f) == raw({0xFA, 0x3F, 0xC0, 0x00, 0x00}));
  CHECK(encode(1.1) == raw({0xFB, 0x3F, 0xF1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A}));
  CHECK(encode(std::string{"ü"}) == raw({0x62, 0xC3, 0xBC}));
  CHECK(encode(std::string_view{"view"}) == text("view"));
  CHECK(encode(raw({1, 2})) == raw({0x42, 1, 2}));
  CHECK(encode(byte_span{}) == raw({0x40}));
  CHECK(encode(timestamp{}) == raw({0x78, 27}) + [] {
    const auto bytes = as_bytes("1970-01-01T00:00:00.000000Z");
    return byte_buffer{bytes.begin(), bytes.end()};
  }());
  CHECK(encode(std::chrono::seconds{-5}) == raw({0x24}));
}

TEST_CASE("lists and tuples are written as arrays, maps by their keys") {
  CHECK(encode(std::vector<std::int32_t>{1, 2}) == raw({0x82, 1, 2}));
  CHECK(encode(std::vector<bool>{true, false}) == raw({0x82, 0xF5, 0xF4}));
  CHECK(encode(std::pair<std::int32_t, bool>{1, true}) == raw({0x82, 1, 0xF5}));
  CHECK(encode(std::map<std::string, std::int32_t>{{"a", 1}}) ==
        raw({0xA1}) + text("a") + raw({1}));
  CHECK(encode(std::map<std::int32_t, std::int32_t>{{5, 6}}) == raw({0x81, 0x82, 5, 6}));
}

TEST_CASE("an empty optional field leaves no entry, however many there are") {
  for (std::size_t present = 0; present <= 30; ++present) {
    wide x;
    auto expected = present < 24 ? raw({static_cast<int>(0xA0 + present)})
                                 : raw({0xB8, static_cast<int>(present)});
    for (std::size_t i = 0; i < present; ++i) {
      x.fields[i] = 1;
      const std::string name = {"abc"[i / 10], static_cast<char>('0' + i % 10)};
      expected = expected + text(name) + raw({1});
    }
    // What stands before the object must not move.
    auto out = raw({9, 9});
    encode(x, out);
    CHECK(out == raw({9, 9}) + expected);
  }
}

TEST_CASE("an empty optional field leaves no entry in an object that outgrows the writer's chunk") {
  everything x = full();
  x.text = std::string(1000, 'x');
  x.limit.reset();
  x.lines[0].from = std::string(300, 'y');
  everything read;
  CHECK(decode(encode(x), read) == std::nullopt);
  CHECK(read == x);
}

TEST_CASE("a text longer than the writer's chunk is written whole and in its place") {
  for (std::size_t size : {254u, 255u, 256u, 257u, 600u, 70000u}) {
    const transfer x{std::string(size, 'x'), std::string(size + 1, 'y'), {1}, status::pending};
    transfer read;
    CHECK(decode(encode(x), read) == std::nullopt);
    CHECK(read == x);
  }
}

TEST_CASE("a value that refuses to be saved is reported to the caller") {
  byte_buffer out;
  CHECK_THROWS_AS(encode(unwilling{}, out), std::invalid_argument);
}
