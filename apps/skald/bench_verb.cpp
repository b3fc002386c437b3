#include "apps/skald/bank_totals.hpp"
#include "apps/skald/bench_driver.hpp"
#include "apps/skald/figures.hpp"
#include "apps/skald/lmdb_floor.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/temporary_folder.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace skald {

namespace {

struct bench_transfer_options {
  bench_settings settings;
  bool choreography = false;
  std::size_t live_entities_max = runtime_options{}.live_entities_max;
};

constexpr auto help =
    "Durable transfers between random accounts, in this process. Each is a whole saga: every "
    "event\n"
    "of it is on disk before the next step. Uses the accounts of an earlier run of the same size "
    "if\n"
    "--store has them; without --store, a temporary store in the current folder.\n\n"
    "Latency runs from a transfer's sending to the end of its saga. The floor is a bare loop that\n"
    "appends the same records to LMDB, in as many commits, on the same disk. Peak memory is the\n"
    "process's, before the results are checked. With --json, sums are in minor units.\n\n"
    "Example:\n"
    "  skald bench transfer --accounts 100000 --transfers 200000 --in-flight 512";

/// The most memory that this process has had resident so far, in MiB; 0 if the system does not say.
std::uint64_t peak_resident_mib() {
  std::ifstream status{"/proc/self/status"};
  constexpr std::string_view key = "VmHWM:";
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key))
      return std::stoull(line.substr(key.size())) / 1'024;
  return 0;
}

// Appends the records of the run to a bare LMDB, in as many commits as the run made. Returns the
// seconds.
double measure_floor(const journal& log, const bench_result& run,
                     const std::filesystem::path& folder) {
  lmdb_floor floor{folder, run.bytes, run.records};
  std::vector<byte_buffer> batch(run.records / std::max<std::uint64_t>(run.commits, 1) + 1);
  std::size_t gathered = 0;
  std::uint64_t seen = 0;
  std::uint64_t commits = 0;
  log.view()->scan(run.first_behind + 1, [&](position, byte_span bytes) {
    batch[gathered++].assign(bytes.begin(), bytes.end());
    ++seen;
    if (seen == run.records * (commits + 1) / run.commits) {
      floor.append(std::span{batch}.first(gathered));
      gathered = 0;
      ++commits;
    }
    return seen < run.records;
  });
  return floor.spent().count();
}

/// All figures of a run.
struct bench_report {
  bench_result run;
  bank_totals totals;
  std::uint64_t rss_mib = 0;
  double floor_seconds = 0;

  double per_second(std::uint64_t count) const {
    return run.seconds.count() > 0 ? static_cast<double>(count) / run.seconds.count() : 0;
  }
  double floor_events_per_second() const {
    return floor_seconds > 0 ? static_cast<double>(totals.events) / floor_seconds : 0;
  }
  double floor_ratio() const {
    const auto floor = floor_events_per_second();
    return floor > 0 ? per_second(totals.events) / floor : 0;
  }
  double events_per_commit() const {
    return run.commits > 0 ? static_cast<double>(totals.events) / static_cast<double>(run.commits)
                           : 0;
  }
  double latency_ms(unsigned thousandths) const {
    return std::chrono::duration<double, std::milli>{run.latencies.percentile(thousandths)}.count();
  }
};

