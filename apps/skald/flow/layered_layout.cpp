#include "apps/skald/flow/layered_layout.hpp"

#include <algorithm>
#include <numeric>

namespace skald {

namespace {

constexpr double layer_gap = 64;
constexpr double box_gap = 18;
constexpr double bend_height = 8; // room for an edge that passes through a layer
constexpr int sweeps = 12;

constexpr std::size_t none = static_cast<std::size_t>(-1);

// A box, or the place where an edge crosses a layer.
struct vertex {
  std::size_t box = none;
  double width = 0;
  double height = bend_height;
  std::size_t layer = 0;
  double x = 0;
  double y = 0;
  std::vector<std::size_t> before; ///< neighbours in the layer before
  std::vector<std::size_t> after;
};

class placement {
public:
  explicit placement(layered_layout& graph) : graph_(graph) {}

  void run() {
    find_cycles();
    assign_layers();
    split_edges();
    for (int sweep = 0; sweep < sweeps; ++sweep)
      order_layers(sweep % 2 == 0);
    place_layers();
    place_rows();
    write_back();
  }

private:
  // An edge to a box that is being visited closes a cycle.
  void find_cycles() {
    enum class mark { fresh, open, done };
    std::vector<mark> marks(graph_.boxes.size(), mark::fresh);
    auto visit = [&](auto& self, std::size_t box) -> void {
      marks[box] = mark::open;
      for (auto& each : graph_.edges)
        if (each.from == box) {
          if (marks[each.to] == mark::open)
            each.backwards = true;
          else if (marks[each.to] == mark::fresh)
            self(self, each.to);
        }
      marks[box] = mark::done;
    };
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i)
      if (marks[i] == mark::fresh)
        visit(visit, i);
  }

  std::pair<std::size_t, std::size_t> ends_of(const layered_layout::edge& x) const {
    return x.backwards ? std::pair{x.to, x.from} : std::pair{x.from, x.to};
  }

