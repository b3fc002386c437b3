#pragma once

#include "persistence/journal.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace skald {

/// What the journal says of who has sent what, counted.
struct observed_flow {
  /// A saga has sent a command.
  struct sending {
    std::string step; ///< without the part
    participation role = participation::none;
    std::string target_type;
    std::string command;

    auto operator<=>(const sending&) const = default;
  };

  /// A handler has answered an event with a command.
  struct reaction {
    std::string reactor;
    std::string type;
    std::string event;
    participation role = participation::none;
    std::string target_type;
    std::string command;

    auto operator<=>(const reaction&) const = default;
  };

  /// An aggregate has answered a command with an event.
  struct result {
    std::string type;
    std::string command; ///< empty: what a saga had its host do when a deadline had passed
    std::string event;
    bool failure = false; ///< the command was refused

    auto operator<=>(const result&) const = default;
  };

  struct ends {
    std::uint64_t started = 0;
    std::uint64_t completed = 0;
    std::uint64_t compensated = 0;
    std::uint64_t by_hand = 0;
  };

  /// Of one saga: what its transactions have sent and recorded, at all participants.
  struct of_saga {
    ends how;
    std::map<sending, std::uint64_t> sendings;
    std::map<reaction, std::uint64_t> reactions;
    std::map<result, std::uint64_t> results;
  };

  std::map<std::pair<std::string, std::string>, of_saga> sagas; ///< by type of host and name
};

/// Reads the whole journal.
/// @throws store_error (damaged)
observed_flow observe_flow(const journal& log);

} // namespace skald
