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

bench_result run(runtime& target, bench_settings settings) {
  bench_driver driver{target, settings};
  driver.prepare();
  return driver.run();
}

} // namespace

TEST_CASE("a benchmark runs each of its transfers to its end and moves no money out of the bank") {
  const auto style = GENERATE(transfer_style::orchestrated, transfer_style::choreographed);
  bank_on_memory bank;
  const auto result = run(bank.get(), small(style));
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
  run(bank.get(), small(transfer_style::orchestrated));
  const auto result = run(bank.get(), small(transfer_style::orchestrated));
  CHECK(result.completed == 300);
  CHECK(bank.get().log().head({"transfer", "600"}));
  CHECK_FALSE(bank.get().log().head({"transfer", "601"}));
}

TEST_CASE("a benchmark refuses a store with accounts of another number") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  run(bank.get(), settings);
  settings.accounts = 21;
  CHECK_THROWS_AS(bench_driver(bank.get(), settings).prepare(), user_error);
  settings.accounts = 19;
  CHECK_THROWS_AS(bench_driver(bank.get(), settings).prepare(), user_error);
}

TEST_CASE("a benchmark with a hot account has it in the given share of its transfers") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  settings.accounts = 1'000;
  settings.hot = GENERATE(0.5, 1.0);
  const auto result = run(bank.get(), settings);
  CHECK(result.completed == settings.transfers);
  // Opened once; then a deposit or withdrawal and its confirmation for each transfer.
  const auto turns = bank.get().log().head({"account", "1"}).value().turn;
  const auto share = static_cast<double>(turns - 1) / 2 / static_cast<double>(settings.transfers);
  CHECK(share > settings.hot - 0.15);
  CHECK(share < settings.hot + 0.15);
}

TEST_CASE("a benchmark with a rate spreads its transfers evenly over the time") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  settings.rate = 500;
  settings.transfers = 100;
  const auto result = run(bank.get(), settings);
  CHECK(result.completed == 100);
  CHECK(result.seconds.count() >= 99 / settings.rate);
}

TEST_CASE("a benchmark with a time and a rate sends what the two come to") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  settings.time = std::chrono::seconds{1};
  settings.rate = 100;
  const auto result = run(bank.get(), settings);
  CHECK(result.completed == 100);
  CHECK(result.seconds.count() >= 0.99);
}

TEST_CASE("a benchmark with a time sends until it is over") {
  bank_on_memory bank;
  auto settings = small(transfer_style::orchestrated);
  settings.time = std::chrono::seconds{1};
  bench_driver driver{bank.get(), settings};
  driver.prepare();
  const auto result = driver.run();
  CHECK(result.seconds.count() >= 1);
  CHECK(result.completed > 0);
  CHECK(driver.done() == result.completed + result.failed);
}

TEST_CASE("a benchmark measures its commits and its processor time") {
  bank_on_memory bank;
  const auto result = run(bank.get(), small(transfer_style::orchestrated));
  CHECK(result.commit_times.count() == result.commits);
  CHECK(result.processor_seconds > 0);
  CHECK(result.store_bytes == 0); // it is not on disk
}
