#include "messages/cbor_reader.hpp"

#include "cbor_bytes.hpp"
#include "sample_types.hpp"

#include <catch2/catch_test_macros.hpp>

#include <bit>
#include <cmath>
#include <limits>

using namespace skald;
using namespace skald::sample;

namespace {

struct account_limit {
  std::uint8_t count = 0;
  std::int64_t amount = 0;
  std::optional<std::string> note;
};

template <class Inspector>
bool inspect(Inspector& f, account_limit& x) {
  return f.object(x).fields(f.field("count", x.count), f.field("amount", x.amount),
                            f.field("note", x.note));
}

struct with_rules {
  std::int32_t amount = 0;
  std::int32_t even = 0;
  std::int32_t set = 0;
};

template <class Inspector>
bool inspect(Inspector& f, with_rules& x) {
  const auto get = [&x] { return x.set; };
  const auto set = [&x](std::int32_t value) {
    x.set = value;
    return value < 10;
  };
  const auto check = [&x]() -> caf::error {
    return x.amount < x.even ? caf::error{} : caf::error{caf::sec::invalid_argument};
  };
  return f.object(x).on_load(check).fields(
      f.field("amount", x.amount),
      f.field("even", x.even).invariant([](std::int32_t even) { return even % 2 == 0; }),
      f.field("set", get, set));
}

struct outer {
  std::vector<transfer> lines;
  std::map<std::string, account_limit> limits;
};

template <class Inspector>
bool inspect(Inspector& f, outer& x) {
  return f.object(x).fields(f.field("lines", x.lines), f.field("limits", x.limits));
}

struct long_names {
  std::int32_t first = 0;
  std::int32_t second = 0;
};

template <class Inspector>
bool inspect(Inspector& f, long_names& x) {
  return f.object(x).fields(f.field("a_name_that_has_more_than_23_bytes", x.first),
                            f.field("another_name_that_has_more_than_23_bytes", x.second));
}

template <class T>
std::string error_of(const byte_buffer& bytes) {
  T x{};
  return decode(bytes, x).value_or("no error");
}

// An `account_limit` with one more entry.
byte_buffer limit_and(const byte_buffer& entry) {
  return raw({0xA3}) + text("count") + raw({1}) + text("amount") + raw({2}) + entry;
}

} // namespace

TEST_CASE("every type comes back as it was written") {
  const auto x = full();
  everything read;
  CHECK(decode(encode(x), read) == std::nullopt);
  CHECK(read == x);
  CHECK(decode(encode(everything{}), read) == std::nullopt);
  CHECK(read == everything{});
}

TEST_CASE("the outermost integers come back as they were written") {
  const auto round_trip = [](auto x) {
    decltype(x) read{};
    CHECK(decode(encode(x), read) == std::nullopt);
    CHECK(read == x);
  };
  for (const auto x : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                       std::numeric_limits<std::int64_t>::max()})
    round_trip(x);
  round_trip(std::numeric_limits<std::uint64_t>::max());
  round_trip(std::numeric_limits<std::int8_t>::min());
  round_trip(std::numeric_limits<std::int8_t>::max());
  round_trip(std::numeric_limits<std::uint8_t>::max());
}

TEST_CASE("floating-point numbers come back bit by bit") {
  for (const double x :
       {0.0, -0.0, 0.1, 1e308, 5e-324, std::numeric_limits<double>::infinity(), std::nan("")}) {
    double read = 1;
    CHECK(decode(encode(x), read) == std::nullopt);
    CHECK(std::bit_cast<std::uint64_t>(read) == std::bit_cast<std::uint64_t>(x));
  }
}

