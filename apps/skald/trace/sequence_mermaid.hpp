#pragma once

#include "apps/skald/trace/sequence_diagram.hpp"

#include <string>

namespace skald {

/// The diagram in Mermaid's language, as GitHub and others draw it.
std::string sequence_mermaid(const sequence_diagram& diagram);

} // namespace skald
