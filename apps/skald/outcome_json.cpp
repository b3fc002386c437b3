#include "apps/skald/outcome_json.hpp"

#include "actors/lookup.hpp"

#include <nlohmann/json.hpp>

namespace skald {

using nlohmann::ordered_json;

bool was_handled(const journal& log, const asked_command& asked, const outcome& answer) {
  // A verdict is recorded, so where the answer itself leaves it open the journal knows.
  if (answer.accepted || answer.sequence > 0)
    return true;
  command_message message;
  message.id = answer.answers;
  message.to = asked.to;
  return look_up(log, message).first_answer != nullptr;
}

ordered_json outcome_json(const asked_command& asked, const outcome& answer, bool handled) {
  ordered_json result;
  result["type"] = asked.to.type;
  result["id"] = asked.to.id;
  result["command"] = asked.type;
  result["message_id"] = asked.sent_as.empty() ? to_string(answer.answers) : asked.sent_as;
  if (!handled) {
    result["error"] = answer.reason;
  } else if (answer.accepted) {
    result["outcome"] = "accepted";
    result["sequence"] = answer.sequence;
  } else {
    result["outcome"] = "rejected";
    result["reason"] = answer.reason;
  }
  return result;
}

std::string one_line(const ordered_json& x) {
  return x.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace skald
