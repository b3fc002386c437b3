#pragma once

#include "persistence/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// What a line of a story or a part of a picture is about, which gives it its colour.
enum class tone {
  plain,
  success, ///< confirms, completed
  failure, ///< refused, failed for good
  undoing, ///< compensations
  time,    ///< deadlines and retries
};

struct story_line {
  std::string text; ///< may hold anything: to be made printable or escaped by who shows it
  tone its_tone = tone::plain;
};

/// One turn in words, the stream being the subject: "is asked to Withdraw", "refuses: insufficient
/// funds".
struct turn_story {
  story_line input;
  std::vector<story_line> effects;
};

/// `role` is what the command that the turn is about means to the saga.
turn_story tell(const record& x, participation role);

/// The step that is tried again when the deadline `name` passes; empty if it is another deadline.
std::string_view step_retried_at(std::string_view name);

/// What the turn did to the saga that its stream hosts; empty text if nothing.
story_line saga_change_line(const record& x);

/// `in 5 s`, from the turn on: when a deadline that it sets is due.
std::string due_in_text(const record& x, timestamp due);

} // namespace skald
