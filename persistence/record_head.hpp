#pragma once

#include "persistence/journal.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skald {

/// The part of a record that the indexes are made of. Refers to the record's bytes.
struct record_head {
  position at = 0;
  position previous = 0;
  std::uint64_t turn = 0;
  std::uint64_t sequence = 0; ///< sequence of the stream's last event after the turn
  address_view stream;
  bool deleted = false;
  bool saga_open = false;
  timestamp next_due = no_time;
  std::string_view status;
};

/// Reads the head of a record and nothing behind it; the checksum is not looked at. Empty if
/// `bytes` do not start like a record of a known version.
std::optional<record_head> head_of_record(byte_span bytes);

/// The index entry of a stream whose last record stands at `last` and has the head `x`.
stream_head stream_head_of(const record_head& x, position last);

/// Where a sealed record says that its stream's record before it stands; empty if `bytes` are too
/// short. Nothing is checked.
std::optional<position> previous_of_record(byte_span bytes);

/// The checksum that a sealed record carries.
std::uint32_t checksum_of_record(byte_span bytes);

} // namespace skald
