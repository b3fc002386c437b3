#include "actors/runtime.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/verbs.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

namespace {

void set_up_log() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("skald"));
  spdlog::set_pattern("%n: %^%l%$: %v");
}

int fail(const char* why) {
  std::fprintf(stderr, "skald: %s\n", skald::printable(why).c_str());
  return 1;
}

} // namespace

int main(int argc, char** argv) {
  using namespace skald;
  CLI::App program{"Durable business transactions on the actor model", "skald"};
  global_options options;
  int exit_code = 0;
  try {
    if (argc > 0)
      options.program = argv[0];
    // A file that may not grow further is an error like a full disk, not the end of the program.
    std::signal(SIGXFSZ, SIG_IGN);
    set_up_log();
    init_actor_types();
    add_global_options(program, options);
    add_verbs(program, options, exit_code);
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return fail((std::string{"the output cannot be written: "} + std::strerror(errno)).c_str());
  return exit_code;
}
