#pragma once

#include "messages/time.hpp"

#include <string>

namespace skald {

/// `0.38 ms`, `1.25 s`, `2 min 5 s`, `3 d 4 h`.
std::string elapsed_text(duration elapsed);

} // namespace skald
