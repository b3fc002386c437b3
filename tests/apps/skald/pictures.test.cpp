#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/flow/layered_layout.hpp"
#include "apps/skald/mermaid_text.hpp"
#include "apps/skald/svg_canvas.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <random>
#include <string>

using namespace skald;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

namespace {

bool overlap(const layered_layout::box& a, const layered_layout::box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

layered_layout any_graph(unsigned seed) {
  std::mt19937 chance{seed};
  layered_layout result;
  const auto size = 1 + chance() % 20;
  for (unsigned i = 0; i < size; ++i)
    result.boxes.push_back({40.0 + chance() % 200, 20.0 + chance() % 80, 0, 0});
  for (unsigned i = 0; i < 2 * size; ++i)
    result.edges.push_back({chance() % size, chance() % size, {}, false});
  return result;
}

} // namespace

TEST_CASE("a picture shows text as it is, whatever it holds") {
  svg_canvas canvas;
  canvas.text({0, 0}, "<b>\"a\" & ]]>\x1b\xff\xef\xbf\xbe", "");
  const auto picture = canvas.finish(10, 10, "<x>");
  CHECK_THAT(picture,
             ContainsSubstring("&lt;b&gt;&quot;a&quot; &amp; ]]&gt;\\x1b\\xff\xef\xbf\xbd</text>"));
  CHECK_THAT(picture, ContainsSubstring("<title>&lt;x&gt;</title>"));
}

TEST_CASE("the width of a text counts characters, and those of wide scripts twice") {
  const auto one = svg_canvas::width_of("a");
  CHECK(svg_canvas::width_of("\xc3\xa4\xc3\xb6") == 2 * one);
  CHECK(svg_canvas::width_of("\xe6\x97\xa5") == 2 * one);
}

TEST_CASE("text is broken between words, and inside those that are too long") {
  CHECK(wrapped("refused: insufficient funds", 20) ==
        std::vector<std::string>{"refused:", "insufficient funds"});
  CHECK(wrapped("aaaaaaaaaa", 4) == std::vector<std::string>{"aaaa", "aaaa", "aa"});
  CHECK(wrapped("", 4) == std::vector<std::string>{""});
  for (const auto& each : wrapped(std::string(50, 'x') + " \xe6\x97\xa5\xe6\x97\xa5", 7))
    CHECK(svg_canvas::width_of(each) <= 7 * svg_canvas::width_of("x"));
}

TEST_CASE("Mermaid gets nothing that it could take for its own language") {
  CHECK(mermaid_text("T-1: a;b \"<x>\" #35;") == "T-1#58; a#59;b #34;#60;x#62;#34; #35;35#59;");
  CHECK(mermaid_text("a\nb") == "a#92;x0ab");
}

TEST_CASE("in no graph do two boxes overlap, and what is no cycle leads to the right") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    auto graph = any_graph(seed);
    graph.place();
    INFO("seed " << seed);
    for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
      const auto& box = graph.boxes[i];
      CHECK((box.x >= 0 && box.y >= 0));
      CHECK((box.x + box.width <= graph.width + 0.01 && box.y + box.height <= graph.height + 0.01));
      for (std::size_t k = 0; k < i; ++k)
        CHECK_FALSE(overlap(box, graph.boxes[k]));
    }
    for (const auto& edge : graph.edges)
      if (edge.from != edge.to && !edge.backwards)
        CHECK(graph.boxes[edge.from].x + graph.boxes[edge.from].width < graph.boxes[edge.to].x);
  }
}

TEST_CASE("elapsed time is told in the unit that fits") {
  CHECK(elapsed_text(380us) == "0.38 ms");
  CHECK(elapsed_text(1250ms) == "1.25 s");
  CHECK(elapsed_text(125s) == "2 min 5 s");
  CHECK(elapsed_text(3h + 4min) == "3 h 4 min");
  CHECK(elapsed_text(76h) == "3 d 4 h");
  CHECK(elapsed_text(-2s) == "-2.00 s");
}
