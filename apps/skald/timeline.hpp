#pragma once

#include "apps/skald/terminal_colours.hpp"
#include "persistence/journal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// Tells what happens in a journal as a story: chapters, and in each the turns as they were
/// committed. In colour on a terminal; or as JSON, one object a line.
class timeline {
public:
  timeline(const journal& log, bool json);

  void chapter(std::string_view title);

  void note(std::string_view text);

  /// Shows the turns that were committed since it last did. Times count from the chapter's first.
  void show_new_turns();

  /// Prints `object` if this is JSON, else `text` as it is.
  void conclude(const nlohmann::ordered_json& object, std::string_view text);

  /// `text` so that it stands out.
  std::string bold(std::string_view text) const {
    return colours_.in(terminal_colours::bold, text);
  }

private:
  std::string turn_line(const record& x) const;
  std::string effects_text(const record& x) const;

  const journal& log_;
  bool json_;
  terminal_colours colours_;
  position seen_;
  std::optional<timestamp> start_;
};

} // namespace skald
