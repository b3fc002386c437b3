#include "apps/skald/outcome_json.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/trace/sequence_mermaid.hpp"
#include "apps/skald/trace/sequence_svg.hpp"
#include "apps/skald/trace/trace_json.hpp"
#include "apps/skald/trace/trace_text.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace skald {

namespace {

struct trace_options {
  std::string correlation;
  std::string format = "text";
};

std::string shown_as(const std::string& format, const transaction_trace& trace) {
  if (format == "json")
    return one_line(trace_json(trace)) + "\n";
  if (format == "mermaid")
    return sequence_mermaid(diagram_of(trace));
  if (format == "svg")
    return sequence_svg(diagram_of(trace));
  return trace_text(trace, terminal_colours{});
}

void trace(const global_options& options, const trace_options& what) {
  session store{options, session::when_missing::fail};
  store.settle();
  const auto found = trace_transaction(store.get().log(), store.get().types(), what.correlation);
  if (found.turns.empty())
    throw user_error("there is no transaction " + what.correlation);
  std::fputs(shown_as(options.json ? "json" : what.format, found).c_str(), stdout);
}

} // namespace

void add_trace_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "trace", "Tell what happened in one transaction, over all participants");
  auto what = std::make_shared<trace_options>();
  verb->add_option("CORRELATION", what->correlation,
                   "Its correlation id: the id of the aggregate that began it")
      ->required();
  verb->add_option("--format", what->format,
                   "An indented timeline, JSON, or a sequence diagram as Mermaid text or picture")
      ->check(CLI::IsMember({"text", "mermaid", "json", "svg"}))
      ->capture_default_str();
  verb->footer("Example:\n"
               "  skald trace T-1\n"
               "  skald trace T-1 --format svg > T-1.svg");
  verb->callback([&options, what] { trace(options, *what); });
}

} // namespace skald
