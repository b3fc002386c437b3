#pragma once

#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/message_id.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace skald {

/// What a command means to the saga (the business transaction named by its correlation id) that
/// sent it.
enum class participation : std::uint8_t {
  none,    ///< not part of a saga
  step,    ///< the receiver joins the saga: it is held until a confirm or cancel of the same step
  confirm, ///< the saga has succeeded: the receiver makes the step final and is no longer held
  cancel, ///< the saga has failed: the receiver undoes the step, or refuses it should it still come
};

/// A command on its way to an aggregate or saga.
struct command_message {
  message_id id;
  address to;
  address source;                 ///< who dispatched it; empty: a client
  std::string by;                 ///< the person or program behind a client's command
  std::string correlation;        ///< id of the aggregate that started the transaction
  message_id causation;           ///< the input that this follows from
  timestamp first_sent = no_time; ///< a re-sent message keeps the time it was first sent
  participation role = participation::none;
  std::string step; ///< name of the saga's step, where role is not `none`
  std::optional<std::uint64_t>
      expected_version; ///< sequence that the aggregate must have, if given
  std::string type;     ///< `Deposit`; empty for a confirm or cancel that needs
                        ///< nothing of the domain
  byte_buffer payload;  ///< CBOR map
  byte_buffer slip;     ///< the routing slip that travels with it, encoded; may be empty
};

using command_message_ptr = std::shared_ptr<const command_message>;

/// An event as it stands in the journal.
struct stored_event {
  std::string type;
  std::uint32_t version = 1;
  byte_buffer payload; ///< CBOR map
};

/// The answer to one command. A command that comes again gets the first outcome again.
struct outcome {
  message_id answers; ///< the command's id
  address to;         ///< who dispatched the command; empty: a client
  address from;       ///< who handled it
  std::string correlation;
  bool accepted = false;
  bool recorded = false;            ///< by who handled it; false: the command left no trace
  bool pending = false;             ///< accepted; how it ends another outcome tells later
  bool transient = false;           ///< not accepted for now: the same may be accepted later
  std::string reason;               ///< why it was rejected
  std::uint64_t sequence = 0;       ///< the aggregate's sequence after the command
  std::vector<stored_event> events; ///< what it recorded
};

using outcome_ptr = std::shared_ptr<const outcome>;

} // namespace skald
