#include "apps/skald/bench_report.hpp"

#include "apps/skald/figures.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace skald {

namespace {

double ratio(double x, double y) {
  return y > 0 ? x / y : 0;
}

double as_double(std::uint64_t x) {
  return static_cast<double>(x);
}

double ms_of(latency_histogram::microseconds x) {
  return std::chrono::duration<double, std::milli>{x}.count();
}

/// What the figures of a run come to.
struct derived_figures {
  explicit derived_figures(const bench_report& x)
      : transfers(x.run.completed + x.run.failed), seconds(x.run.seconds.count()),
        transfers_per_second(ratio(as_double(transfers), seconds)),
        events_per_second(ratio(as_double(x.totals.events), seconds)),
        bytes_per_second(ratio(as_double(x.run.bytes), seconds)),
        processor_us_per_transfer(ratio(x.run.processor_seconds * 1e6, as_double(transfers))),
        store_bytes_per_transfer(ratio(as_double(x.run.store_bytes), as_double(transfers))),
        events_per_commit(ratio(as_double(x.totals.events), as_double(x.run.commits))),
        commit_p50_ms(ms_of(x.run.commit_times.percentile(500))),
        commit_p99_ms(ms_of(x.run.commit_times.percentile(990))),
        p50_ms(ms_of(x.run.latencies.percentile(500))),
        p99_ms(ms_of(x.run.latencies.percentile(990))),
        p999_ms(ms_of(x.run.latencies.percentile(999))), max_ms(ms_of(x.run.latencies.max())),
        floor_events_per_second(ratio(as_double(x.totals.events), x.floor_seconds)),
        floor_ratio(ratio(events_per_second, floor_events_per_second)) {}

  std::uint64_t transfers;
  double seconds;
  double transfers_per_second;
  double events_per_second;
  double bytes_per_second;
  double processor_us_per_transfer;
  double store_bytes_per_transfer;
  double events_per_commit;
  double commit_p50_ms;
  double commit_p99_ms;
  double p50_ms;
  double p99_ms;
  double p999_ms;
  double max_ms;
  double floor_events_per_second;
  double floor_ratio;
};

} // namespace

void print_json(const bench_report& x) {
  const derived_figures is{x};
  nlohmann::ordered_json report{
      {"transfers", is.transfers},
      {"completed", x.run.completed},
      {"failed", x.run.failed},
      {"seconds", rounded(is.seconds, 3)},
      {"transfers_per_second", rounded(is.transfers_per_second, 1)},
      {"p50_ms", is.p50_ms},
      {"p99_ms", is.p99_ms},
      {"p999_ms", is.p999_ms},
      {"max_ms", is.max_ms},
      {"events", x.totals.events},
      {"events_per_second", rounded(is.events_per_second, 1)},
      {"bytes_per_second", rounded(is.bytes_per_second, 1)},
      {"commits", x.run.commits},
      {"events_per_commit", rounded(is.events_per_commit, 2)},
      {"commit_p50_ms", is.commit_p50_ms},
      {"commit_p99_ms", is.commit_p99_ms},
      {"p50_commits", rounded(ratio(is.p50_ms, is.commit_p50_ms), 2)},
      {"p99_commits", rounded(ratio(is.p99_ms, is.commit_p50_ms), 2)},
      {"processor_seconds", rounded(x.run.processor_seconds, 3)},
      {"processor_us_per_transfer", rounded(is.processor_us_per_transfer, 2)},
      {"store_bytes_per_transfer", rounded(is.store_bytes_per_transfer, 1)},
      {"rss_mib", x.peak_resident_kib / 1'024},
      {"sum_before", x.totals.opened.count},
      {"sum_after", x.totals.balances.count}};
  if (x.floor_seconds > 0) {
    report["floor_events_per_second"] = rounded(is.floor_events_per_second, 1);
    report["floor_ratio"] = rounded(is.floor_ratio, 4);
  }
  std::printf("%s\n", report.dump().c_str());
}

void print_table(const bench_report& x) {
  const derived_figures is{x};
  const auto whole = [](double value) { return grouped(static_cast<std::uint64_t>(value)); };
  std::vector<std::pair<std::string, std::string>> rows{
      {"transfers", grouped(is.transfers)},
      {"completed", grouped(x.run.completed)},
      {"failed", grouped(x.run.failed)},
      {"seconds", with_decimals(is.seconds, 3)},
      {"transfers per second", whole(is.transfers_per_second)},
      {"latency p50, ms", with_decimals(is.p50_ms, 3)},
      {"latency p99, ms", with_decimals(is.p99_ms, 3)},
      {"latency p99.9, ms", with_decimals(is.p999_ms, 3)},
      {"latency max, ms", with_decimals(is.max_ms, 3)},
      {"events per second", whole(is.events_per_second)},
      {"bytes per second", whole(is.bytes_per_second)},
      {"commits", grouped(x.run.commits)},
      {"events per commit", with_decimals(is.events_per_commit, 2)},
      {"commit p50, ms", with_decimals(is.commit_p50_ms, 3)},
      {"commit p99, ms", with_decimals(is.commit_p99_ms, 3)},
      {"latency p50, in median commits", with_decimals(ratio(is.p50_ms, is.commit_p50_ms), 2)},
      {"latency p99, in median commits", with_decimals(ratio(is.p99_ms, is.commit_p50_ms), 2)},
      {"processor seconds", with_decimals(x.run.processor_seconds, 3)},
      {"processor time per transfer, us", with_decimals(is.processor_us_per_transfer, 2)},
      {"bytes on disk per transfer", whole(is.store_bytes_per_transfer)},
      {"peak memory, MiB", grouped(x.peak_resident_kib / 1'024)},
      {"sum before", to_string(x.totals.opened)},
      {"sum after", to_string(x.totals.balances)},
  };
  if (x.floor_seconds > 0) {
    rows.emplace_back("floor: events per second of bare LMDB", whole(is.floor_events_per_second));
    rows.emplace_back("share of the floor", with_decimals(is.floor_ratio, 4));
  }
  std::fputs(table_of(rows).c_str(), stdout);
}

} // namespace skald
