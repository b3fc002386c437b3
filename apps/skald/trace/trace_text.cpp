#include "apps/skald/trace/trace_text.hpp"

#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/trace/turn_story.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <set>

namespace skald {

namespace {

constexpr unsigned depth_shown_max = 12; // more would leave no room for the text
constexpr int time_width = 12;
constexpr int indent_per_depth = 3;

std::string_view colour_of(tone x) {
  switch (x) {
  case tone::plain:
    break;
  case tone::success:
    return terminal_colours::green;
  case tone::failure:
    return terminal_colours::red;
  case tone::undoing:
    return terminal_colours::yellow;
  case tone::time:
    return terminal_colours::blue;
  }
  return {};
}

std::string line_text(const story_line& line, const terminal_colours& colours) {
  const auto colour = colour_of(line.its_tone);
  return colour.empty() ? printable(line.text) : colours.in(colour, printable(line.text));
}

std::string turn_text(const traced_turn& turn, timestamp start, const terminal_colours& colours) {
  const auto indent = std::string(std::min(turn.depth, depth_shown_max) * indent_per_depth, ' ');
  const auto story = tell(turn.content, turn.role);
  const auto who = printable(to_string(turn.content.stream.to_address()));
  auto result =
      fmt::format("{:>{}}  {}{} {}\n", "+" + elapsed_text(turn.content.time - start), time_width,
                  indent, colours.in(terminal_colours::cyan, who), line_text(story.input, colours));
  for (const auto& each : story.effects)
    result += fmt::format("{:>{}}  {}    {}\n", "", time_width, indent, line_text(each, colours));
  return result;
}

} // namespace

std::string summary_of(const transaction_trace& trace) {
  std::set<address> participants;
  std::optional<address> host; // of the saga that any others are part of: it began first
  std::string state;
  for (const auto& each : trace.turns) {
    const auto self = each.content.stream.to_address();
    participants.insert(self);
    const auto change = saga_change_line(each.content);
    if (!host && !change.text.empty())
      host = self;
    if (host == self && !change.text.empty())
      state = fmt::format("; {} {}", to_string(self), change.text);
  }
  const auto elapsed = trace.turns.back().content.time - trace.turns.front().content.time;
  const auto count = [](std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
  };
  return fmt::format("{} of {} in {}{}", count(trace.turns.size(), "turn"),
                     count(participants.size(), "participant"), elapsed_text(elapsed), state);
}

std::string trace_text(const transaction_trace& trace, const terminal_colours& colours) {
  const auto start = trace.turns.front().content.time;
  auto result =
      fmt::format("{}\n  {}\n  from {} on\n\n",
                  colours.in(terminal_colours::bold, "Transaction " + printable(trace.correlation)),
                  printable(summary_of(trace)), to_string(start));
  for (const auto& each : trace.turns)
    result += turn_text(each, start, colours);
  return result;
}

} // namespace skald
