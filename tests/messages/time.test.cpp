#include "messages/time.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <random>

using namespace skald;
using namespace std::chrono_literals;

namespace {

timestamp at(std::int64_t microseconds) {
  return timestamp{duration{microseconds}};
}

constexpr auto earliest = std::numeric_limits<std::int64_t>::min();
constexpr auto latest = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST_CASE("a time is written in UTC with microseconds") {
  CHECK(to_string(no_time) == "1970-01-01T00:00:00.000000Z");
  CHECK(to_string(at(-1)) == "1969-12-31T23:59:59.999999Z");
  CHECK(to_string(at(1'772'366'400'250'000)) == "2026-03-01T12:00:00.250000Z");
  CHECK(to_string(at(951'782'400'000'000)) == "2000-02-29T00:00:00.000000Z");
  CHECK(to_string(at(earliest)) == "-290308-12-21T19:59:05.224192Z");
  CHECK(to_string(at(latest)) == "294247-01-10T04:00:54.775807Z");
}

TEST_CASE("every time that is written is read back") {
  std::mt19937_64 random{5};
  for (const auto x :
       {earliest, earliest + 1, std::int64_t{-1}, std::int64_t{0}, latest - 1, latest})
    CHECK(parse_timestamp(to_string(at(x))) == at(x));
  for (int i = 0; i < 20'000; ++i) {
    const auto x = at(static_cast<std::int64_t>(random()) >> (random() % 30));
    REQUIRE(parse_timestamp(to_string(x)) == x);
  }
}

TEST_CASE("the fraction of a second may be missing or shorter") {
  const auto noon = at(1'772'366'400'000'000);
  CHECK(parse_timestamp("2026-03-01T12:00:00Z") == noon);
  CHECK(parse_timestamp("2026-03-01T12:00:00.2Z") == noon + 200ms);
  CHECK(parse_timestamp("2026-03-01T12:00:00.25Z") == noon + 250ms);
  CHECK(parse_timestamp("2026-03-01T12:00:00.000001Z") == noon + 1us);
}

TEST_CASE("text that is no time is refused") {
  for (const auto* text : {"",
                           "Z",
                           "2026-03-01",
                           "2026-03-01T12:00:00",
                           "2026-03-01 12:00:00Z",
                           "2026-03-01T12:00:00.Z",
                           "2026-03-01T12:00:00.1234567Z",
                           "2026-03-01T12:00:00Z ",
                           " 2026-03-01T12:00:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-13-01T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-03-00T12:00:00Z",
                           "2026-03-32T12:00:00Z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T12:60:00Z",
                           "2026-03-01T12:00:60Z",
                           "2026-3-01T12:00:00Z",
                           "226-03-01T12:00:00Z",
                           "2026-03-01T12:00:00+01:00",
                           "2026-03-01T1a:00:00Z",
                           "+2026-03-01T12:00:00Z",
                           "2026-03-01T12:00:0"})
    CHECK(parse_timestamp(text) == std::nullopt);
}

TEST_CASE("a time beyond what a timestamp holds is refused") {
  CHECK(parse_timestamp("294247-01-10T04:00:54.775808Z") == std::nullopt);
  CHECK(parse_timestamp("-290308-12-21T19:59:05.224191Z") == std::nullopt);
  CHECK(parse_timestamp("999999-01-01T00:00:00Z") == std::nullopt);
  CHECK(parse_timestamp("-999999-01-01T00:00:00Z") == std::nullopt);
}

TEST_CASE("a duration is read with its unit, seconds without one") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("5s") == 5s);
  CHECK(parse_duration("5") == 5s);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("0") == 0s);
}

TEST_CASE("text that is no duration, or does not fit, is refused") {
  for (const auto* text : {"", "s", "-5s", "+5s", " 5s", "5 s", "5s ", "1.5s", "5w", "5S", "ms5",
                           "99999999999999999999s"})
    CHECK(parse_duration(text) == std::nullopt);
  CHECK(parse_duration("2562047788h") == 2562047788h);
  CHECK(parse_duration("2562047789h") == std::nullopt);
  CHECK(parse_duration("9223372036854775ms") == 9223372036854775ms);
  CHECK(parse_duration("9223372036854776ms") == std::nullopt);
}

TEST_CASE("the wall clock shows the present") {
  const auto before = std::chrono::system_clock::now() - 1us;
  const auto now = wall_clock_now();
  CHECK(before <= now);
  CHECK(now <= std::chrono::system_clock::now());
}
