#include "apps/skald/trace/sequence_mermaid.hpp"

#include "apps/skald/mermaid_text.hpp"

#include <spdlog/fmt/fmt.h>

namespace skald {

namespace {

std::string_view arrow_of(sequence_diagram::arrow::line form) {
  switch (form) {
  case sequence_diagram::arrow::line::request:
    return "->>";
  case sequence_diagram::arrow::line::answer:
    return "-->>";
  case sequence_diagram::arrow::line::lost:
    return "-x";
  }
  return {};
}

std::string text_of(const sequence_diagram::arrow& x) {
  return fmt::format("  p{}{}p{}: {}\n", x.from, arrow_of(x.form), x.to, mermaid_text(x.label));
}

std::string text_of(const sequence_diagram::note& x) {
  std::string lines;
  for (const auto& each : x.lines)
    lines += (lines.empty() ? "" : "<br/>") + mermaid_text(each.text);
  return fmt::format("  Note over p{}: {}\n", x.lane, lines);
}

} // namespace

std::string sequence_mermaid(const sequence_diagram& diagram) {
  std::string result = "sequenceDiagram\n";
  result += fmt::format("  title: {}\n", mermaid_text(diagram.title));
  for (std::size_t i = 0; i < diagram.lanes.size(); ++i)
    result += fmt::format("  participant p{} as {}\n", i, mermaid_text(diagram.lanes[i]));
  for (const auto& row : diagram.rows)
    result += std::visit([](const auto& each) { return text_of(each); }, row.what);
  return result;
}

} // namespace skald
