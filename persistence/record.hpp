#pragma once

#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/command_message.hpp"
#include "messages/message_id.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// Place of a record in a journal: gapless from 1. Compared within one journal only. 0: none.
using position = std::uint64_t;

/// An address inside a record: refers to memory that it does not own.
struct address_view {
  std::string_view type;
  std::string_view id;

  address_view() = default;
  address_view(std::string_view its_type, std::string_view its_id) : type(its_type), id(its_id) {}
  address_view(const address& x) : type(x.type), id(x.id) {}

  address to_address() const { return {std::string{type}, std::string{id}}; }

  bool operator==(const address_view&) const = default;
};

/// What a turn handled.
enum class input_kind : std::uint8_t {
  command,  ///< a command
  outcome,  ///< the outcome of a command that the stream had dispatched
  deadline, ///< a deadline of the stream passed
};

/// What a turn did to the saga that the stream hosts.
enum class saga_transition : std::uint8_t {
  none,
  started,      ///< a saga began with this turn; `saga` names it
  confirming,   ///< every step has succeeded: the participants are told so
  compensating, ///< a step failed or a deadline passed: what took effect is undone
  completed,    ///< ended, every participant completed
  compensated,  ///< ended, every participant compensated
  parked,       ///< a compensation has failed for good: a person has to see to it
  resumed,      ///< a person has the compensation go on
  resolving,    ///< a person says that what is left is done: the participants are released
  terminating,  ///< a person ends it without compensation: the participants are released
  resolved,     ///< ended by hand, what was left was done by a person
  terminated,   ///< ended by hand, nothing was undone
};

struct event_view {
  std::string_view type;
  std::uint32_t version = 1;
  byte_span payload; ///< CBOR map
};

/// A command that leaves with the turn. Its id is `dispatch_id(stream, turn, index)`.
struct dispatch_view {
  address_view to;
  participation role = participation::none;
  std::string_view step;
  std::string_view type;
  byte_span payload;   ///< CBOR map
  byte_span slip = {}; ///< the routing slip that travels with it, as it is encoded; may be empty
};

/// A deadline that the turn sets, or clears where `due` is `no_time`.
struct deadline_view {
  std::string_view name;
  timestamp due = no_time;
};

/// One committed turn of one stream, as docs/journal_format.md lays it out. Refers to memory that
/// it does not own: what is encoded, or the bytes that were decoded.
struct record {
  // Place. `at`, `previous` are set by the journal when it appends.
  position at = 0;
  position previous = 0;      ///< the stream's record before this one; 0: this is its first
  std::uint64_t turn = 0;     ///< the stream's turn number, gapless from 1
  std::uint64_t sequence = 0; ///< sequence of the stream's last event before this turn
  address_view stream;
  timestamp time = no_time;

  // Input.
  input_kind kind = input_kind::command;
  message_id input;            ///< the command handled, or the dispatched command that was answered
  std::string_view input_type; ///< name of the command, or of the deadline
  address_view source;         ///< who sent the command; empty: a client
  std::string_view by;         ///< the person or program behind a client's command
  std::string_view correlation;
  message_id causation; ///< of an outcome: mostly its input; never none
  timestamp first_sent = no_time;
  participation role = participation::none;
  std::string_view step;
  bool accepted = true;    ///< the verdict on the command, or the verdict that the outcome brought
  std::string_view reason; ///< why not accepted; why a person stepped in
  bool pending = false;    ///< accepted, but only a later turn tells how it has ended
  bool transient = false;  ///< not accepted for now: the same may be accepted later
  byte_span slip;          ///< the routing slip that came with the command, where it stays here

  // Effects.
  std::vector<event_view> events;
  std::vector<dispatch_view> dispatches;
  std::vector<deadline_view> deadlines;
  saga_transition saga_change = saga_transition::none;
  std::string_view saga; ///< name of the saga, where `saga_change` is `started`
  message_id settles;    ///< the command that was pending here and is answered by this turn
  std::string_view settled_reason; ///< why that has failed; empty: it has succeeded

  // State after the turn, for the indexes.
  bool deleted = false;
  bool saga_open = false;
  timestamp next_due = no_time; ///< the earliest deadline that is set
  std::string_view status;      ///< the soft state that readers see
};

/// Appends the encoded `x` to `out`. Its checksum and place are missing until `seal_record`.
void encode_record(const record& x, byte_buffer& out);

/// Writes place and checksum into an encoded record.
void seal_record(std::span<std::byte> bytes, position at, position previous);

/// Decodes `bytes` into `out`, whose vectors are reused. Returns what is wrong with them, or
/// nothing. Checks the checksum and that the record stands at `expected`.
std::optional<std::string> decode_record(byte_span bytes, position expected, record& out);

} // namespace skald
