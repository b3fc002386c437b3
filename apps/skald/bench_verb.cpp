#include "apps/skald/bank_totals.hpp"
#include "apps/skald/bench_driver.hpp"
#include "apps/skald/bench_report.hpp"
#include "apps/skald/bench_sampler.hpp"
#include "apps/skald/lmdb_floor.hpp"
#include "apps/skald/process_usage.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/temporary_folder.hpp"
#include "apps/skald/verbs.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace skald {

namespace {

struct bench_transfer_options {
  bench_settings settings;
  std::uint64_t seconds = 0;
  bool choreography = false;
  std::size_t live_entities_max = runtime_options{}.live_entities_max;
  std::filesystem::path samples;
  bool no_floor = false;
};

// With a rate, how many are under way is the runtime's to say, up to here.
constexpr std::size_t in_flight_max = 60'000;

constexpr auto help =
    "Durable transfers between random accounts, in this process. Each is a whole saga: every "
    "event\n"
    "of it is on disk before the next step. Uses the accounts of an earlier run of the same size "
    "if\n"
    "--store has them; without --store, a temporary store in the current folder.\n\n"
    "Latency runs from a transfer's sending to the end of its saga; with --rate from when it "
    "should\n"
    "have been sent, so that a delay shows in all that it delays. A commit is one append to the\n"
    "journal with its sync. Bytes on disk are the pages that the store uses, its indexes "
    "included:\n"
    "the files are lengthened ahead of use. The floor is a bare loop that appends the same records "
    "to\n"
    "LMDB, in as many commits, on the same disk. Processor time and peak memory are the "
    "process's,\n"
    "load generator included, before the results are checked. With --json, sums are in minor "
    "units.\n\n"
    "Examples:\n"
    "  skald bench transfer --accounts 100000 --transfers 200000 --in-flight 512\n"
    "  skald bench transfer --rate 5000 --seconds 60 --samples growth.csv";

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
  std::unique_ptr<bench_sampler> samples;
  if (!options.samples.empty())
    samples = std::make_unique<bench_sampler>(options.samples);
  settings.time = std::chrono::seconds{options.seconds};
  runtime_options runtime_settings;
  runtime_settings.live_entities_max = options.live_entities_max;
  session opened{global, session::when_missing::create, std::move(runtime_settings)};
  auto& target = opened.get();
  bench_report report;
  bench_driver driver{target, settings};
  driver.prepare();
  const auto sampler = std::move(samples); // ends before what it looks at
  if (sampler)
    sampler->start(target.log(), [&driver] { return driver.done(); });
  report.run = driver.run();
  if (sampler)
    sampler->finish();
  report.peak_resident_kib = peak_resident_kib();
  report.totals = total_up(target.log(), report.run.first_behind);
  if (!options.no_floor)
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
  auto* transfers = verb->add_option("--transfers", settings.transfers, "Transfers")
                        ->capture_default_str()
                        ->check(CLI::Range(1, 1'000'000'000))
                        ->type_name("N");
  verb->add_option("--seconds", options->seconds, "Send transfers for so long instead")
      ->excludes(transfers)
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  auto* in_flight =
      verb->add_option("--in-flight", settings.in_flight,
                       "Transfers under way at once, at most; with --rate, by default 60000")
          ->capture_default_str()
          ->check(CLI::Range(std::size_t{1}, in_flight_max))
          ->type_name("N");
  auto* rate = verb->add_option("--rate", settings.rate,
                                "Transfers sent per second, however fast they are done; default: "
                                "the next whenever one is done")
                   ->check(CLI::Range(0.001, 1e6))
                   ->type_name("N");
  verb->add_option("--hot", settings.hot,
                   "Share of the transfers, 0 to 1, that have account 1 as one party")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
  verb->add_option("--samples", options->samples,
                   "File for a line of CSV each second: seconds, transfers done, resident KiB, "
                   "bytes of the store, last position of the journal")
      ->type_name("FILE");
  verb->add_flag("--choreography", options->choreography, "Run transfers without an orchestrator");
  verb->add_option("--seed", settings.seed, "For the choice of accounts and amounts")
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--live-entities", options->live_entities_max,
                   "Accounts and transfers that are live actors at once, at most")
      ->capture_default_str()
      ->check(CLI::Range(100, 100'000'000))
      ->type_name("N");
  verb->add_flag("--no-floor", options->no_floor,
                 "Do not measure the floor, which takes as long again and as much disk");
  const auto* store = program.get_option("--store");
  verb->callback([=, &global] {
    if (rate->count() > 0 && in_flight->count() == 0)
      options->settings.in_flight = in_flight_max;
    bench_transfer(*options, store->count() > 0, global);
  });
}

} // namespace skald
