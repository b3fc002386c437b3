#include "apps/skald/demo_story.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/verbs.hpp"

#include <cstdio>
#include <filesystem>
#include <string>

namespace skald {

namespace {

namespace fs = std::filesystem;

bool is_taken(const fs::path& store) {
  std::error_code ignored;
  return fs::exists(store, ignored) && !fs::is_empty(store, ignored);
}

// The first of `skald-store`, `skald-store-2`, ... that holds nothing yet.
fs::path free_sibling(const fs::path& store) {
  auto result = store;
  for (unsigned number = 2; is_taken(result); ++number)
    result = store.string() + "-" + std::to_string(number);
  return result;
}

void tell(global_options options, bool store_was_named) {
  if (is_taken(options.store)) {
    if (store_was_named)
      throw user_error("the store " + options.store.string() +
                       " holds data already; name a folder that does not exist yet, or leave "
                       "--store out and the demo finds one");
    const auto taken = options.store;
    options.store = free_sibling(taken);
    if (!options.json)
      std::printf("%s holds data already, so the demo uses %s.\n",
                  printable(taken.string()).c_str(), printable(options.store.string()).c_str());
  }
  tell_demo(options);
}

} // namespace

void add_demo_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand("demo", "Watch money move between accounts, on a new store");
  const auto* store = program.get_option("--store");
  verb->footer(
      "Opens accounts and lets transfers succeed, fail, and be cancelled by their deadline.\n"
      "Uses a new store: if ./skald-store is taken, ./skald-store-2, and so on.\n\n"
      "Example:\n"
      "  skald demo\n"
      "  skald --store /tmp/demo demo --json");
  verb->callback([&options, store] { tell(options, store->count() > 0); });
}

} // namespace skald
