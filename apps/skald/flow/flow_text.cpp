#include "apps/skald/flow/flow_text.hpp"

#include "apps/skald/mermaid_text.hpp"
#include "apps/skald/printable.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <map>

namespace skald {

namespace {

using nlohmann::ordered_json;

std::string_view name_of(flow_node::kind x) {
  switch (x) {
  case flow_node::kind::event:
    return "event";
  case flow_node::kind::command:
    return "command";
  case flow_node::kind::deadline:
    return "deadline";
  }
  return {};
}

std::string_view name_of(flow_link::meaning x) {
  switch (x) {
  case flow_link::meaning::step:
    return "step";
  case flow_link::meaning::confirm:
    return "confirm";
  case flow_link::meaning::compensation:
    return "compensation";
  case flow_link::meaning::own:
    return "own";
  case flow_link::meaning::result:
    return "result";
  case flow_link::meaning::failure:
    return "failure";
  }
  return {};
}

std::string_view colour_of(const flow_link& x) {
  switch (x.what) {
  case flow_link::meaning::confirm:
    return terminal_colours::green;
  case flow_link::meaning::compensation:
    return terminal_colours::yellow;
  case flow_link::meaning::failure:
    return terminal_colours::red;
  default:
    return {};
  }
}

std::string count_text(const flow_link& x) {
  return x.countable ? times_text(x.observed) : std::string{};
}

std::string link_line(const flow_link& x, const terminal_colours& colours) {
  const auto what = printable(fmt::format("-> {:<34} {:<28}", to_string(x.to), x.via));
  const auto colour = colour_of(x);
  return fmt::format("      {} {}\n", colour.empty() ? what : colours.in(colour, what),
                     count_text(x));
}

template <class Links>
std::string difference_text(std::string_view title, const Links& links) {
  if (links.empty())
    return {};
  auto result = fmt::format("  {}:\n", title);
  for (const auto* each : links)
    result += printable(fmt::format("    {}", to_string(*each))) + "\n";
  return result;
}

template <class Links>
ordered_json links_json(const Links& links) {
  auto result = ordered_json::array();
  for (const auto* each : links)
    result.push_back(to_string(*each));
  return result;
}

ordered_json node_json(const flow_node& x) {
  return {{"kind", name_of(x.what)}, {"type", x.type}, {"name", x.name}};
}

} // namespace

std::string times_text(std::uint64_t count) {
  if (count == 0)
    return "never seen";
  return fmt::format("{} {}", count, count == 1 ? "time" : "times");
}

std::string flow_summary(const saga_flow& flow) {
  auto result = fmt::format("a saga of {}: {} started, {} completed, {} compensated", flow.type,
                            flow.started, flow.completed, flow.compensated);
  if (flow.ended_by_hand > 0)
    result += fmt::format(", {} ended by hand", flow.ended_by_hand);
  return result;
}

std::string flow_text(const saga_flow& flow, const terminal_colours& colours) {
  auto result = colours.in(terminal_colours::bold, printable(flow.saga)) + ", " +
                printable(flow_summary(flow)) + "\n";
  std::vector<flow_node> order;
  std::map<flow_node, std::vector<const flow_link*>> by_origin;
  for (const auto& each : flow.links) {
    auto& links = by_origin[each.from];
    if (links.empty())
      order.push_back(each.from);
    links.push_back(&each);
  }
  for (const auto& node : order) {
    result += fmt::format("  {} {}\n", name_of(node.what), printable(to_string(node)));
    for (const auto* each : by_origin[node])
      result += link_line(*each, colours);
  }
  const auto differences = difference_text("declared, but never observed", flow.never_seen()) +
                           difference_text("observed, but not declared", flow.undeclared());
  return result + (differences.empty() ? "  declared and observed agree\n" : differences);
}

ordered_json flow_json(const saga_flow& flow) {
  ordered_json result{{"saga", flow.saga},
                      {"type", flow.type},
                      {"started", flow.started},
                      {"completed", flow.completed},
                      {"compensated", flow.compensated},
                      {"ended_by_hand", flow.ended_by_hand},
                      {"links", ordered_json::array()}};
  for (const auto& each : flow.links) {
    ordered_json link{{"from", node_json(each.from)},
                      {"to", node_json(each.to)},
                      {"meaning", name_of(each.what)},
                      {"via", each.via},
                      {"declared", each.declared}};
    if (each.countable)
      link["observed"] = each.observed;
    result["links"].push_back(std::move(link));
  }
  result["never_seen"] = links_json(flow.never_seen());
  result["undeclared"] = links_json(flow.undeclared());
  return result;
}

std::string flow_mermaid(const saga_flow& flow) {
  std::string result = "flowchart LR\n";
  result += fmt::format("  %% {}\n", mermaid_text(flow.saga));
  std::map<flow_node, std::size_t> numbers;
  auto number_of = [&](const flow_node& x) {
    const auto [found, is_new] = numbers.emplace(x, numbers.size());
    if (is_new) {
      const auto [left, right] =
          x.what == flow_node::kind::command ? std::pair{"[", "]"} : std::pair{"([", "])"};
      result +=
          fmt::format("  n{}{}\"{}\"{}\n", found->second, left, mermaid_text(to_string(x)), right);
    }
    return found->second;
  };
  for (const auto& each : flow.links) {
    const auto from = number_of(each.from);
    const auto to = number_of(each.to);
    auto label = each.via;
    if (const auto count = count_text(each); !count.empty())
      label += (label.empty() ? "" : ", ") + count;
    const auto line = each.is_never_seen() ? "-.->" : "-->";
    result += label.empty()
                  ? fmt::format("  n{} {} n{}\n", from, line, to)
                  : fmt::format("  n{} {}|\"{}\"| n{}\n", from, line, mermaid_text(label), to);
  }
  return result;
}

} // namespace skald
