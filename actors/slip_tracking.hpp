#pragma once

#include "actors/routing_slip.hpp"
#include "persistence/journal.hpp"

#include <optional>
#include <string_view>

namespace skald {

/// Where a routing slip was last recorded to be.
struct slip_place {
  address at;                ///< who has it, or who it is on its way to
  bool is_under_way = false; ///< it has not been recorded there yet
  timestamp since = no_time; ///< when it came there, or was sent there
  std::optional<routing_slip>
      slip; ///< as it was sent there; missing once the transaction has ended
};

/// Finds the slip with the tracking number `tracking`, which is the correlation id of its
/// transaction. Reads the whole journal. Nothing if there has been no such slip.
/// @throws store_error if a record cannot be read.
std::optional<slip_place> find_slip(const journal& log, std::string_view tracking);

} // namespace skald
