// A record, format version 1. Fixed-width fields are little-endian; `varint` is LEB128 (7 bits per
// byte, the lowest first); `text` is a varint length and that many bytes; `id` is two u64, high and
// low; `delta` is a varint that holds the zigzag of a signed difference to `time` in microseconds.
//
//   record   := checksum:u32 length:u32 version:u8 at:u64 previous:u64
//               state:u8 input:u8 context:u8 saga:u8 head origin effects
//   head     := turn:varint sequence:varint event_count:varint stream_type:text stream_id:text
//               time:i64 [next_due:delta] [status:text]
//   origin   := [input:id] input_type:text [correlation:text] [source_type:text [source_id:text]]
//               [by:text] [causation:id] [first_sent:delta] [step:text] [reason:text] [slip:text]
//   effects  := [saga:text] [settles:id] [settled_reason:text] event{event_count}
//               [dispatch_count:varint deadline_count:varint dispatch{..} deadline{..}]
//   event    := type:text payload_and_version:varint [version:varint] payload
//   dispatch := form:u8 to_type:text to_id:text [step:text] type:text payload:text [slip:text]
//   deadline := form:u8 name:text [due:delta]
//
// `checksum` is the CRC-32C of everything behind it. `length` counts the whole record. What stands
// in brackets is there if its flag is set; the flags are the constants in record_format.hpp.
// `payload_and_version` is twice the payload's length, plus 1 if the event's version is not 1 and
// follows.
#include "persistence/record.hpp"

#include "messages/crc32c.hpp"
#include "persistence/byte_codec.hpp"
#include "persistence/record_format.hpp"

#include <stdexcept>

