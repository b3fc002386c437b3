#pragma once

#include "actors/runtime.hpp"
#include "persistence/journal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace skald {

/// What an outcome line says of the command that it answers.
struct asked_command {
  explicit asked_command(const client_command& x) : to(x.to), type(x.type), sent_as(x.message_id) {}

  address to;
  std::string type;
  std::string sent_as; ///< the client's own message id
};

/// Is `answer` a verdict on the command? Else nothing was done, because nobody could consider the
/// command or the store took nothing more, and `answer` says why.
bool was_handled(const journal& log, const asked_command& asked, const outcome& answer);

/// `{"type":"account","id":"A-1","command":"OpenAccount","message_id":"...","outcome":"accepted",
/// "sequence":1}`, or `"outcome":"rejected","reason":"..."`, or `"error":"..."` if it was not
/// handled.
nlohmann::ordered_json outcome_json(const asked_command& asked, const outcome& answer,
                                    bool handled);

/// `x` on one line. Text that is not UTF-8 cannot end the program.
std::string one_line(const nlohmann::ordered_json& x);

} // namespace skald