TEST_CASE("a number field takes an integer and every width of floating-point number") {
  const auto read = [](const byte_buffer& bytes) {
    double x = 0;
    CHECK(decode(bytes, x) == std::nullopt);
    return x;
  };
  CHECK(read(raw({0x05})) == 5);
  CHECK(read(raw({0x24})) == -5);
  CHECK(read(raw({0xF9, 0x3E, 0x00})) == 1.5);
  CHECK(read(raw({0xF9, 0xBE, 0x00})) == -1.5);
  CHECK(read(raw({0xF9, 0x00, 0x01})) == std::ldexp(1, -24));
  CHECK(read(raw({0xF9, 0x7C, 0x00})) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(read(raw({0xF9, 0x7E, 0x00}))));
  CHECK(read(raw({0xFA, 0x3F, 0xC0, 0x00, 0x00})) == 1.5);
  CHECK(error_of<double>(raw({0x1B, 0, 0x20, 0, 0, 0, 0, 0, 1})) ==
        "9007199254740993 does not fit in a floating-point number exactly");
  CHECK(error_of<float>(raw({0xFB, 0x7F, 0xEF, 0, 0, 0, 0, 0, 0})) ==
        "the number does not fit in 32 bits");
}

TEST_CASE("integers and sizes may have any width, arrays and maps any form") {
  const auto expected = transfer{"A-1", "A-2", {5}, status::completed};
  transfer x;
  const auto indefinite = raw({0xBF}) + text("from") + text("A-1") + text("to") + text("A-2") +
                          text("amount") + raw({0x1B, 0, 0, 0, 0, 0, 0, 0, 5}) + text("state") +
                          text("completed") + raw({0xFF});
  CHECK(decode(indefinite, x) == std::nullopt);
  CHECK(x == expected);
  x = {};
  const auto wide_sizes =
      raw({0xBA, 0, 0, 0, 4, 0x78, 4, 'f', 'r', 'o', 'm', 0x79, 0, 3, 'A', '-', '1'}) + text("to") +
      text("A-2") + text("amount") + raw({0x18, 5}) + text("state") + text("completed");
  CHECK(decode(wide_sizes, x) == std::nullopt);
  CHECK(x == expected);
  std::vector<std::pair<std::int32_t, bool>> list;
  CHECK(decode(raw({0x9F, 0x9F, 1, 0xF5, 0xFF, 0x82, 2, 0xF4, 0xFF}), list) == std::nullopt);
  CHECK(list == std::vector<std::pair<std::int32_t, bool>>{{1, true}, {2, false}});
}

TEST_CASE("fields may stand in any order") {
  transfer x;
  const auto bytes = raw({0xA4}) + text("state") + text("completed") + text("from") + text("A-1") +
                     text("amount") + raw({5}) + text("to") + text("A-2");
  CHECK(decode(bytes, x) == std::nullopt);
  CHECK(x == transfer{"A-1", "A-2", {5}, status::completed});
}

TEST_CASE("names of any length are found in any order") {
  const long_names x{1, 2};
  const auto bytes = encode(x);
  long_names read;
  CHECK(decode(bytes, read) == std::nullopt);
  CHECK((read.first == 1 && read.second == 2));
  const auto entry_size = (bytes.size() - 1 - 6) / 2; // the second name is six bytes longer
  const auto at_second = bytes.begin() + static_cast<std::ptrdiff_t>(1 + entry_size);
  const auto turned =
      raw({0xA2}) + byte_buffer(at_second, bytes.end()) + byte_buffer(bytes.begin() + 1, at_second);
  read = {};
  CHECK(decode(turned, read) == std::nullopt);
  CHECK((read.first == 1 && read.second == 2));
}

TEST_CASE("an optional field may be missing, wherever it stands") {
  account_limit x;
  x.note = "from before";
  CHECK(decode(raw({0xA2}) + text("count") + raw({1}) + text("amount") + raw({2}), x) ==
        std::nullopt);
  CHECK(!x.note);
  CHECK(decode(raw({0xA3}) + text("note") + text("n") + text("amount") + raw({2}) + text("count") +
                   raw({1}),
               x) == std::nullopt);
  CHECK(x.note == "n");
}