namespace skald {

using namespace record_format;

namespace {

constexpr std::size_t scratch_size_max = std::size_t{1} << 20;

unsigned when(bool condition, unsigned flag) {
  return condition ? flag : 0;
}

// An outcome follows from the command that it answers, which is the input.
bool has_causation(const record& x) {
  return !x.causation.empty() && (x.kind != input_kind::outcome || x.causation != x.input);
}

record_flags flags_of(const record& x) {
  const bool has_source = x.source != address_view{};
  const bool correlation_is_stream = !x.correlation.empty() && x.correlation == x.stream.id;
  record_flags flags;
  flags.state = when(x.deleted, state_flag::deleted) | when(x.saga_open, state_flag::saga_open) |
                when(x.next_due != no_time, state_flag::next_due) |
                when(!x.status.empty(), state_flag::status) |
                when(!x.saga.empty(), state_flag::saga) |
                when(!x.settled_reason.empty(), state_flag::settled_badly);
  flags.input =
      static_cast<unsigned>(x.kind) | when(x.accepted, input_flag::accepted) |
      when(!x.reason.empty(), input_flag::reason) | when(!x.input.empty(), input_flag::id) |
      when(has_causation(x), input_flag::causation) | when(!x.by.empty(), input_flag::by) |
      when(x.first_sent != no_time, input_flag::first_sent);
  flags.context =
      static_cast<unsigned>(x.role) | when(!x.step.empty(), context_flag::step) |
      when(has_source, context_flag::source) |
      when(has_source && x.source.id == x.correlation, context_flag::source_is_correlation) |
      when(correlation_is_stream, context_flag::correlation_is_stream) |
      when(!x.correlation.empty() && !correlation_is_stream, context_flag::correlation) |
      when(!x.dispatches.empty() || !x.deadlines.empty(), context_flag::sends);
  flags.saga = static_cast<unsigned>(x.saga_change) | when(x.pending, saga_flag::pending) |
               when(x.transient, saga_flag::transient) |
               when(!x.settles.empty(), saga_flag::settles) |
               when(!x.slip.empty(), saga_flag::slip);
  return flags;
}

/// No record that equals `x` takes more bytes than this.
std::size_t size_bound(const record& x) {
  constexpr std::size_t fixed = head_offset + 8 + 3 * 16 + 26 * varint_size_max;
  auto size = fixed + x.stream.type.size() + x.stream.id.size() + x.status.size() +
              x.input_type.size() + x.correlation.size() + x.source.type.size() +
              x.source.id.size() + x.by.size() + x.step.size() + x.reason.size() + x.slip.size() +
              x.saga.size() + x.settled_reason.size();
  for (const auto& event : x.events)
    size += 3 * varint_size_max + event.type.size() + event.payload.size();
  for (const auto& dispatch : x.dispatches)
    size += 1 + 6 * varint_size_max + dispatch.to.type.size() + dispatch.to.id.size() +
            dispatch.step.size() + dispatch.type.size() + dispatch.payload.size() +
            dispatch.slip.size();
  for (const auto& deadline : x.deadlines)
    size += 1 + 2 * varint_size_max + deadline.name.size();
  return size;
}

void write_head(const record& x, byte_writer& out) {
  out.varint(x.turn);
  out.varint(x.sequence);
  out.varint(x.events.size());
  out.text(x.stream.type);
  out.text(x.stream.id);
  out.fixed(micros(x.time));
  if (x.next_due != no_time)
    out.varint(delta(x.next_due, x.time));
  if (!x.status.empty())
    out.text(x.status);
}

void write_origin(const record& x, record_flags flags, byte_writer& out) {
  if (!x.input.empty())
    out.id(x.input);
  out.text(x.input_type);
  if (flags.context & context_flag::correlation)
    out.text(x.correlation);
  if (flags.context & context_flag::source)
    out.text(x.source.type);
  if ((flags.context & context_flag::source) &&
      !(flags.context & context_flag::source_is_correlation))
    out.text(x.source.id);
  if (!x.by.empty())
    out.text(x.by);
  if (has_causation(x))
    out.id(x.causation);
  if (x.first_sent != no_time)
    out.varint(delta(x.first_sent, x.time));
  if (!x.step.empty())
    out.text(x.step);
  if (!x.reason.empty())
    out.text(x.reason);
  if (!x.slip.empty())
    out.text(as_text(x.slip));
}

void write_effects(const record& x, byte_writer& out) {
  if (!x.saga.empty())
    out.text(x.saga);
  if (!x.settles.empty())
    out.id(x.settles);
  if (!x.settled_reason.empty())
    out.text(x.settled_reason);
  for (const auto& event : x.events) {
    out.text(event.type);
    out.varint(event.payload.size() << 1 | (event.version == 1 ? 0 : 1));
    if (event.version != 1)
      out.varint(event.version);
    out.raw(event.payload);
  }
  if (x.dispatches.empty() && x.deadlines.empty())
    return;
  out.varint(x.dispatches.size());
  out.varint(x.deadlines.size());
  for (const auto& dispatch : x.dispatches) {
    out.fixed(static_cast<std::uint8_t>(static_cast<unsigned>(dispatch.role) |
                                        when(!dispatch.step.empty(), dispatch_form::step) |
                                        when(!dispatch.slip.empty(), dispatch_form::slip)));
    out.text(dispatch.to.type);
    out.text(dispatch.to.id);
    if (!dispatch.step.empty())
      out.text(dispatch.step);
    out.text(dispatch.type);
    out.text(as_text(dispatch.payload));
    if (!dispatch.slip.empty())
      out.text(as_text(dispatch.slip));
  }
  for (const auto& deadline : x.deadlines) {
    const auto form = deadline.due == no_time      ? cleared
                      : deadline.due == x.next_due ? due_next
                                                   : due_given;
    out.fixed(static_cast<std::uint8_t>(form));
    out.text(deadline.name);
    if (form == due_given)
      out.varint(delta(deadline.due, x.time));
  }
}

} // namespace

void encode_record(const record& x, byte_buffer& out) {
  // Kept for its memory: what is appended to `out` takes no more than it needs.
  thread_local byte_buffer scratch;
  if (const auto bound = size_bound(x); bound > scratch.size())
    scratch.resize(bound);
  auto* const first = scratch.data();
  const auto flags = flags_of(x);
  store_fixed(first + version_offset, format_version);
  store_fixed(first + flags_offset, static_cast<std::uint8_t>(flags.state));
  store_fixed(first + flags_offset + 1, static_cast<std::uint8_t>(flags.input));
  store_fixed(first + flags_offset + 2, static_cast<std::uint8_t>(flags.context));
  store_fixed(first + flags_offset + 3, static_cast<std::uint8_t>(flags.saga));
  byte_writer writer{first + head_offset};
  write_head(x, writer);
  write_origin(x, flags, writer);
  write_effects(x, writer);
  const auto size = static_cast<std::size_t>(writer.position() - first);
  if (size > record_size_max)
    throw std::length_error("a turn of " + x.stream.to_address().type + " takes " +
                            std::to_string(size) + " bytes; a record holds at most " +
                            std::to_string(record_size_max));
  store_fixed(first + length_offset, static_cast<std::uint32_t>(size));
  out.insert(out.end(), first, first + size);
  if (scratch.size() > scratch_size_max)
    scratch = {};
}

void seal_record(std::span<std::byte> bytes, position at, position previous) {
  store_fixed(bytes.data() + at_offset, at);
  store_fixed(bytes.data() + previous_offset, previous);
  store_fixed(bytes.data() + checksum_offset, crc32c(bytes.subspan(length_offset)));
}

} // namespace skald
