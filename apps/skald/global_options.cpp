#include "apps/skald/global_options.hpp"

#include "apps/skald/printable.hpp"
#include "apps/skald/verbs.hpp"

namespace skald {

void add_global_options(CLI::App& program, global_options& options) {
  program.fallthrough(); // so that they may stand behind the verb
  // Asked for only when all else is right, so that a verb that does not exist is named.
  program.require_subcommand(0, 1);
  program.callback([&program] {
    if (program.get_subcommands().empty())
      throw CLI::RequiredError::Subcommand(1);
  });
  program.add_option("--store", options.store, "Folder that holds the store")
      ->capture_default_str()
      ->type_name("DIR");
  program.add_flag("--json", options.json, "Print machine-readable JSON");
  program
      .add_option("--gateway", options.gateway,
                  "Address of the payment gateway, such as http://127.0.0.1:8402; default: one "
                  "of its own, with its ledger in STORE.gateway")
      ->envname("SKALD_GATEWAY")
      ->type_name("URL");
  program.set_config("--config", "", "Read options from a file, such as: store = \"accounts\"")
      ->type_name("FILE");
  program.allow_config_extras(CLI::config_extras_mode::error);
  program.set_version_flag("--version", "skald " SKALD_VERSION);
  program.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "skald: " + printable(error.what()) + "\nRun with --help for more information.\n";
  });
  program.footer(
      "Example:\n  skald demo\n\n"
      "`skald VERB --help` says more and shows an example. The program ends with 0 if all "
      "is done,\n1 if something was refused or failed, 2 if it was called wrongly.");
}

} // namespace skald