void print_json(const bench_report& x) {
  const nlohmann::ordered_json report{
      {"transfers", x.run.completed + x.run.failed},
      {"completed", x.run.completed},
      {"failed", x.run.failed},
      {"transfers_per_second", rounded(x.per_second(x.run.completed + x.run.failed), 1)},
      {"p50_ms", x.latency_ms(500)},
      {"p99_ms", x.latency_ms(990)},
      {"p999_ms", x.latency_ms(999)},
      {"max_ms", x.latency_ms(1'000)},
      {"events_per_second", rounded(x.per_second(x.totals.events), 1)},
      {"bytes_per_second", rounded(x.per_second(x.run.bytes), 1)},
      {"commits", x.run.commits},
      {"events_per_commit", rounded(x.events_per_commit(), 2)},
      {"rss_mib", x.rss_mib},
      {"floor_events_per_second", rounded(x.floor_events_per_second(), 1)},
      {"floor_ratio", rounded(x.floor_ratio(), 4)},
      {"sum_before", x.totals.opened.count},
      {"sum_after", x.totals.balances.count}};
  std::printf("%s\n", report.dump().c_str());
}

void print_table(const bench_report& x) {
  const auto whole = [](double value) { return grouped(static_cast<std::uint64_t>(value)); };
  const std::array<std::pair<std::string, std::string>, 17> rows{{
      {"transfers", grouped(x.run.completed + x.run.failed)},
      {"completed", grouped(x.run.completed)},
      {"failed", grouped(x.run.failed)},
      {"transfers per second", whole(x.per_second(x.run.completed + x.run.failed))},
      {"latency p50, ms", with_decimals(x.latency_ms(500), 3)},
      {"latency p99, ms", with_decimals(x.latency_ms(990), 3)},
      {"latency p99.9, ms", with_decimals(x.latency_ms(999), 3)},
      {"latency max, ms", with_decimals(x.latency_ms(1'000), 3)},
      {"events per second", whole(x.per_second(x.totals.events))},
      {"bytes per second", whole(x.per_second(x.run.bytes))},
      {"commits", grouped(x.run.commits)},
      {"events per commit", with_decimals(x.events_per_commit(), 2)},
      {"peak memory, MiB", grouped(x.rss_mib)},
      {"floor: events per second of bare LMDB", whole(x.floor_events_per_second())},
      {"share of the floor", with_decimals(x.floor_ratio(), 4)},
      {"sum before", to_string(x.totals.opened)},
      {"sum after", to_string(x.totals.balances)},
  }};
  std::fputs(table_of(rows).c_str(), stdout);
}

void bench_transfer(const bench_transfer_options& options, bool store_is_given,
                    global_options global) {
  auto settings = options.settings;
  if (options.choreography)
    settings.style = transfer_style::choreographed;
  // The floor needs the disk that the store is on.
  const auto store = std::filesystem::absolute(global.store);
  const temporary_folder scratch{store_is_given ? store.parent_path()
                                                : std::filesystem::current_path()};
  if (!store_is_given)
    global.store = scratch.path() / "store";
  const auto floor_folder = scratch.path() / "floor";
  std::filesystem::create_directory(floor_folder);
  runtime_options runtime_settings;
  runtime_settings.live_entities_max = options.live_entities_max;
  session opened{global, session::when_missing::create, std::move(runtime_settings)};
  auto& target = opened.get();
  bench_report report;
  report.run = bench_driver{target, settings}.run();
  report.rss_mib = peak_resident_mib();
  report.totals = total_up(target.log(), report.run.first_behind);
  report.floor_seconds = measure_floor(target.log(), report.run, floor_folder);
  if (global.json)
    print_json(report);
  else
    print_table(report);
  if (const auto wrong = imbalance(report.totals); !wrong.empty())
    throw user_error{wrong};
}

} // namespace

void add_bench_verb(CLI::App& program, const global_options& global) {
  auto* bench = program.add_subcommand("bench", "Measure how fast this machine does it");
  bench->require_subcommand(1);
  bench->footer("Example:\n  skald bench transfer --help");
  auto* verb = bench->add_subcommand("transfer", "Measure transfers of money");
  verb->footer(help);
  auto options = std::make_shared<bench_transfer_options>();
  auto& settings = options->settings;
  verb->add_option("--accounts", settings.accounts, "Accounts")
      ->capture_default_str()
      ->check(CLI::Range(2, 100'000'000))
      ->type_name("N");
  verb->add_option("--transfers", settings.transfers, "Transfers")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000))
      ->type_name("N");
  verb->add_option("--in-flight", settings.in_flight, "Transfers under way at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 60'000))
      ->type_name("N");
  verb->add_flag("--choreography", options->choreography, "Run transfers without an orchestrator");
  verb->add_option("--seed", settings.seed, "For the choice of accounts and amounts")
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--live-entities", options->live_entities_max,
                   "Accounts and transfers that are live actors at once, at most")
      ->capture_default_str()
      ->check(CLI::Range(100, 100'000'000))
      ->type_name("N");
  const auto* store = program.get_option("--store");
  verb->callback(
      [options, store, &global] { bench_transfer(*options, store->count() > 0, global); });
}

} // namespace skald
