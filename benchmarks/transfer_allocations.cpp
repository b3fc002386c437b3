// transfer_allocations [--choreography] [--accounts N] [--transfers N] [--in-flight N]
//   Runs transfers as `skald bench transfer` does, in a temporary store in the current folder, and
//   prints as JSON how often and how much memory the whole process has asked for meanwhile.

#include "apps/skald/bench_driver.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

std::atomic<std::uint64_t> allocations = 0;
std::atomic<std::uint64_t> allocated_bytes = 0;

void count(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_bytes.fetch_add(size, std::memory_order_relaxed);
}

} // namespace

// The C library's allocator, seen from outside: `operator new` comes by here too.
extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  count(size);
  return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void* realloc(void* old, std::size_t size) {
  count(size);
  return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  count(size);
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}

} // extern "C"

namespace {

void run(const skald::bench_settings& settings) {
  const skald::temporary_folder scratch{std::filesystem::current_path()};
  skald::global_options options;
  options.store = scratch.path() / "store";
  const skald::session opened{options, skald::session::when_missing::create};
  skald::bench_driver driver{opened.get(), settings};
  driver.prepare();
  const auto allocations_before = allocations.load();
  const auto bytes_before = allocated_bytes.load();
  const auto result = driver.run();
  const auto transfers = static_cast<double>(result.completed + result.failed);
  const nlohmann::ordered_json report{
      {"transfers", result.completed + result.failed},
      {"allocations_per_transfer",
       static_cast<double>(allocations - allocations_before) / transfers},
      {"allocated_bytes_per_transfer",
       static_cast<double>(allocated_bytes - bytes_before) / transfers}};
  std::puts(report.dump().c_str());
}

} // namespace

int main(int count_of_arguments, char** arguments) {
  skald::bench_settings settings;
  settings.accounts = 10'000;
  settings.transfers = 10'000;
  settings.in_flight = 64;
  bool choreography = false;
  CLI::App program{"Counts the allocations of a transfer"};
  program.add_flag("--choreography", choreography, "Without an orchestrator");
  program.add_option("--accounts", settings.accounts)->check(CLI::Range(2, 100'000'000));
  program.add_option("--transfers", settings.transfers)->check(CLI::Range(1, 1'000'000'000));
  program.add_option("--in-flight", settings.in_flight)->check(CLI::Range(1, 60'000));
  CLI11_PARSE(program, count_of_arguments, arguments);
  if (choreography)
    settings.style = skald::transfer_style::choreographed;
  try {
    skald::init_actor_types();
    run(settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "transfer_allocations: %s\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
