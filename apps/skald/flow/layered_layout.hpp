#pragma once

#include "apps/skald/svg_canvas.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace skald {

/// Places the boxes of a directed graph in layers from the left to the right so that no two
/// overlap, and edges lead from one layer to a later one as far as there are no cycles.
struct layered_layout {
  struct box {
    double width = 0;
    double height = 0;
    double x = 0; ///< set by the layout: of the left upper corner
    double y = 0;
  };

  struct edge {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<svg_canvas::point> bends; ///< set by the layout: between the layers it crosses
    bool backwards = false;               ///< set by the layout: it closes a cycle
  };

  std::vector<box> boxes;
  std::vector<edge> edges;
  double width = 0; ///< set by the layout
  double height = 0;

  void place();
};

} // namespace skald
