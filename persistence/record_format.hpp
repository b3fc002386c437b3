#pragma once

#include "messages/time.hpp"
#include "persistence/byte_codec.hpp"

#include <cstddef>
#include <cstdint>

/// What the writer and the reader of records share. The grammar stands at the top of record.cpp.
namespace skald::record_format {

inline constexpr std::uint8_t format_version = 1;

inline constexpr std::size_t checksum_offset = 0;
inline constexpr std::size_t length_offset = 4;
inline constexpr std::size_t version_offset = 8;
inline constexpr std::size_t at_offset = 9;
inline constexpr std::size_t previous_offset = 17;
inline constexpr std::size_t flags_offset = 25;
inline constexpr std::size_t head_offset = 29;

inline constexpr std::size_t record_size_max = std::size_t{1} << 30;

namespace state_flag {
inline constexpr unsigned deleted = 0x01;
inline constexpr unsigned saga_open = 0x02;
inline constexpr unsigned next_due = 0x04;
inline constexpr unsigned status = 0x08;
inline constexpr unsigned saga = 0x10;
inline constexpr unsigned settled_badly = 0x20;
inline constexpr unsigned all = deleted | saga_open | next_due | status | saga | settled_badly;
} // namespace state_flag

namespace input_flag {
inline constexpr unsigned kind = 0x03;
inline constexpr unsigned accepted = 0x04;
inline constexpr unsigned reason = 0x08;
inline constexpr unsigned id = 0x10;
inline constexpr unsigned causation = 0x20;
inline constexpr unsigned by = 0x40;
inline constexpr unsigned first_sent = 0x80;
} // namespace input_flag

namespace context_flag {
inline constexpr unsigned role = 0x03;
inline constexpr unsigned step = 0x04;
inline constexpr unsigned source = 0x08;
inline constexpr unsigned source_is_correlation = 0x10; // the source's id is the correlation id
inline constexpr unsigned correlation_is_stream = 0x20; // the correlation id is the stream's id
inline constexpr unsigned correlation = 0x40;
inline constexpr unsigned sends = 0x80; // dispatches or deadlines follow the events
} // namespace context_flag

namespace saga_flag {
inline constexpr unsigned change = 0x0f;
inline constexpr unsigned pending = 0x10;
inline constexpr unsigned transient = 0x20;
inline constexpr unsigned settles = 0x40;
inline constexpr unsigned slip = 0x80;
} // namespace saga_flag

namespace dispatch_form {
inline constexpr unsigned role = 0x03;
inline constexpr unsigned step = 0x04;
inline constexpr unsigned slip = 0x08;
inline constexpr unsigned all = role | step | slip;
} // namespace dispatch_form

enum deadline_form : std::uint8_t { cleared = 0, due_next = 1, due_given = 2 };

/// The four bytes in front of the head.
struct record_flags {
  unsigned state = 0;
  unsigned input = 0;
  unsigned context = 0;
  unsigned saga = 0;
};

inline std::uint64_t micros(timestamp time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

inline std::uint64_t delta(timestamp time, timestamp base) {
  return zigzag(static_cast<std::int64_t>(micros(time) - micros(base)));
}

inline timestamp from_delta(std::uint64_t coded, timestamp base) {
  const auto count =
      static_cast<std::int64_t>(micros(base) + static_cast<std::uint64_t>(unzigzag(coded)));
  return timestamp{duration{count}};
}

} // namespace skald::record_format
