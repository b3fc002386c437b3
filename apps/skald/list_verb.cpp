#include "actors/rebuild.hpp"
#include "apps/skald/entity_json.hpp"
#include "apps/skald/hosted_type.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/status_filter.hpp"
#include "apps/skald/verbs.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <limits>
#include <memory>
#include <string>

namespace skald {

namespace {

struct list_options {
  std::string type;
  std::string status;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

std::string row_text(std::string_view id, std::string_view status, std::string_view version,
                     std::string_view state) {
  return fmt::format("{:<24}  {:<10}  {:>8}  {}\n", id, status, version, state);
}

void print(const global_options& options, const entity_view& x) {
  const auto text = options.json
                        ? one_line(entity_json(x)) + "\n"
                        : row_text(printable(x.self.id), printable(x.status),
                                   std::to_string(x.sequence), fields_text(json_of_cbor(x.state)));
  std::fputs(text.c_str(), stdout);
}

void list(const global_options& options, const list_options& what) {
  session store{options, session::when_missing::fail};
  const auto& type = hosted_type(store.get().types(), what.type);
  const status_filter filter{type, what.status};
  store.settle();
  const auto& log = store.get().log();
  if (!options.json)
    std::fputs(row_text("ID", "STATUS", "VERSION", "STATE").c_str(), stdout);
  std::uint64_t count = 0;
  log.streams(what.type, [&](const address& self, const stream_head& head) {
    if (count == what.limit)
      return false;
    if (head.sequence == 0 || !filter.takes(head))
      return true;
    const auto found = rebuild(type, log, self);
    if (!found.content)
      throw user_error(found.error);
    print(options, found.content->view());
    ++count;
    return true;
  });
}

} // namespace

void add_list_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand("list", "List the aggregates of a type");
  auto what = std::make_shared<list_options>();
  verb->add_option("TYPE", what->type, "The type, such as transfer")->required();
  verb->add_option("--status", what->status,
                   "Only those in this status; for transfers also open (not ended yet) and failed")
      ->type_name("S");
  verb->add_option("--limit", what->limit, "At most this many")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb->footer("Example:\n"
               "  skald list transfer --status failed --limit 10\n"
               "  skald --json list account");
  verb->callback([&options, what] { list(options, *what); });
}

} // namespace skald
