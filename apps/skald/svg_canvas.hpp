#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// Puts an SVG picture together. Lengths are pixels; `look` names classes of the style sheet that
/// the picture carries:
/// - for text: `title`, `heading`, `dim`, `middle` (centred at its x), `end` (ends at its x);
/// - for shapes: `box`, `event` (rounded), `fill` (of the ground), `lifeline`, `dashed`, `thick`;
/// - for both, their colour: `success`, `failure`, `undoing`, `time`.
class svg_canvas {
public:
  struct point {
    double x = 0;
    double y = 0;
  };

  static constexpr double line_height = 16;

  /// The width that `text` takes at most. The font is monospaced, so that this needs no font.
  static double width_of(std::string_view text);

  void text(point at, std::string_view text, std::string_view look);

  /// Lines below each other; the first stands at `at`.
  void lines(point at, const std::vector<std::string>& lines, std::string_view look);

  void rectangle(point corner, double width, double height, std::string_view look);

  void line(point from, point to, std::string_view look);

  /// A line through `through`: first a point, then the two controls and the end of each curve.
  void curve(const std::vector<point>& through, std::string_view look);

  /// The head of an arrow that comes from the left (`direction` 1) or from the right (-1).
  void arrow_head(point tip, int direction, std::string_view look);

  void cross(point centre, std::string_view look);

  /// Puts everything that `other` holds in front.
  void append(const svg_canvas& other) { content_ += other.content_; }

  /// The whole picture.
  std::string finish(double width, double height, std::string_view title) const;

private:
  std::string content_;
};

/// Breaks `text` between words, or in one that is too long, into lines of at most `columns`.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

} // namespace skald
