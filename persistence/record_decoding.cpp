#include "messages/crc32c.hpp"
#include "persistence/byte_codec.hpp"
#include "persistence/record.hpp"
#include "persistence/record_format.hpp"
#include "persistence/record_head.hpp"

#include <cstdio>
#include <limits>

namespace skald {

using namespace record_format;

namespace {

record_flags load_flags(byte_span bytes) {
  return {load_fixed<std::uint8_t>(bytes.data() + flags_offset),
          load_fixed<std::uint8_t>(bytes.data() + flags_offset + 1),
          load_fixed<std::uint8_t>(bytes.data() + flags_offset + 2),
          load_fixed<std::uint8_t>(bytes.data() + flags_offset + 3)};
}

struct head_fields {
  std::uint64_t turn = 0;
  std::uint64_t sequence = 0;
  std::uint64_t event_count = 0;
  address_view stream;
  timestamp time = no_time;
  timestamp next_due = no_time;
  std::string_view status;
};

head_fields read_head(byte_reader& in, record_flags flags) {
  head_fields head;
  if (flags.state & ~state_flag::all)
    in.fail("state flags");
  head.turn = in.varint("turn");
  head.sequence = in.varint("sequence");
  head.event_count = in.varint("count of events");
  head.stream.type = in.text("stream type");
  head.stream.id = in.text("stream id");
  head.time = timestamp{duration{in.fixed<std::int64_t>("time")}};
  if (flags.state & state_flag::next_due)
    head.next_due = from_delta(in.varint("next due time"), head.time);
  if (flags.state & state_flag::status)
    head.status = in.text("status");
  return head;
}

void read_origin(byte_reader& in, record_flags flags, record& out) {
  out.kind = static_cast<input_kind>(flags.input & input_flag::kind);
  if (out.kind > input_kind::deadline)
    in.fail("kind of input");
  out.accepted = flags.input & input_flag::accepted;
  out.role = static_cast<participation>(flags.context & context_flag::role);
  out.input = flags.input & input_flag::id ? in.id("input id") : message_id{};
  out.input_type = in.text("input type");
  if ((flags.context & context_flag::correlation) &&
      (flags.context & context_flag::correlation_is_stream))
    in.fail("correlation");
  out.correlation = flags.context & context_flag::correlation_is_stream ? out.stream.id
                    : flags.context & context_flag::correlation         ? in.text("correlation")
                                                                        : std::string_view{};
  out.source = {};
  if (flags.context & context_flag::source) {
    out.source.type = in.text("source type");
    out.source.id = flags.context & context_flag::source_is_correlation ? out.correlation
                                                                        : in.text("source id");
  } else if (flags.context & context_flag::source_is_correlation) {
    in.fail("source");
  }
  out.by = flags.input & input_flag::by ? in.text("by") : std::string_view{};
  out.causation = flags.input & input_flag::causation ? in.id("causation")
                  : out.kind == input_kind::outcome   ? out.input
                                                      : message_id{};
  out.first_sent = flags.input & input_flag::first_sent
                       ? from_delta(in.varint("first sent time"), out.time)
                       : no_time;
  out.step = flags.context & context_flag::step ? in.text("step") : std::string_view{};
  out.reason = flags.input & input_flag::reason ? in.text("reason") : std::string_view{};
  out.slip = flags.saga & saga_flag::slip ? as_bytes(in.text("slip")) : byte_span{};
  out.pending = flags.saga & saga_flag::pending;
  out.transient = flags.saga & saga_flag::transient;
}

event_view read_event(byte_reader& in) {
  event_view event;
  event.type = in.text("event type");
  const auto payload_and_version = in.varint("event payload");
  if (payload_and_version & 1) {
    const auto version = in.varint("event version");
    if (version > std::numeric_limits<std::uint32_t>::max())
      in.fail("event version");
    event.version = static_cast<std::uint32_t>(version);
  }
  event.payload = in.raw(payload_and_version >> 1, "event payload");
  return event;
}

dispatch_view read_dispatch(byte_reader& in) {
  dispatch_view dispatch;
  const unsigned form = in.fixed<std::uint8_t>("dispatch form");
  if (form & ~dispatch_form::all)
    in.fail("dispatch form");
  dispatch.role = static_cast<participation>(form & dispatch_form::role);
  dispatch.to.type = in.text("dispatch type");
  dispatch.to.id = in.text("dispatch id");
  if (form & dispatch_form::step)
    dispatch.step = in.text("dispatch step");
  dispatch.type = in.text("dispatched command");
  dispatch.payload = as_bytes(in.text("dispatch payload"));
  if (form & dispatch_form::slip)
    dispatch.slip = as_bytes(in.text("dispatch slip"));
  return dispatch;
}

deadline_view read_deadline(byte_reader& in, const record& x) {
  deadline_view deadline;
  const auto form = in.fixed<std::uint8_t>("deadline form");
  if (form > due_given || (form == due_next && x.next_due == no_time))
    in.fail("deadline form");
  deadline.name = in.text("deadline name");
  deadline.due = form == due_next    ? x.next_due
                 : form == due_given ? from_delta(in.varint("deadline"), x.time)
                                     : no_time;
  return deadline;
}

void read_effects(byte_reader& in, record_flags flags, std::uint64_t event_count, record& out) {
  out.events.clear();
  out.dispatches.clear();
  out.deadlines.clear();
  out.saga_change = static_cast<saga_transition>(flags.saga & saga_flag::change);
  if (out.saga_change > saga_transition::terminated)
    in.fail("saga transition");
  out.saga = flags.state & state_flag::saga ? in.text("saga") : std::string_view{};
  out.settles = flags.saga & saga_flag::settles ? in.id("settled command") : message_id{};
  out.settled_reason =
      flags.state & state_flag::settled_badly ? in.text("settled reason") : std::string_view{};
  // The vectors grow with what is really there: a count that is too large runs out of bytes first.
  for (; event_count > 0 && in.wrong() == nullptr; --event_count)
    out.events.push_back(read_event(in));
  if (!(flags.context & context_flag::sends))
    return;
  auto dispatch_count = in.varint("count of dispatches");
  auto deadline_count = in.varint("count of deadlines");
  for (; dispatch_count > 0 && in.wrong() == nullptr; --dispatch_count)
    out.dispatches.push_back(read_dispatch(in));
  for (; deadline_count > 0 && in.wrong() == nullptr; --deadline_count)
    out.deadlines.push_back(read_deadline(in, out));
}

/// What is wrong with the fixed fields in front, or nothing.
std::optional<std::string> frame_error(byte_span bytes, position expected) {
  if (bytes.size() < head_offset)
    return "it has " + std::to_string(bytes.size()) + " bytes, too few for a record";
  if (const auto length = load_fixed<std::uint32_t>(bytes.data() + length_offset);
      length != bytes.size())
    return "its length says " + std::to_string(length) + " bytes, but there are " +
           std::to_string(bytes.size());
  const auto stored = checksum_of_record(bytes);
  const auto computed = crc32c(bytes.subspan(length_offset));
  if (stored != computed) {
    char text[80];
    std::snprintf(text, sizeof text, "its checksum is %08x, but its bytes give %08x", stored,
                  computed);
    return text;
  }
  if (const unsigned version = load_fixed<std::uint8_t>(bytes.data() + version_offset);
      version != format_version)
    return "its format version is " + std::to_string(version) + "; this program knows version " +
           std::to_string(format_version);
  if (const auto at = load_fixed<position>(bytes.data() + at_offset); at != expected)
    return "it is the record of position " + std::to_string(at) + ", not of " +
           std::to_string(expected);
  return std::nullopt;
}

} // namespace

std::optional<std::string> decode_record(byte_span bytes, position expected, record& out) {
  if (auto error = frame_error(bytes, expected))
    return error;
  const auto flags = load_flags(bytes);
  byte_reader in{bytes.subspan(head_offset)};
  const auto head = read_head(in, flags);
  out.at = load_fixed<position>(bytes.data() + at_offset);
  out.previous = load_fixed<position>(bytes.data() + previous_offset);
  out.turn = head.turn;
  out.sequence = head.sequence;
  out.stream = head.stream;
  out.time = head.time;
  out.deleted = flags.state & state_flag::deleted;
  out.saga_open = flags.state & state_flag::saga_open;
  out.next_due = head.next_due;
  out.status = head.status;
  read_origin(in, flags, out);
  read_effects(in, flags, head.event_count, out);
  if (in.wrong() != nullptr)
    return std::string{"its field '"} + in.wrong() + "' is malformed";
  if (in.left() != 0)
    return std::to_string(in.left()) + " bytes follow its last field";
  return std::nullopt;
}

std::optional<record_head> head_of_record(byte_span bytes) {
  if (bytes.size() < head_offset ||
      load_fixed<std::uint8_t>(bytes.data() + version_offset) != format_version)
    return std::nullopt;
  const auto flags = load_flags(bytes);
  byte_reader in{bytes.subspan(head_offset)};
  const auto head = read_head(in, flags);
  if (in.wrong() != nullptr)
    return std::nullopt;
  return record_head{.at = load_fixed<position>(bytes.data() + at_offset),
                     .previous = load_fixed<position>(bytes.data() + previous_offset),
                     .turn = head.turn,
                     .sequence = head.sequence + head.event_count,
                     .stream = head.stream,
                     .deleted = (flags.state & state_flag::deleted) != 0,
                     .saga_open = (flags.state & state_flag::saga_open) != 0,
                     .next_due = head.next_due,
                     .status = head.status};
}

stream_head stream_head_of(const record_head& x, position last) {
  return {.last = last,
          .turn = x.turn,
          .sequence = x.sequence,
          .deleted = x.deleted,
          .saga_open = x.saga_open,
          .next_due = x.next_due,
          .status = std::string{x.status}};
}

std::optional<position> previous_of_record(byte_span bytes) {
  if (bytes.size() < head_offset)
    return std::nullopt;
  return load_fixed<position>(bytes.data() + previous_offset);
}

std::uint32_t checksum_of_record(byte_span bytes) {
  return load_fixed<std::uint32_t>(bytes.data() + checksum_offset);
}

} // namespace skald
