#include "cbor_bytes.hpp"
#include "messages/codec.hpp"
#include "sample_types.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <nlohmann/json.hpp>

using namespace skald;
using namespace skald::sample;
using Catch::Matchers::Message;
using nlohmann::json;

namespace {

// What is wrong with `amount` as the amount of a transfer.
std::string error_of_amount(const std::string& amount) {
  const auto text = R"({"from": "A-1", "to": "A-2", "state": "pending", "amount": )" + amount + "}";
  transfer x;
  return decode(cbor_of_json(json::parse(text)), x).value_or("no error");
}

} // namespace

TEST_CASE("a value shows as JSON with its field names and enum names") {
  const auto shown = json_of_cbor(encode(transfer{"A-1", "Ä-2", {100}, status::completed}));
  CHECK(shown ==
        json::parse(R"({"from": "A-1", "to": "Ä-2", "amount": 100, "state": "completed"})"));
}

TEST_CASE("what a person writes as JSON can be decoded, its fields in any order") {
  const auto written =
      json::parse(R"({"to": "A-2", "state": "completed", "amount": -5, "from": "A-1"})");
  transfer x;
  CHECK(decode(cbor_of_json(written), x) == std::nullopt);
  CHECK(x == transfer{"A-1", "A-2", {-5}, status::completed});
}

TEST_CASE("JSON of every kind comes back from CBOR") {
  const auto written = json::parse(
      R"({"a": [1, -1, 1.5, true, false, null, "text", {}, []], "b": {"c": 18446744073709551615,
          "d": -9223372036854775808}})");
  CHECK(json_of_cbor(cbor_of_json(written)) == written);
}

TEST_CASE("a JSON number that an integer field cannot hold is a clear error") {
  CHECK(error_of_amount("9223372036854775807") == "no error");
  CHECK(error_of_amount("-9223372036854775808") == "no error");
  CHECK(error_of_amount("9223372036854775808") ==
        "field 'amount': 9223372036854775808 does not fit in 64 bits with a sign");
  // Beyond 64 bits nlohmann_json reads a floating-point number.
  CHECK(
      error_of_amount("18446744073709551616") ==
      "field 'amount': expected an integer, found the floating-point number 18446744073709551616");
  CHECK(
      error_of_amount("-9223372036854775809") ==
      "field 'amount': expected an integer, found the floating-point number -9223372036854775808");
  CHECK(error_of_amount("1.5") ==
        "field 'amount': expected an integer, found the floating-point number 1.5");
  CHECK(error_of_amount("\"5\"") == "field 'amount': expected an integer, found text");
  CHECK(error_of_amount("null") == "field 'amount': expected an integer, found null");
  // Beyond a floating-point number it refuses the text; an infinity can only come from a program.
  CHECK_THROWS_AS(error_of_amount("1e400"), json::out_of_range);
  minor_units x;
  CHECK(decode(cbor_of_json(json(std::numeric_limits<double>::infinity())), x) ==
        "expected an integer, found the floating-point number inf");
}

TEST_CASE("JSON that nests too deep is refused, not descended to") {
  constexpr std::size_t million = 1'000'000;
  const auto deep = json::parse(std::string(million, '[') + std::string(million, ']'));
  CHECK_THROWS_MATCHES(cbor_of_json(deep), std::invalid_argument,
                       Message("nested more than 64 deep"));
  const auto allowed = json::parse(std::string(64, '[') + std::string(64, ']'));
  CHECK(json_of_cbor(cbor_of_json(allowed)) == allowed);
  const auto beyond = json::parse(std::string(65, '[') + std::string(65, ']'));
  CHECK_THROWS_AS(cbor_of_json(beyond), std::invalid_argument);
}

TEST_CASE("JSON that is none, or whose text is not UTF-8, is refused") {
  CHECK_THROWS_AS(cbor_of_json(json::parse("{", nullptr, false)), std::invalid_argument);
  CHECK_THROWS_MATCHES(cbor_of_json(json{{"name", "\xFF"}}), std::invalid_argument,
                       Message("field 'name': the text is not UTF-8"));
}

TEST_CASE("bytes that have no meaning in JSON are refused with the reason") {
  const auto refused = [](const byte_buffer& bytes, const char* reason) {
    CHECK_THROWS_MATCHES(json_of_cbor(bytes), std::invalid_argument, Message(reason));
  };
  refused({}, "the value ends too early at byte 0");
  refused(raw({1, 2}), "1 byte behind the value");
  refused(raw({0x1C}), "these bytes are not CBOR");
  refused(raw({0xF7}), "expected a value that JSON has, found a value that JSON does not have");
  refused(raw({0xC1, 0}), "expected a value that JSON has, found a tag");
  refused(raw({0xA1, 1, 1}), "expected a field name, found an integer");
  refused(raw({0xA1}) + text("a") + raw({0x82, 1, 0x61, 0xFF}),
          "field 'a[1]': the text is not UTF-8");
  // nlohmann_json itself would read this as a positive number.
  refused(raw({0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0}),
          "-9223372036854775809 does not fit in 64 bits with a sign");
}
