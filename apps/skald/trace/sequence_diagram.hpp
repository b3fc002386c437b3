#pragma once

#include "apps/skald/trace/transaction_trace.hpp"
#include "apps/skald/trace/turn_story.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace skald {

/// A sequence diagram without a look: who takes part, and what passes between them as time goes
/// down. Texts may hold anything: to be escaped by who draws them.
struct sequence_diagram {
  /// A message between two lanes.
  struct arrow {
    enum class line { request, answer, lost }; ///< lost: sent, and not handled for long or ever

    std::size_t from;
    std::size_t to;
    std::string label;
    line form = line::request;
    tone its_tone = tone::plain;
  };

  /// What happens at one lane.
  struct note {
    std::size_t lane;
    std::vector<story_line> lines;

    /// Of the first line that has one.
    tone its_tone() const;
  };

  struct row {
    std::string time; ///< since the beginning; empty: as the row above
    std::variant<arrow, note> what;
  };

  std::string title;
  std::string summary;
  std::vector<std::string> lanes;
  std::vector<row> rows;
};

sequence_diagram diagram_of(const transaction_trace& trace);

} // namespace skald
