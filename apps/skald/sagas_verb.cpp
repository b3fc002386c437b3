#include "actors/rebuild.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/sagas/parked_reactions_text.hpp"
#include "apps/skald/sagas/saga_text.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace skald {

namespace {

struct sagas_options {
  bool open = false;
  bool stuck = false;
  bool parked = false;
  std::string older_than;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

constexpr duration usual_patience = std::chrono::minutes{1};

class saga_list {
public:
  saga_list(const global_options& options, const sagas_options& what, const runtime& source)
      : options_(options), what_(what), log_(source.log()), types_(source.types()),
        now_(wall_clock_now()), age_(parse_duration(what.older_than)) {}

  void print() {
    if (!options_.json)
      std::fputs(saga_heading().c_str(), stdout);
    if (what_.open || what_.stuck || what_.parked)
      print_open();
    else
      print_all();
    if (!what_.open)
      print_parked_reactions();
  }

private:
  void print_open() {
    std::vector<address> found;
    log_.open_sagas([&](const address& self, const stream_head&) { found.push_back(self); });
    std::ranges::sort(found);
    for (const auto& each : found)
      if (const auto* type = types_.find(each.type))
        print_one(*type, each);
  }

  void print_all() {
    for (const auto* type : types_.types())
      if (!type->sagas.empty())
        log_.streams(type->name, [&](const address& self, const stream_head&) {
          return print_one(*type, self);
        });
  }

  // Returns whether there is room for more.
  bool print_one(const entity_type& type, const address& self) {
    if (count_ == what_.limit)
      return false;
    const auto found = rebuild(type, log_, self);
    if (!found.content)
      throw user_error(found.error);
    if (const auto saga = overview_of(*found.content); saga && is_wanted(*saga))
      print_line(options_.json ? one_line(saga_json(*saga)) + "\n" : saga_text(*saga, now_));
    return true;
  }

  bool is_wanted(const saga_overview& x) const {
    if (what_.stuck)
      return x.stuck(now_, age_.value_or(usual_patience));
    return (!what_.open || x.open) && (!what_.parked || x.parked) && is_old_enough(x.since);
  }

  bool is_old_enough(timestamp since) const { return !age_ || now_ - since > *age_; }

  void print_parked_reactions() {
    for_each_parked(log_, types_, [&](const std::string& reactor, const parked_reactions& parked) {
      for (const auto& [correlation, line] : parked.transactions)
        for (const auto& each : line.waiting)
          if (count_ < what_.limit &&
              is_old_enough(timestamp{std::chrono::milliseconds{each.since_ms}}))
            print_line(options_.json ? one_line(parked_json(reactor, each)) + "\n"
                                     : parked_text(reactor, each, now_));
    });
  }

  void print_line(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    ++count_;
  }

  const global_options& options_;
  const sagas_options& what_;
  const journal& log_;
  const registry& types_;
  timestamp now_;
  std::optional<duration> age_;
  std::uint64_t count_ = 0;
};

std::string duration_error(const std::string& text) {
  return parse_duration(text) ? "" : "'" + text + "' is not a duration like 30s, 5m, 2h or 1d";
}

void list_sagas(const global_options& options, const sagas_options& what) {
  session store{options, session::when_missing::fail};
  store.settle();
  saga_list{options, what, store.get()}.print();
}

} // namespace

void add_sagas_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "sagas", "List sagas: what each waits for, its next deadline, what it did and has to do");
  auto what = std::make_shared<sagas_options>();
  auto* open = verb->add_flag("--open", what->open, "Only those that have not ended");
  auto* stuck = verb->add_flag(
      "--stuck", what->stuck,
      "Only those past their deadline or waiting for longer than a minute, or than --older-than");
  auto* parked =
      verb->add_flag("--parked", what->parked,
                     "Only those whose compensation has failed, and what handlers have parked");
  open->excludes(stuck)->excludes(parked);
  stuck->excludes(parked);
  verb->add_option("--older-than", what->older_than,
                   "Only those that are in their phase for longer than this: 30s, 5m, 2h, 1d")
      ->check(duration_error)
      ->type_name("D");
  verb->add_option("--limit", what->limit, "At most this many")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb->footer("Example:\n"
               "  skald sagas --stuck --older-than 5m\n"
               "  skald --json sagas --open");
  verb->callback([&options, what] { list_sagas(options, *what); });
}

} // namespace skald
