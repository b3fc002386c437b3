#pragma once

#include <string>
#include <string_view>

namespace skald {

/// `text` for a terminal, as one line: what could steer it (control characters, bytes that are not
/// UTF-8) is written like `\x1b`.
std::string printable(std::string_view text);

} // namespace skald
