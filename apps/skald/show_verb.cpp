#include "apps/skald/entity_json.hpp"
#include "apps/skald/history.hpp"
#include "apps/skald/hosted_type.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace skald {

namespace {

struct show_options {
  address self;
  std::optional<std::uint64_t> at_sequence;
  std::string at_time;
  bool history = false;
};

std::string time_error(const std::string& text) {
  return parse_timestamp(text) ? "" : "'" + text + "' is not a time like 2026-03-01T12:00:00Z";
}

rebuild_limit limit_of(const show_options& what) {
  rebuild_limit result;
  result.sequence = what.at_sequence;
  if (!what.at_time.empty())
    result.time = parse_timestamp(what.at_time);
  return result;
}

// Refuses to show what never was, or was not yet.
void require_existence(const journal& log, const show_options& what, const entity_view& found) {
  const auto name = what.self.type + " " + what.self.id;
  const auto head = log.head(what.self);
  const bool only_refused = head && head->sequence == 0;
  if (!head || (only_refused && !what.history))
    throw user_error("there is no " + name);
  if (what.at_sequence && *what.at_sequence > head->sequence)
    throw user_error(name + " is at sequence " + std::to_string(head->sequence) +
                     " and has no sequence " + std::to_string(*what.at_sequence));
  if (!found.exists && !what.at_time.empty())
    throw user_error("there was no " + name + " at " + what.at_time);
}

void show(const global_options& options, const show_options& what) {
  session store{options, session::when_missing::fail};
  const auto& type = hosted_type(store.get().types(), what.self.type);
  require_id(what.self);
  store.settle();
  const auto& log = store.get().log();
  const auto limit = limit_of(what);
  const auto found = rebuild(type, log, what.self, limit);
  if (!found.content)
    throw user_error(found.error);
  const auto view = found.content->view();
  require_existence(log, what, view);
  if (options.json) {
    auto result = entity_json(view);
    if (what.history)
      result["history"] = nlohmann::ordered_json::array();
    if (what.history)
      for_each_turn(log, what.self, limit,
                    [&](const record& x) { result["history"].push_back(turn_json(x)); });
    std::puts(one_line(result).c_str());
    return;
  }
  std::fputs(entity_text(view).c_str(), stdout);
  if (what.history)
    for_each_turn(log, what.self, limit,
                  [](const record& x) { std::fputs(("\n" + turn_text(x)).c_str(), stdout); });
}

} // namespace

void add_show_verb(CLI::App& program, const global_options& options) {
  auto* verb =
      program.add_subcommand("show", "Show the state of one aggregate, now or in the past");
  auto what = std::make_shared<show_options>();
  verb->add_option("TYPE", what->self.type, "Its type, such as account")->required();
  verb->add_option("ID", what->self.id, "Its id")->required();
  auto* sequence =
      verb->add_option("--at-sequence", what->at_sequence, "As it was after its event number N")
          ->check(CLI::PositiveNumber)
          ->type_name("N");
  verb->add_option("--at-time", what->at_time, "As it was at a time (2026-03-01T12:00:00Z)")
      ->check(time_error)
      ->type_name("T")
      ->excludes(sequence);
  verb->add_flag("--history", what->history,
                 "Also who changed what, when, caused by which message, in which transaction");
  verb->footer("Example:\n"
               "  skald show account A-1 --history\n"
               "  skald --json show transfer T-1 --at-sequence 2");
  verb->callback([&options, what] { show(options, *what); });
}

} // namespace skald
