#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// Wall-clock time, in microseconds since the Unix epoch. The journal stores it as a signed 64-bit
/// count.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

using duration = std::chrono::microseconds;

/// The time that stands for "none": no deadline, never sent.
inline constexpr timestamp no_time{};

/// The machine's wall clock.
timestamp wall_clock_now();

/// `2026-03-01T12:00:00.250000Z`: UTC, microseconds.
std::string to_string(timestamp time);

/// Reads what `to_string` writes; the fraction may be missing or shorter. Empty if `text` is not a
/// time.
std::optional<timestamp> parse_timestamp(std::string_view text);

/// Reads `250ms`, `5s`, `2m`, `1h`, `1d`; a number without a unit means seconds. Empty if `text` is
/// not a duration or does not fit.
std::optional<duration> parse_duration(std::string_view text);

} // namespace skald
