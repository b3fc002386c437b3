#pragma once

#include "messages/bytes.hpp"
#include "messages/command_message.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace skald {

/// What a reader sees of an aggregate or saga.
struct entity_view {
  address self;
  bool exists = false;        ///< has it ever recorded anything?
  std::uint64_t sequence = 0; ///< of its last event; also its version
  std::uint64_t turn = 0;
  bool deleted = false;
  std::string status;
  std::vector<std::string> in_saga; ///< correlation ids of the sagas that hold it
  byte_buffer state;                ///< CBOR map of the domain's fields
  std::string error;                ///< why it could not be read; everything else is empty then
};

/// Where the answer to a client goes. Called at most once, from any thread; must not block.
class reply_channel {
public:
  virtual ~reply_channel() = default;
  virtual void answer(outcome_ptr answer) = 0;
  virtual void show(const entity_view& view) = 0;
};

using reply_channel_ptr = std::shared_ptr<reply_channel>;

/// What the journal has said about a message that the entity's memory does not reach back to.
enum class history_check : std::uint8_t {
  unchecked, ///< not asked
  new_here,  ///< it was never handled
  cancelled, ///< never handled, and its step was cancelled before it came
};

/// A command reaches its entity.
struct command_delivery {
  command_message_ptr message;
  reply_channel_ptr reply; ///< of a client that waits; may be null
  bool until_saga_ends =
      false; ///< the client wants the outcome of the saga that the command starts
  history_check history = history_check::unchecked;
  bool has_waited = false; ///< for a saga to let go of the aggregate, and does not again
};

/// The outcome of a command reaches the saga or reactor that dispatched it.
struct outcome_delivery {
  outcome_ptr content;
};

/// A deadline of the entity has passed.
struct deadline_delivery {};

/// The entity has been brought back after a crash: it sends again what is unanswered.
struct resume_delivery {};

/// A reader wants to see the entity.
struct view_delivery {
  reply_channel_ptr reply;
};

using delivery_content = std::variant<command_delivery, outcome_delivery, deadline_delivery,
                                      resume_delivery, view_delivery>;

/// Something on its way to an entity of this process.
struct delivery {
  address to;
  delivery_content content;
};

} // namespace skald
