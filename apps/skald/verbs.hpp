#pragma once

#include "apps/skald/global_options.hpp"

#include <CLI/CLI.hpp>

namespace skald {

/// `--store`, `--json`, `--config`, `--version`.
void add_global_options(CLI::App& program, global_options& options);

/// Adds every verb below. A verb runs as its subcommand's callback; it prints its result on stdout,
/// throws `user_error` or `store_error` for what ends it, and sets `exit_code` where it went
/// through but not everything in it was done.
void add_verbs(CLI::App& program, const global_options& options, int& exit_code);

void add_demo_verb(CLI::App& program, const global_options& options);
void add_run_verb(CLI::App& program, const global_options& options, int& exit_code);
void add_send_verb(CLI::App& program, const global_options& options);
void add_show_verb(CLI::App& program, const global_options& options);
void add_list_verb(CLI::App& program, const global_options& options);
void add_trace_verb(CLI::App& program, const global_options& options);
void add_sagas_verb(CLI::App& program, const global_options& options);
void add_flow_verb(CLI::App& program, const global_options& options);
void add_verify_verb(CLI::App& program, const global_options& options, int& exit_code);
void add_drive_verb(CLI::App& program, const global_options& options);
void add_gateway_verb(CLI::App& program, const global_options& options);
void add_bench_verb(CLI::App& program, const global_options& options);

/// cancel, terminate, retry, skip, resolve: what a person may tell a saga.
void add_operator_verbs(CLI::App& program, const global_options& options);

} // namespace skald
