#include "apps/skald/bench_driver.hpp"

#include "apps/skald/bank_totals.hpp"
#include "apps/skald/global_options.hpp"
#include "tests/apps/drive/bank_on_memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace skald;

namespace {

bench_settings small(transfer_style style) {
  bench_settings settings;
  settings.accounts = 20;
  settings.transfers = 300;
  settings.in_flight = 16;
  settings.style = style;
  return settings;
}

} // namespace

TEST_CASE("a benchmark runs each of its transfers to its end and moves no money out of the bank") {
  const auto style = GENERATE(transfer_style::orchestrated, transfer_style::choreographed);
  bank_on_memory bank;
  const auto result = bench_driver{bank.get(), small(style)}.run();
  CHECK(result.completed + result.failed == 300);
  CHECK(result.commits > 0);
  CHECK(result.first_behind + result.records == bank.get().log().last());
  CHECK(result.latencies.percentile(500) > std::chrono::microseconds{0});
  const auto totals = total_up(bank.get().log(), result.first_behind);
  CHECK(totals.events > 300 * 4);
  CHECK(totals.open_sagas == 0);
  CHECK(imbalance(totals).empty());
}

TEST_CASE("a benchmark uses the accounts of an earlier one and new transfers") {
  bank_on_memory bank;
  bench_driver{bank.get(), small(transfer_style::orchestrated)}.run();
  const auto result = bench_driver{bank.get(), small(transfer_style::orchestrated)}.run();
  CHECK(result.completed == 300);
  CHECK(bank.get().log().head({"transfer", "600"}));
  CHECK_FALSE(bank.get().log().head({"transfer", "601"}));
}

TEST_CASE("a benchmark refuses a store with accounts of another number") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  bench_driver{bank.get(), settings}.run();
  settings.accounts = 21;
  CHECK_THROWS_AS(bench_driver(bank.get(), settings).run(), user_error);
  settings.accounts = 19;
  CHECK_THROWS_AS(bench_driver(bank.get(), settings).run(), user_error);
}