TEST_CASE("a field's error names the field and the reason") {
  CHECK(error_of<account_limit>(raw({0xA2}) + text("count") + raw({1}) + text("amount") +
                                text("2")) == "field 'amount': expected an integer, found text");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("count") + raw({1})) ==
        "field 'amount' is missing");
  CHECK(error_of<account_limit>(raw({0xA2}) + text("count") + raw({1}) + text("amuont") +
                                raw({2})) == "unknown field 'amuont'");
  CHECK(error_of<account_limit>(limit_and(text("amount") + raw({2}))) ==
        "field 'amount' stands twice");
  CHECK(error_of<account_limit>(limit_and(text("count") + raw({1}))) ==
        "field 'count' stands twice");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("count") + raw({0x19, 0x01, 0x2C})) ==
        "field 'count': 300 does not fit in 8 bits");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("count") + raw({0x20})) ==
        "field 'count': -1 is negative");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("amount") +
                                raw({0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0})) ==
        "field 'amount': 9223372036854775808 does not fit in 64 bits with a sign");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("amount") +
                                raw({0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0})) ==
        "field 'amount': -9223372036854775809 does not fit in 64 bits with a sign");
  CHECK(error_of<account_limit>(raw({0xA1}) + text("amount") + raw({0x3B}) +
                                byte_buffer(8, std::byte{0xFF})) ==
        "field 'amount': -18446744073709551616 does not fit in 64 bits with a sign");
  CHECK(error_of<account_limit>(limit_and(text("note") + raw({0xF6}))) ==
        "field 'note': expected text, found null");
  CHECK(error_of<account_limit>(limit_and(text("note") + raw({0x62, 0xC3, 0x28}))) ==
        "field 'note': the text is not UTF-8");
  CHECK(error_of<account_limit>(limit_and(raw({0x05, 0x05}))) ==
        "expected a field name, found an integer");
}

TEST_CASE("an error says what stands where something else is expected") {
  const auto found = [](const byte_buffer& bytes) { return error_of<std::int32_t>(bytes); };
  CHECK(found(raw({0x41, 0})) == "expected an integer, found bytes");
  CHECK(found(raw({0x60})) == "expected an integer, found text");
  CHECK(found(raw({0x80})) == "expected an integer, found an array");
  CHECK(found(raw({0xA0})) == "expected an integer, found a map");
  CHECK(found(raw({0xC1, 0})) == "expected an integer, found a tag");
  CHECK(found(raw({0xF4})) == "expected an integer, found false");
  CHECK(found(raw({0xF5})) == "expected an integer, found true");
  CHECK(found(raw({0xF6})) == "expected an integer, found null");
  CHECK(found(raw({0xF7})) == "expected an integer, found a value that JSON does not have");
  CHECK(found(raw({0xF9, 0x3E, 0x00})) ==
        "expected an integer, found the floating-point number 1.5");
  CHECK(found(raw({0xFB, 0x43, 0xF0, 0, 0, 0, 0, 0, 0})) ==
        "expected an integer, found the floating-point number 18446744073709551616");
  CHECK(error_of<bool>(raw({0x01})) == "expected true or false, found an integer");
  CHECK(error_of<bool>(raw({0xF6})) == "expected true or false, found null");
  CHECK(error_of<double>(raw({0x60})) == "expected a number, found text");
  CHECK(error_of<double>(raw({0xF5})) == "expected a number, found true");
  CHECK(error_of<byte_buffer>(raw({0x60})) == "expected bytes, found text");
  CHECK(error_of<std::vector<int>>(raw({0xA0})) == "expected an array, found a map");
  CHECK(error_of<transfer>(raw({0x80})) == "expected a map, found an array");
  CHECK(error_of<timestamp>(raw({0x00})) == "expected a time, found an integer");
  CHECK(error_of<timestamp>(text("yesterday")) == "expected a time like 2026-03-01T12:00:00Z");
  CHECK(error_of<std::string>(raw({0x7F, 0x61, 'a', 0xFF})) ==
        "a value in pieces is not supported");
  CHECK(error_of<std::int32_t>(raw({0x1C})) == "these bytes are not CBOR");
}

TEST_CASE("an enum takes its names and nothing else") {
  status x{};
  CHECK(decode(text("completed"), x) == std::nullopt);
  CHECK(x == status::completed);
  CHECK(error_of<status>(text("complete")) == "'complete' is not allowed");
  CHECK(error_of<color>(text("blue")) == "'blue' is not allowed");
  CHECK(error_of<status>(raw({0x01})) == "expected text, found an integer");
}

