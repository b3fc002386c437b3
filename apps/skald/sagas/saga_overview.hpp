#pragma once

#include "actors/entity.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// One step of a saga as an operator sees it.
struct step_overview {
  std::string name;
  std::string status; ///< `not sent`, `sent`, `succeeded`, `compensating`, ...
  address participant;
  timestamp sent = no_time; ///< the last that the participant was sent; `no_time`: nothing
  bool awaits_answer = false;
  unsigned refusals = 0; ///< of what was sent last
  bool took_effect = false;
  bool remains = false; ///< something is still to be done about it
};

/// How far a saga has come, and what it waits for.
struct saga_overview {
  address self;
  std::string saga; ///< its name
  std::string correlation;
  std::string phase;
  bool open = false;
  bool parked = false; ///< a compensation has failed for good
  timestamp since = no_time;
  std::string reason;
  std::vector<step_overview> steps; ///< none where handlers carry the transaction
  std::vector<std::pair<std::string, timestamp>> deadlines; ///< the earliest first

  std::vector<std::string_view> took_effect() const;
  std::vector<std::string_view> remains() const;

  /// Since when it waits: for an answer, for the time of a retry, or, where handlers carry it, for
  /// its end. Empty: it does not.
  std::optional<timestamp> waits_since() const;

  /// Is it open, and is its deadline past or has it waited for longer than `patience`?
  bool stuck(timestamp now, duration patience) const;
};

/// Empty if the entity hosts no saga.
std::optional<saga_overview> overview_of(const entity& host);

} // namespace skald
