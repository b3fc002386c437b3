#pragma once

#include "apps/skald/trace/sequence_diagram.hpp"

#include <string>

namespace skald {

/// The diagram as a picture: lifelines, time going down. As wide and high as its texts need.
std::string sequence_svg(const sequence_diagram& diagram);

} // namespace skald
