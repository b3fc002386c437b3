#pragma once

#include "apps/skald/flow/flow.hpp"

#include <string>
#include <vector>

namespace skald {

/// Each flow as a picture, one below the other: what leads to what from the left to the right.
std::string flows_svg(const std::vector<saga_flow>& flows);

} // namespace skald
