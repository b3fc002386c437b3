#include "apps/skald/terminal_colours.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <unistd.h>

namespace skald {

terminal_colours::terminal_colours()
    : shown_(::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {}

terminal_colours terminal_colours::none() {
  terminal_colours result;
  result.shown_ = false;
  return result;
}

std::string terminal_colours::in(std::string_view code, std::string_view text) const {
  return shown_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string{text};
}

} // namespace skald
