#pragma once

#include <string>
#include <string_view>

namespace skald {

/// Colours for what is printed on standard output: none if that is no terminal or if the
/// environment has NO_COLOR.
class terminal_colours {
public:
  static constexpr std::string_view bold = "1";
  static constexpr std::string_view dim = "2";
  static constexpr std::string_view red = "31";
  static constexpr std::string_view green = "32";
  static constexpr std::string_view yellow = "33";
  static constexpr std::string_view blue = "34";
  static constexpr std::string_view cyan = "36";

  terminal_colours();

  static terminal_colours none();

  /// `text` in the colour `code`, which is one of those above.
  std::string in(std::string_view code, std::string_view text) const;

private:
  bool shown_;
};

} // namespace skald
