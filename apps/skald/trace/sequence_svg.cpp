#include "apps/skald/trace/sequence_svg.hpp"

#include "apps/skald/svg_canvas.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace skald {

namespace {

using arrow = sequence_diagram::arrow;
using note = sequence_diagram::note;
using point = svg_canvas::point;

constexpr double margin = 16;
constexpr double gap = 14;           // between things that must not touch
constexpr double padding = 8;        // between a box and its text
constexpr double baseline = 12;      // of a line of text below its top
constexpr double lane_distance = 90; // at least
constexpr double heading_height = 28;
constexpr std::size_t label_columns = 44;
constexpr std::size_t note_columns = 36;
constexpr std::size_t rows_between_headings = 24;

std::string_view look_of(tone x) {
  switch (x) {
  case tone::plain:
    break;
  case tone::success:
    return "success";
  case tone::failure:
    return "failure";
  case tone::undoing:
    return "undoing";
  case tone::time:
    return "time";
  }
  return "";
}

std::string with(std::string_view look, std::string_view more) {
  return fmt::format("{} {}", look, more);
}

const std::string& text_of(const std::string& line) {
  return line;
}

const std::string& text_of(const story_line& line) {
  return line.text;
}

template <class Line>
double widest(const std::vector<Line>& lines) {
  double result = 0;
  for (const auto& each : lines)
    result = std::max(result, svg_canvas::width_of(text_of(each)));
  return result;
}

template <class Line>
double height_of(const std::vector<Line>& lines) {
  return static_cast<double>(lines.size()) * svg_canvas::line_height;
}

std::vector<std::string> lines_of(const arrow& x) {
  return wrapped(x.label, label_columns);
}

std::vector<story_line> lines_of(const note& x) {
  std::vector<story_line> result;
  for (const auto& each : x.lines)
    for (auto& line : wrapped(each.text, note_columns))
      result.push_back({std::move(line), each.its_tone});
  return result;
}

class sequence_picture {
public:
  explicit sequence_picture(const sequence_diagram& diagram) : diagram_(diagram) { place_lanes(); }

  std::string draw() {
    draw_title();
    draw_headings();
    std::size_t since_heading = 0;
    for (const auto& row : diagram_.rows) {
      // Who is who has to be seen also where the beginning is out of sight.
      if (since_heading++ == rows_between_headings) {
        draw_headings();
        since_heading = 1;
      }
      draw_row(row);
    }
    draw_headings();
    draw_legend();
    return finish();
  }

private:
  // From the left to the right: each lane as near to those before it as their texts allow.
  void place_lanes() {
    double time_width = 0;
    for (const auto& row : diagram_.rows)
      time_width = std::max(time_width, svg_canvas::width_of(row.time));
    const auto left = margin + time_width + gap;
    for (std::size_t i = 0; i < diagram_.lanes.size(); ++i) {
      const auto half = half_width(i);
      auto x = i == 0 ? left + half : x_[i - 1] + half_width(i - 1) + half + gap;
      if (i > 0)
        x = std::max(x, x_[i - 1] + lane_distance);
      for (const auto& row : diagram_.rows)
        if (const auto* each = std::get_if<arrow>(&row.what);
            each && std::max(each->from, each->to) == i)
          x = std::max(x, x_of_first(*each, i) + widest(lines_of(*each)) + 3 * gap);
      x_.push_back(x);
    }
    width_ = x_.empty() ? left : x_.back() + half_width(x_.size() - 1);
    for (const auto& row : diagram_.rows)
      if (const auto* each = std::get_if<arrow>(&row.what); each && each->from == each->to)
        width_ = std::max(width_, x_[each->from] + loop_width + gap + widest(lines_of(*each)));
    width_ = std::max({width_ + margin, margin * 2 + svg_canvas::width_of(diagram_.summary),
                       margin * 2 + svg_canvas::width_of(diagram_.title) * 4 / 3});
  }

  double x_of_first(const arrow& x, std::size_t last) const {
    const auto first = std::min(x.from, x.to);
    return first == last ? 0 : x_[first];
  }

  // Of what stands centred on the lane.
  double half_width(std::size_t lane) const {
    auto result = svg_canvas::width_of(diagram_.lanes[lane]);
    for (const auto& row : diagram_.rows)
      if (const auto* each = std::get_if<note>(&row.what); each && each->lane == lane)
        result = std::max(result, widest(lines_of(*each)));
    return result / 2 + padding;
  }

  void draw_title() {
    canvas_.text({margin, y_ + baseline}, diagram_.title, "title");
    y_ += 24;
    canvas_.text({margin, y_ + baseline}, diagram_.summary, "dim");
    y_ += 32;
  }

