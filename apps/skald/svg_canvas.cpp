#include "apps/skald/svg_canvas.hpp"

#include "apps/skald/printable.hpp"

#include <spdlog/fmt/fmt.h>

namespace skald {

namespace {

constexpr double font_size = 12;
constexpr double column_width = 0.61 * font_size; // the widest of the usual monospaced fonts

constexpr std::string_view style_sheet = R"(
text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328; }
.title { font-size: 16px; font-weight: bold; }
.heading { font-weight: bold; }
.dim { fill: #6e7781; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
rect, line, path { stroke: #57606a; stroke-width: 1.2; fill: none; }
polygon { fill: #57606a; }
.box { fill: #f6f8fa; }
.fill { fill: #ffffff; stroke: none; }
.lifeline { stroke: #d0d7de; }
.dashed { stroke-dasharray: 5 4; }
.thick { stroke-width: 2; }
text.success { fill: #116329; } text.failure { fill: #b3261e; }
text.undoing { fill: #8a4b00; } text.time { fill: #6639ba; }
line.success, path.success, rect.success { stroke: #1a7f37; }
line.failure, path.failure, rect.failure { stroke: #cf222e; }
line.undoing, path.undoing, rect.undoing { stroke: #bc6a00; }
line.time, path.time, rect.time { stroke: #8250df; }
polygon.success { fill: #1a7f37; } polygon.failure { fill: #cf222e; }
polygon.undoing { fill: #bc6a00; } polygon.time { fill: #8250df; }
rect.event { rx: 14px; }
rect.box.success { fill: #eaf9ee; } rect.box.failure { fill: #ffebe9; }
rect.box.undoing { fill: #fff4e0; } rect.box.time { fill: #f5efff; }
)";

bool is_continuation(char x) {
  return (static_cast<unsigned char>(x) & 0xc0) == 0x80;
}

// A character of the scripts whose letters are two columns wide, or any other from there on.
bool is_wide(char first_byte) {
  return static_cast<unsigned char>(first_byte) >= 0xe1;
}

std::size_t columns_of(std::string_view text) {
  std::size_t result = 0;
  for (const char each : text)
    result += is_continuation(each) ? 0 : is_wide(each) ? 2 : 1;
  return result;
}

// `text` as the content of an element or attribute of XML.
std::string escaped(std::string_view text) {
  std::string result;
  const auto clean = printable(text);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const auto rest = std::string_view{clean}.substr(i);
    if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf")) {
      result += "\xef\xbf\xbd"; // no characters of XML: replaced
      i += 2;
    } else if (rest[0] == '&')
      result += "&amp;";
    else if (rest[0] == '<')
      result += "&lt;";
    else if (rest[0] == '>')
      result += "&gt;";
    else if (rest[0] == '"')
      result += "&quot;";
    else
      result += rest[0];
  }
  return result;
}

// How many bytes of `text` fit into `columns`; at least one character.
std::size_t fitting(std::string_view text, std::size_t columns) {
  std::size_t size = 0;
  while (size < text.size()) {
    auto next = size + 1;
    while (next < text.size() && is_continuation(text[next]))
      ++next;
    if (size > 0 && columns_of(text.substr(0, next)) > columns)
      break;
    size = next;
  }
  return size;
}

} // namespace

double svg_canvas::width_of(std::string_view text) {
  return static_cast<double>(columns_of(printable(text))) * column_width;
}

void svg_canvas::text(point at, std::string_view text, std::string_view look) {
  content_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" xml:space=\"preserve\">"
                          "{}</text>\n",
                          at.x, at.y, look, escaped(text));
}

void svg_canvas::lines(point at, const std::vector<std::string>& lines, std::string_view look) {
  for (const auto& each : lines) {
    text(at, each, look);
    at.y += line_height;
  }
}

void svg_canvas::rectangle(point corner, double width, double height, std::string_view look) {
  content_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                          "rx=\"4\" class=\"{}\"/>\n",
                          corner.x, corner.y, width, height, look);
}

void svg_canvas::line(point from, point to, std::string_view look) {
  content_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
                          "class=\"{}\"/>\n",
                          from.x, from.y, to.x, to.y, look);
}

void svg_canvas::curve(const std::vector<point>& through, std::string_view look) {
  std::string data;
  for (std::size_t i = 0; i < through.size(); ++i)
    data += fmt::format("{}{:.1f} {:.1f}",
                        i == 0       ? "M"
                        : i % 3 == 1 ? " C"
                                     : " ",
                        through[i].x, through[i].y);
  content_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", data, look);
}

void svg_canvas::arrow_head(point tip, int direction, std::string_view look) {
  const auto back = tip.x - direction * 9.0;
  content_ +=
      fmt::format("<polygon points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" class=\"{}\"/>\n",
                  tip.x, tip.y, back, tip.y - 4.5, back, tip.y + 4.5, look);
}

void svg_canvas::cross(point centre, std::string_view look) {
  constexpr double arm = 5;
  line({centre.x - arm, centre.y - arm}, {centre.x + arm, centre.y + arm}, look);
  line({centre.x - arm, centre.y + arm}, {centre.x + arm, centre.y - arm}, look);
}

std::string svg_canvas::finish(double width, double height, std::string_view title) const {
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" "
                     "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\">\n"
                     "<title>{2}</title>\n<style>{3}</style>\n"
                     "<rect width=\"100%\" height=\"100%\" class=\"fill\"/>\n{4}</svg>\n",
                     width, height, escaped(title), style_sheet, content_);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> result;
  const auto clean = printable(text);
  auto rest = std::string_view{clean};
  while (columns_of(rest) > columns) {
    auto size = fitting(rest, columns);
    // A word is broken only where its line would be less than a third full without it.
    const auto space = rest.substr(0, size + 1).rfind(' ');
    const bool at_space = space != std::string_view::npos && space > size / 3;
    if (at_space)
      size = space;
    result.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size + (at_space ? 1 : 0));
  }
  if (!rest.empty() || result.empty())
    result.emplace_back(rest);
  return result;
}

} // namespace skald
