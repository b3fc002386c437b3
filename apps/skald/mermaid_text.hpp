#pragma once

#include <string>
#include <string_view>

namespace skald {

/// `text` so that Mermaid shows it as it is, whatever it holds, and takes none of it for its own
/// language or for HTML.
std::string mermaid_text(std::string_view text);

} // namespace skald