  // The longest way from a box that nothing leads to. A box that only has something after it moves
  // next to that.
  void assign_layers() {
    layers_.assign(graph_.boxes.size(), 0);
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i)
      for (const auto& each : graph_.edges)
        if (const auto [from, to] = ends_of(each); from != to)
          layers_[to] = std::max(layers_[to], layers_[from] + 1);
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i) {
      bool is_root = true;
      std::size_t nearest = none;
      for (const auto& each : graph_.edges) {
        const auto [from, to] = ends_of(each);
        is_root = is_root && to != i;
        if (from == i && to != i)
          nearest = std::min(nearest, layers_[to]);
      }
      if (is_root && nearest != none)
        layers_[i] = nearest - 1;
    }
  }

  void split_edges() {
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i) {
      const auto& box = graph_.boxes[i];
      add_vertex({i, box.width, box.height, layers_[i], 0, 0, {}, {}});
    }
    for (const auto& each : graph_.edges) {
      auto& bends = bends_.emplace_back();
      const auto [from, to] = ends_of(each);
      if (from == to)
        continue;
      auto last = from;
      for (auto layer = layers_[from] + 1; layer < layers_[to]; ++layer) {
        bends.push_back(add_vertex({none, 0, bend_height, layer, 0, 0, {}, {}}));
        connect(last, bends.back());
        last = bends.back();
      }
      connect(last, to);
    }
  }

  std::size_t add_vertex(vertex x) {
    if (rows_.size() <= x.layer)
      rows_.resize(x.layer + 1);
    rows_[x.layer].push_back(vertices_.size());
    vertices_.push_back(std::move(x));
    return vertices_.size() - 1;
  }

  void connect(std::size_t from, std::size_t to) {
    vertices_[from].after.push_back(to);
    vertices_[to].before.push_back(from);
  }

  // Each layer is ordered by where the neighbours in the layer before (or after) stand on average.
  void order_layers(bool forwards) {
    std::vector<double> rank(vertices_.size(), 0);
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i)
        rank[row[i]] = static_cast<double>(i) / static_cast<double>(row.size());
    auto order = [&](std::vector<std::size_t>& row) {
      auto wish = rank;
      for (const auto each : row)
        if (const auto& near = forwards ? vertices_[each].before : vertices_[each].after;
            !near.empty())
          wish[each] = std::accumulate(near.begin(), near.end(), 0.0,
                                       [&](double sum, std::size_t i) { return sum + rank[i]; }) /
                       static_cast<double>(near.size());
      std::ranges::stable_sort(row, {}, [&](std::size_t i) { return wish[i]; });
      for (std::size_t i = 0; i < row.size(); ++i)
        rank[row[i]] = static_cast<double>(i) / static_cast<double>(row.size());
    };
    if (forwards)
      std::ranges::for_each(rows_, order);
    else
      std::for_each(rows_.rbegin(), rows_.rend(), order);
  }

  void place_layers() {
    double x = 0;
    for (const auto& row : rows_) {
      double widest = 0;
      for (const auto each : row)
        widest = std::max(widest, vertices_[each].width);
      for (const auto each : row) {
        vertices_[each].x = x + (widest - vertices_[each].width) / 2;
        if (vertices_[each].box == none)
          vertices_[each].width = widest; // the edge goes straight through its layer
        if (vertices_[each].box == none)
          vertices_[each].x = x;
      }
      x += widest + layer_gap;
    }
    graph_.width = std::max(0.0, x - layer_gap);
  }

  // As near to the neighbours' height as the order and the gaps allow.
  void place_rows() {
    for (auto& row : rows_) {
      double y = 0;
      for (const auto each : row) {
        vertices_[each].y = y;
        y += vertices_[each].height + box_gap;
      }
    }
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (auto& row : rows_)
        align(row, sweep % 2 == 0);
    double top = 0;
    for (const auto& each : vertices_)
      top = std::min(top, each.y);
    for (auto& each : vertices_) {
      each.y -= top;
      graph_.height = std::max(graph_.height, each.y + each.height);
    }
  }

  void align(const std::vector<std::size_t>& row, bool from_top) {
    auto settle = [&](std::size_t each, double limit) {
      auto& x = vertices_[each];
      const auto wish = wished_y(x);
      x.y = from_top ? std::max(wish, limit) : std::min(wish, limit - x.height);
    };
    if (from_top) {
      double limit = -1e9;
      for (const auto each : row) {
        settle(each, limit);
        limit = vertices_[each].y + vertices_[each].height + box_gap;
      }
    } else {
      double limit = 1e9;
      for (auto i = row.size(); i-- > 0;) {
        settle(row[i], limit);
        limit = vertices_[row[i]].y - box_gap;
      }
    }
  }

  double wished_y(const vertex& x) const {
    double sum = 0;
    double count = 0;
    for (const auto* near : {&x.before, &x.after})
      for (const auto each : *near) {
        sum += vertices_[each].y + vertices_[each].height / 2;
        ++count;
      }
    return count == 0 ? x.y : sum / count - x.height / 2;
  }

  void write_back() {
    for (const auto& each : vertices_)
      if (each.box != none) {
        graph_.boxes[each.box].x = each.x;
        graph_.boxes[each.box].y = each.y;
      }
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      for (const auto bend : bends_[i]) {
        const auto& x = vertices_[bend];
        graph_.edges[i].bends.push_back({x.x, x.y + x.height / 2});
        graph_.edges[i].bends.push_back({x.x + x.width, x.y + x.height / 2});
      }
    }
  }

  layered_layout& graph_;
  std::vector<std::size_t> layers_; ///< of the boxes
  std::vector<vertex> vertices_;
  std::vector<std::vector<std::size_t>> rows_;  ///< vertices of each layer, from the top
  std::vector<std::vector<std::size_t>> bends_; ///< of each edge
};

} // namespace

void layered_layout::place() {
  placement{*this}.run();
}

} // namespace skald