TEST_CASE("an error names the path to its field") {
  const auto line = encode(transfer{"a", "b", {1}, status::pending});
  const auto bad_line =
      raw({0xA2}) + text("from") + text("a") + text("state") + text("lost") + raw({});
  const auto lines = [](const byte_buffer& first, const byte_buffer& second) {
    return raw({0xA1}) + text("lines") + raw({0x82}) + first + second;
  };
  CHECK(error_of<outer>(lines(line, bad_line)) == "field 'lines[1].state': 'lost' is not allowed");
  CHECK(error_of<outer>(lines(raw({0xA0}), line)) == "field 'lines[0].from' is missing");
  CHECK(error_of<outer>(lines(raw({0xA1}) + text("form") + text("a"), line)) ==
        "unknown field 'lines[0].form'");
  CHECK(error_of<outer>(raw({0xA1}) + text("limits") + raw({0xA1}) + text("A-1") + raw({0xA1}) +
                        text("count") + raw({0xF5})) ==
        "field 'limits.A-1.count': expected an integer, found true");
  CHECK(error_of<std::vector<std::vector<bool>>>(raw({0x82, 0x80, 0x81, 0x00})) ==
        "field '[1][0]': expected true or false, found an integer");
}

TEST_CASE("a name in an error is short and without control characters") {
  const std::string name = "\x1B[2J" + std::string(30, 'x') + std::string(30, 'y') + "\u00E4" + "z";
  const auto bytes = as_bytes(name);
  const auto input = raw({0xA1, 0x78, static_cast<int>(name.size())}) +
                     byte_buffer{bytes.begin(), bytes.end()} + raw({0});
  CHECK(error_of<account_limit>(input) ==
        "unknown field '?[2J" + std::string(30, 'x') + std::string(30, 'y') + "...'");
}

TEST_CASE("keys and items that must differ may not stand twice") {
  using by_text = std::map<std::string, bool>;
  using by_number = std::map<std::int32_t, bool>;
  CHECK(error_of<by_text>(raw({0xA2}) + text("a") + raw({0xF5}) + text("a") + raw({0xF4})) ==
        "field 'a' stands twice");
  CHECK(error_of<by_number>(raw({0x82, 0x82, 1, 0xF5, 0x82, 1, 0xF5})) ==
        "field '[1]': the key stands twice");
  CHECK(error_of<std::set<std::int32_t>>(raw({0x82, 1, 1})) ==
        "field '[1]': the item stands twice");
  CHECK(error_of<by_text>(raw({0xA1, 0x01, 0xF5})) == "expected a key, found an integer");
}

TEST_CASE("a tuple takes as many items as it has") {
  using two = std::pair<std::int32_t, bool>;
  CHECK(error_of<two>(raw({0x81, 1})) == "expected 2 items, found 1");
  CHECK(error_of<two>(raw({0x83, 1, 0xF5, 2})) == "expected 2 items, found more");
  CHECK(error_of<two>(raw({0x9F, 1, 0xFF})) == "expected 2 items, found 1");
  CHECK(error_of<two>(raw({0x82, 1, 2})) ==
        "field '[1]': expected true or false, found an integer");
}

TEST_CASE("invariants, setters and load callbacks can refuse a value") {
  const auto with = [](int amount, int even, int set) {
    return raw({0xA3}) + text("amount") + raw({amount}) + text("even") + raw({even}) + text("set") +
           raw({set});
  };
  with_rules x;
  CHECK(decode(with(1, 2, 3), x) == std::nullopt);
  CHECK(x.set == 3);
  CHECK(error_of<with_rules>(with(1, 3, 3)) == "field 'even': the value is not allowed");
  CHECK(error_of<with_rules>(with(1, 2, 10)) == "field 'set': the value is not allowed");
  CHECK(error_of<with_rules>(with(2, 2, 3)) == "the value is not allowed");
}

TEST_CASE("what stands behind the value is an error") {
  CHECK(error_of<std::int32_t>(raw({1, 2})) == "1 byte behind the value");
  CHECK(error_of<std::int32_t>(raw({1}) + byte_buffer(12)) == "12 bytes behind the value");
}
