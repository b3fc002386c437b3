#pragma once

#include "actors/entity.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

// What one turn is put together in. One per thread, so that its buffers are allocated once.
struct entity::scratch {
  record rec;
  recorded_events events;
  saga_plan plan;
  std::optional<routing_slip> slip; ///< that came with the command
  std::vector<command_message_ptr> dispatched;
  std::string_view correlation;
  timestamp now = no_time;
  std::string refusal;        ///< why the command is refused without being decided
  std::string step;           ///< what `rec.step` refers to
  std::string settled_reason; ///< what `rec.settled_reason` refers to

  void clear();

  static scratch& of_thread();
};

/// What stands in `entity::holds_`.
std::string hold_key(std::string_view correlation, std::string_view step);

/// What stands in `entity::cancelled_steps_`.
message_id mark_id(std::string_view correlation, std::string_view step);

/// Writes into `rec` which command the turn handles.
void describe(const command_message& message, record& rec);

} // namespace skald
