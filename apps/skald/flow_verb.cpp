#include "apps/skald/flow/flow_svg.hpp"
#include "apps/skald/flow/flow_text.hpp"
#include "apps/skald/flow/saga_flows.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace skald {

namespace {

struct flow_options {
  std::string saga;
  bool all = false;
  std::string format = "text";
};

std::vector<saga_flow> wanted_flows(const flow_options& what, std::vector<saga_flow> flows) {
  if (what.saga.empty())
    return flows;
  std::vector<saga_flow> result;
  std::string names;
  for (auto& each : flows) {
    names += (names.empty() ? "'" : ", '") + each.saga + "'";
    if (each.saga == what.saga)
      result.push_back(std::move(each));
  }
  if (result.empty())
    throw user_error("there is no saga '" + what.saga + "'; the sagas are " + names);
  return result;
}

std::string shown_as(const std::string& format, const std::vector<saga_flow>& flows) {
  if (format == "svg")
    return flows_svg(flows);
  std::string result;
  for (const auto& each : flows) {
    if (!result.empty() && format != "json")
      result += "\n";
    if (format == "json")
      result += one_line(flow_json(each)) + "\n";
    else
      result += format == "mermaid" ? flow_mermaid(each) : flow_text(each, terminal_colours{});
  }
  return result;
}

void show_flow(const global_options& options, const flow_options& what) {
  session store{options, session::when_missing::create};
  store.settle();
  const auto flows =
      wanted_flows(what, saga_flows(store.get().types(), observe_flow(store.get().log())));
  std::fputs(shown_as(options.json ? "json" : what.format, flows).c_str(), stdout);
}

} // namespace

void add_flow_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "flow", "Show which event leads to which command: as declared, as observed, the differences");
  auto what = std::make_shared<flow_options>();
  auto* saga = verb->add_option("SAGA", what->saga, "Name of the saga; without it: all");
  verb->add_flag("--all", what->all, "All sagas")->excludes(saga);
  verb->add_option("--format", what->format,
                   "Text, JSON (a saga a line), Mermaid text, or a picture")
      ->check(CLI::IsMember({"text", "mermaid", "json", "svg"}))
      ->capture_default_str();
  verb->footer("Example:\n"
               "  skald flow 'transfer money'\n"
               "  skald flow --all --format svg > flows.svg");
  verb->callback([&options, what] { show_flow(options, *what); });
}

} // namespace skald
