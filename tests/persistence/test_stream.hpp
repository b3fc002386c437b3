#pragma once

#include "persistence/journal.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace skald::test {

inline timestamp at_micros(std::int64_t count) {
  return timestamp{duration{count}};
}

/// What a turn under test does, where it differs from recording one event.
struct turn_of {
  std::size_t events = 1;
  bool deleted = false;
  bool saga_open = false;
  saga_transition saga_change = saga_transition::none;
  timestamp next_due = no_time;
  std::string status = "open";
  std::size_t payload_size = 20;
};

/// A stream under test: knows its place as an entity does.
struct test_stream {
  address name;
  stream_cursor cursor{};
  stream_head head{};

  /// Encodes the stream's next turn and takes it for committed.
  byte_buffer next(const turn_of& what = {}) {
    const byte_buffer payload(what.payload_size, std::byte{0xa0});
    record x;
    x.stream = name;
    x.turn = head.turn + 1;
    x.sequence = head.sequence;
    x.time = at_micros(1'700'000'000'000'000);
    x.input = {x.turn, 1};
    x.input_type = "Test";
    x.correlation = name.id;
    x.deleted = what.deleted;
    x.saga_open = what.saga_open;
    x.saga_change = what.saga_change;
    x.next_due = what.next_due;
    x.status = what.status;
    x.events.assign(what.events, event_view{"Tested", 1, payload});
    head.turn = x.turn;
    head.sequence += what.events;
    head.deleted = what.deleted;
    head.saga_open = what.saga_open;
    head.next_due = what.next_due;
    head.status = what.status;
    byte_buffer bytes;
    encode_record(x, bytes);
    return bytes;
  }
};

/// Turns that are appended as one.
class test_batch {
public:
  test_batch& add(test_stream& stream, const turn_of& what = {}) {
    records_.push_back(stream.next(what));
    pending_.push_back({&records_.back(), &stream.cursor});
    streams_.push_back(&stream);
    return *this;
  }

  std::span<const pending_record> pending() const { return pending_; }

  append_result append_to(journal& x) {
    auto result = x.append(pending_);
    if (result.what == append_result::status::committed)
      for (auto* const stream : streams_)
        stream->head.last = stream->cursor.last;
    return result;
  }

private:
  std::list<byte_buffer> records_;
  std::vector<pending_record> pending_;
  std::vector<test_stream*> streams_;
};

/// Appends one turn of `stream` by itself.
inline append_result append_turn(journal& x, test_stream& stream, const turn_of& what = {}) {
  return test_batch{}.add(stream, what).append_to(x);
}

inline bool committed(const append_result& result) {
  return result.what == append_result::status::committed;
}

using listed_streams = std::vector<std::pair<address, stream_head>>;

inline listed_streams streams_of(const journal& x, std::string_view type = {}) {
  listed_streams found;
  x.streams(type, [&](const address& stream, const stream_head& head) {
    found.emplace_back(stream, head);
    return true;
  });
  return found;
}

inline listed_streams open_sagas_of(const journal& x) {
  listed_streams found;
  x.open_sagas(
      [&](const address& stream, const stream_head& head) { found.emplace_back(stream, head); });
  return found;
}

} // namespace skald::test
