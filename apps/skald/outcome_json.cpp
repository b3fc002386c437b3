#include "apps/skald/outcome_json.hpp"

#include <nlohmann/json.hpp>

namespace skald {

using nlohmann::ordered_json;

ordered_json outcome_json(const asked_command& asked, const outcome& answer) {
  ordered_json result;
  result["type"] = asked.to.type;
  result["id"] = asked.to.id;
  result["command"] = asked.type;
  result["message_id"] = asked.sent_as.empty() ? to_string(answer.answers) : asked.sent_as;
  if (answer.accepted) {
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
