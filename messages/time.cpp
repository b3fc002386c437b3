#include "messages/time.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace skald {

namespace {

constexpr std::int64_t microseconds_per_day = 86'400'000'000;

// The calendar repeats after 400 years. `std::chrono::year` ends at 32767, a timestamp at 294247.
constexpr std::int64_t years_per_cycle = 400;
constexpr std::int64_t days_per_cycle = 146'097;

struct quotient {
  std::int64_t whole;
  std::int64_t rest; // never negative
};

quotient floor_divide(std::int64_t x, std::int64_t divisor) {
  quotient result{x / divisor, x % divisor};
  if (result.rest < 0) {
    --result.whole;
    result.rest += divisor;
  }
  return result;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected)
    return false;
  text.remove_prefix(1);
  return true;
}

// Takes `count_min` to `count_max` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count_min,
                               std::size_t count_max) {
  int result = 0;
  std::size_t count = 0;
  for (; count < count_max && count < text.size(); ++count) {
    const char digit = text[count];
    if (digit < '0' || digit > '9')
      break;
    result = result * 10 + (digit - '0');
  }
  if (count < count_min)
    return std::nullopt;
  text.remove_prefix(count);
  return result;
}

// Days since the epoch of `2026-03-01` at the front of `text`.
std::optional<std::int64_t> take_date(std::string_view& text) {
  const bool before_year_zero = take(text, '-');
  const auto digits = take_digits(text, 4, 6);
  if (!digits || !take(text, '-'))
    return std::nullopt;
  const auto month = take_digits(text, 2, 2);
  if (!month || !take(text, '-'))
    return std::nullopt;
  const auto day = take_digits(text, 2, 2);
  if (!day)
    return std::nullopt;
  const auto [cycle, year] = floor_divide(before_year_zero ? -*digits : *digits, years_per_cycle);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok())
    return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() + cycle * days_per_cycle;
}

// Microseconds since midnight of `12:00:00.25` at the front of `text`.
std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2, 2);
  if (!hour || *hour > 23 || !take(text, ':'))
    return std::nullopt;
  const auto minute = take_digits(text, 2, 2);
  if (!minute || *minute > 59 || !take(text, ':'))
    return std::nullopt;
  const auto second = take_digits(text, 2, 2);
  if (!second || *second > 59)
    return std::nullopt;
  std::int64_t microseconds = 0;
  if (take(text, '.')) {
    const auto size_before = text.size();
    const auto fraction = take_digits(text, 1, 6);
    if (!fraction)
      return std::nullopt;
    microseconds = *fraction;
    for (auto digits = size_before - text.size(); digits < 6; ++digits)
      microseconds *= 10;
  }
  return ((*hour * 60 + *minute) * std::int64_t{60} + *second) * 1'000'000 + microseconds;
}

} // namespace

timestamp wall_clock_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_string(timestamp time) {
  const auto [days, time_of_day] =
      floor_divide(time.time_since_epoch().count(), microseconds_per_day);
  const auto [cycle, day] = floor_divide(days, days_per_cycle);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const std::chrono::hh_mm_ss clock{std::chrono::microseconds{time_of_day}};
  const auto year = int{date.year()} + cycle * years_per_cycle;
  char text[64];
  const int size = std::snprintf(
      text, sizeof(text), "%s%04lld-%02u-%02uT%02d:%02d:%02d.%06dZ", year < 0 ? "-" : "",
      static_cast<long long>(year < 0 ? -year : year), unsigned{date.month()}, unsigned{date.day()},
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

std::optional<timestamp> parse_timestamp(std::string_view text) {
  auto days = take_date(text);
  if (!days || !take(text, 'T'))
    return std::nullopt;
  auto time_of_day = take_time_of_day(text);
  if (!time_of_day || text != "Z")
    return std::nullopt;
  // The first day that a timestamp reaches begins before the first timestamp: count from its end.
  if (*days < 0) {
    ++*days;
    *time_of_day -= microseconds_per_day;
  }
  std::int64_t count = 0;
  if (__builtin_mul_overflow(*days, microseconds_per_day, &count) ||
      __builtin_add_overflow(count, *time_of_day, &count))
    return std::nullopt;
  return timestamp{std::chrono::microseconds{count}};
}

std::optional<duration> parse_duration(std::string_view text) {
  std::uint64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{})
    return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  std::uint64_t microseconds_per_unit = 0;
  if (unit == "ms")
    microseconds_per_unit = 1'000;
  else if (unit == "s" || unit.empty())
    microseconds_per_unit = 1'000'000;
  else if (unit == "m")
    microseconds_per_unit = 60'000'000;
  else if (unit == "h")
    microseconds_per_unit = 3'600'000'000;
  else if (unit == "d")
    microseconds_per_unit = 86'400'000'000;
  else
    return std::nullopt;
  constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<duration::rep>::max());
  if (count > longest / microseconds_per_unit)
    return std::nullopt;
  return duration{static_cast<duration::rep>(count * microseconds_per_unit)};
}

} // namespace skald
