#include "apps/bank/money.hpp"

#include "messages/codec.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace skald;

namespace {

constexpr minor_units most{std::numeric_limits<std::int64_t>::max()};
constexpr minor_units least{std::numeric_limits<std::int64_t>::min()};

} // namespace

TEST_CASE("money is read exactly, with up to two decimals") {
  CHECK(parse_money("2452.00") == minor_units{245'200});
  CHECK(parse_money("2452") == minor_units{245'200});
  CHECK(parse_money("2452.5") == minor_units{245'250});
  CHECK(parse_money("0.05") == minor_units{5});
  CHECK(parse_money("0.1") == minor_units{10});
  CHECK(parse_money("0") == minor_units{0});
  CHECK(parse_money("-0.05") == minor_units{-5});
  CHECK(parse_money("-3") == minor_units{-300});
  CHECK(parse_money("007.10") == minor_units{710});
}

TEST_CASE("money is read up to the limits of 64 bits and not beyond") {
  CHECK(parse_money("92233720368547758.07") == most);
  CHECK(parse_money("-92233720368547758.08") == least);
  CHECK_FALSE(parse_money("92233720368547758.08"));
  CHECK_FALSE(parse_money("-92233720368547758.09"));
  CHECK_FALSE(parse_money("99999999999999999999"));
  CHECK_FALSE(parse_money("92233720368547759"));
}

TEST_CASE("text that is not exactly an amount is refused") {
  for (const std::string text :
       {"",    "-",    "--1",  "+1", ".",  ".5",   "1.",   "-.5", "1.234", "1.2.3",
        "1e5", "0x10", "1,50", " 1", "1 ", "1.-5", "1.+5", "ten", "1.5a",  "1\xD9\xA3"}) {
    INFO('"' << text << '"');
    CHECK_FALSE(parse_money(text));
  }
}

TEST_CASE("money is written with two decimals, and read back the same") {
  CHECK(to_string(minor_units{245'200}) == "2452.00");
  CHECK(to_string(minor_units{0}) == "0.00");
  CHECK(to_string(minor_units{5}) == "0.05");
  CHECK(to_string(minor_units{-5}) == "-0.05");
  CHECK(to_string(minor_units{-12'345}) == "-123.45");
  CHECK(to_string(most) == "92233720368547758.07");
  CHECK(to_string(least) == "-92233720368547758.08");
  for (std::int64_t count : {0l, 1l, 99l, 100l, -1l, -100l, most.count, least.count})
    CHECK(parse_money(to_string(minor_units{count})) == minor_units{count});
}

TEST_CASE("sums and differences of money that do not fit are nothing") {
  CHECK(checked_add({40}, {2}) == minor_units{42});
  CHECK(checked_subtract({40}, {42}) == minor_units{-2});
  CHECK(checked_add(most, {0}) == most);
  CHECK_FALSE(checked_add(most, {1}));
  CHECK_FALSE(checked_add(least, {-1}));
  CHECK_FALSE(checked_subtract(least, {1}));
  CHECK_FALSE(checked_subtract({0}, least));
}

TEST_CASE("money is encoded as a plain integer") {
  CHECK(json_of_cbor(encode(minor_units{-245'200})) == -245'200);
  minor_units read;
  CHECK_FALSE(decode(encode(std::int64_t{7}), read));
  CHECK(read == minor_units{7});
}
