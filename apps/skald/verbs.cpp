#include "apps/skald/verbs.hpp"

namespace skald {

void add_verbs(CLI::App& program, const global_options& options, int& exit_code) {
  add_demo_verb(program, options);
  add_run_verb(program, options, exit_code);
  add_send_verb(program, options);
  add_show_verb(program, options);
  add_list_verb(program, options);
  add_trace_verb(program, options);
  add_sagas_verb(program, options);
  add_operator_verbs(program, options);
  add_flow_verb(program, options);
  add_verify_verb(program, options, exit_code);
  add_drive_verb(program, options);
  add_gateway_verb(program, options);
  add_bench_verb(program, options);
  for (auto* verb : program.get_subcommands({}))
    verb->footer(verb->get_footer() +
                 "\n\n--store DIR, --json and --config FILE may stand before or after the verb.");
}

} // namespace skald