  void draw_headings() {
    y_ += gap / 2;
    if (first_heading_ == 0)
      first_heading_ = y_;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const auto width = svg_canvas::width_of(diagram_.lanes[i]) + 2 * padding;
      canvas_.rectangle({x_[i] - width / 2, y_}, width, heading_height, "box thick");
      canvas_.text({x_[i], y_ + heading_height / 2 + 4}, diagram_.lanes[i], "heading middle");
    }
    y_ += heading_height + gap;
  }

  void draw_row(const sequence_diagram::row& row) {
    if (!row.time.empty())
      y_ += gap / 2;
    const auto top = y_;
    const auto y = std::visit([&](const auto& each) { return draw(each); }, row.what);
    if (!row.time.empty())
      canvas_.text({margin, (std::holds_alternative<arrow>(row.what) ? y : top + baseline + 5)},
                   row.time, "dim");
  }

  double draw(const arrow& x) {
    const auto look = look_of(x.its_tone);
    const auto lines = lines_of(x);
    if (x.from == x.to)
      return draw_loop(x, lines);
    const int direction = x.from < x.to ? 1 : -1;
    const auto middle = (x_[x.from] + x_[x.to]) / 2;
    // The ground below the label, so that a lifeline that it crosses does not strike it through.
    canvas_.rectangle({middle - widest(lines) / 2 - 2, y_}, widest(lines) + 4, height_of(lines),
                      "fill");
    canvas_.lines({middle, y_ + baseline}, lines, with("middle", look));
    const auto y = y_ + height_of(lines) + 3;
    const point tip{x.form == arrow::line::lost ? x_[x.to] - direction * gap * 2 : x_[x.to], y};
    canvas_.line({x_[x.from], y}, tip,
                 x.form == arrow::line::request ? std::string{look} : with("dashed", look));
    if (x.form == arrow::line::lost)
      canvas_.cross(tip, with("thick", look));
    else
      canvas_.arrow_head(tip, direction, look);
    y_ = y + gap;
    return y;
  }

  // A message that a lane sends to itself.
  double draw_loop(const arrow& x, const std::vector<std::string>& lines) {
    const auto look = look_of(x.its_tone);
    const auto left = x_[x.from];
    const auto height = std::max(height_of(lines), svg_canvas::line_height * 1.5);
    canvas_.rectangle({left + loop_width + 6, y_}, widest(lines) + 4, height_of(lines), "fill");
    canvas_.lines({left + loop_width + 8, y_ + baseline}, lines, look);
    canvas_.line({left, y_ + 4}, {left + loop_width, y_ + 4}, look);
    canvas_.line({left + loop_width, y_ + 4}, {left + loop_width, y_ + height}, look);
    canvas_.line({left + loop_width, y_ + height}, {left, y_ + height}, look);
    canvas_.arrow_head({left, y_ + height}, -1, look);
    const auto y = y_ + baseline;
    y_ += height + gap;
    return y;
  }

  double draw(const note& x) {
    const auto look = look_of(x.its_tone());
    const auto lines = lines_of(x);
    const auto width = widest(lines) + 2 * padding;
    const auto height = height_of(lines) + padding;
    canvas_.rectangle({x_[x.lane] - width / 2, y_}, width, height, with("box", look));
    auto y = y_ + padding / 2 + baseline;
    for (const auto& each : lines) {
      canvas_.text({x_[x.lane], y}, each.text, with("middle", look_of(each.its_tone)));
      y += svg_canvas::line_height;
    }
    y_ += height + gap;
    return y_;
  }

  void draw_legend() {
    auto x = margin;
    auto add = [&](std::string_view text, tone its_tone) {
      canvas_.text({x, y_ + baseline}, text, look_of(its_tone));
      x += svg_canvas::width_of(text) + 2 * gap;
    };
    add("completed", tone::success);
    add("failed", tone::failure);
    add("undone", tone::undoing);
    add("deadline", tone::time);
    width_ = std::max(width_, x);
    y_ += svg_canvas::line_height + margin;
  }

  // The lifelines are known last and stand behind everything else.
  std::string finish() {
    svg_canvas all;
    for (const auto x : x_)
      all.line({x, first_heading_}, {x, y_ - 2 * margin - heading_height}, "lifeline");
    all.append(canvas_);
    return all.finish(width_, y_, diagram_.title);
  }

  static constexpr double loop_width = 30;

  const sequence_diagram& diagram_;
  svg_canvas canvas_;
  std::vector<double> x_; ///< of each lane
  double width_ = 0;
  double y_ = margin;
  double first_heading_ = 0;
};

} // namespace

std::string sequence_svg(const sequence_diagram& diagram) {
  return sequence_picture{diagram}.draw();
}

} // namespace skald
