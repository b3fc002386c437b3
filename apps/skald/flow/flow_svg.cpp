#include "apps/skald/flow/flow_svg.hpp"

#include "apps/skald/flow/flow_text.hpp"
#include "apps/skald/flow/layered_layout.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <set>

namespace skald {

namespace {

using meaning = flow_link::meaning;
using point = svg_canvas::point;

constexpr double margin = 20;
constexpr double padding = 8;
constexpr double baseline = 12;

std::string_view look_of(const flow_link& x) {
  switch (x.what) {
  case meaning::confirm:
    return "success";
  case meaning::compensation:
    return "undoing";
  case meaning::failure:
    return "failure";
  default:
    return "";
  }
}

// A command, event or deadline as a box.
struct drawn_node {
  std::vector<std::string> lines; ///< its name, and what there is to say about it
  std::string look;
  bool seen = false;
};

class flow_picture {
public:
  flow_picture(const saga_flow& flow, svg_canvas& canvas) : flow_(flow), canvas_(canvas) {
    for (const auto& each : flow.links)
      add(each);
    for (const auto& [node, index] : numbers_)
      describe(node, nodes_[index]);
    graph_.place();
  }

  // Returns how much room it takes.
  std::pair<double, double> draw(double top) {
    origin_ = {margin, top + 60};
    canvas_.text({margin, top + baseline + 4}, flow_.saga, "title");
    canvas_.text({margin, top + baseline + 26}, flow_summary(flow_), "dim");
    for (std::size_t i = 0; i < flow_.links.size(); ++i)
      draw_link(flow_.links[i], graph_.edges[i]);
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      draw_node(nodes_[i], graph_.boxes[i]);
    auto bottom = origin_.y + graph_.height + margin;
    bottom = draw_differences("declared, but never observed (dashed):", flow_.never_seen(), bottom);
    bottom = draw_differences("observed, but not declared (red):", flow_.undeclared(), bottom);
    return {std::max({graph_.width, text_width_, svg_canvas::width_of(flow_summary(flow_))}) +
                2 * margin,
            bottom + margin};
  }

private:
  std::size_t number_of(const flow_node& x) {
    const auto [found, is_new] = numbers_.emplace(x, nodes_.size());
    if (is_new)
      nodes_.emplace_back();
    return found->second;
  }

  void add(const flow_link& x) {
    const auto from = number_of(x.from);
    const auto to = number_of(x.to);
    graph_.edges.push_back({from, to, {}, false});
    const bool is_seen = !x.is_never_seen();
    auto& target = nodes_[to];
    target.seen = target.seen || is_seen;
    if (target.look.empty())
      target.look = look_of(x);
    if (!x.via.empty())
      vias_[to].insert(x.via);
    if (x.countable && is_result(x) == (x.to.what == flow_node::kind::event))
      counts_[to] = std::max(counts_[to], x.observed);
  }

  static bool is_result(const flow_link& x) {
    return x.what == meaning::result || x.what == meaning::failure;
  }

  void describe(const flow_node& node, drawn_node& x) {
    const auto index = numbers_.at(node);
    x.lines = {node.name, node.type};
    for (const auto& each : vias_[index])
      x.lines.push_back(each);
    if (const auto count = counts_.find(index); count != counts_.end())
      x.lines.push_back(times_text(count->second));
    else
      x.seen = true; // nothing is known of it, so nothing speaks against it
    if (node.what == flow_node::kind::deadline)
      x.look = "time";
    x.look += node.what == flow_node::kind::command ? " box" : " box event";
    double width = 0;
    for (const auto& each : x.lines)
      width = std::max(width, svg_canvas::width_of(each));
    graph_.boxes.resize(nodes_.size());
    graph_.boxes[index].width = width + 2 * padding;
    graph_.boxes[index].height =
        static_cast<double>(x.lines.size()) * svg_canvas::line_height + padding;
  }

  void draw_node(const drawn_node& x, const layered_layout::box& box) {
    const point corner{origin_.x + box.x, origin_.y + box.y};
    canvas_.rectangle(corner, box.width, box.height, x.look + (x.seen ? "" : " dashed"));
    point at{corner.x + box.width / 2, corner.y + padding / 2 + baseline};
    for (std::size_t i = 0; i < x.lines.size(); ++i) {
      canvas_.text(at, x.lines[i], i == 0 ? "heading middle" : "dim middle");
      at.y += svg_canvas::line_height;
    }
  }

  void draw_link(const flow_link& x, const layered_layout::edge& edge) {
    const auto& from = graph_.boxes[edge.backwards ? edge.to : edge.from];
    const auto& to = graph_.boxes[edge.backwards ? edge.from : edge.to];
    if (edge.from == edge.to)
      return;
    const bool is_undeclared = !x.declared && !is_result(x);
    std::string look{is_undeclared ? std::string_view{"failure thick"} : look_of(x)};
    if (x.is_never_seen())
      look += " dashed";
    std::vector<point> stops{{from.x + from.width, from.y + from.height / 2}};
    stops.insert(stops.end(), edge.bends.begin(), edge.bends.end());
    stops.push_back({to.x, to.y + to.height / 2});
    for (auto& each : stops)
      each = {each.x + origin_.x, each.y + origin_.y};
    canvas_.curve(smoothed(stops), look);
    if (edge.backwards)
      canvas_.arrow_head(stops.front(), -1, look);
    else
      canvas_.arrow_head(stops.back(), 1, look);
  }

  // A curve that leaves and reaches every stop level.
  static std::vector<point> smoothed(const std::vector<point>& stops) {
    std::vector<point> result{stops.front()};
    for (std::size_t i = 1; i < stops.size(); ++i) {
      const auto middle = (stops[i - 1].x + stops[i].x) / 2;
      result.push_back({middle, stops[i - 1].y});
      result.push_back({middle, stops[i].y});
      result.push_back(stops[i]);
    }
    return result;
  }

  double draw_differences(std::string_view title, const std::vector<const flow_link*>& links,
                          double y) {
    if (links.empty())
      return y;
    canvas_.text({margin, y + baseline}, title, "heading");
    for (const auto* each : links) {
      y += svg_canvas::line_height;
      const auto text = "  " + to_string(*each);
      canvas_.text({margin, y + baseline}, text, "dim");
      text_width_ = std::max(text_width_, svg_canvas::width_of(text));
    }
    return y + 2 * svg_canvas::line_height;
  }

  const saga_flow& flow_;
  svg_canvas& canvas_;
  layered_layout graph_;
  std::map<flow_node, std::size_t> numbers_;
  std::vector<drawn_node> nodes_;
  std::map<std::size_t, std::set<std::string>> vias_;
  std::map<std::size_t, std::uint64_t> counts_;
  point origin_;
  double text_width_ = 0;
};

} // namespace

std::string flows_svg(const std::vector<saga_flow>& flows) {
  svg_canvas canvas;
  double width = 0;
  double height = margin;
  for (const auto& each : flows) {
    const auto [its_width, bottom] = flow_picture{each, canvas}.draw(height);
    width = std::max(width, its_width);
    height = bottom + margin;
  }
  return canvas.finish(width, height, "Flows of sagas");
}

} // namespace skald
