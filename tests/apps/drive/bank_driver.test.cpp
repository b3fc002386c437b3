#include "apps/skald/bank_driver.hpp"

#include "apps/skald/bank_totals.hpp"
#include "apps/skald/global_options.hpp"
#include "tests/apps/drive/bank_on_memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <optional>
#include <string>

using namespace skald;

namespace {

// Of account 1, the orders of a month take 60.00 and 50.00, in the order of their ids; account 2
// pays 10.00 to a receiver that account 1 pays too.
const berka_bank two_payers{{"1", "2", "3"},
                            {{20, "1", "AB:7", minor_units{5'000}},
                             {10, "1", "CD:8", minor_units{6'000}},
                             {30, "2", "AB:7", minor_units{1'000}}}};

drive_settings settings_for(transfer_style style) {
  drive_settings settings;
  settings.months = 2;
  settings.opening_balance = minor_units{10'000};
  settings.style = style;
  return settings;
}

std::optional<std::string> status_of_transfer(runtime& target, const std::string& id) {
  const auto head = target.log().head({"transfer", id});
  return head ? std::optional{head->status} : std::nullopt;
}

bank_totals totals_at_rest(runtime& target) {
  REQUIRE(target.wait_until_idle(std::chrono::seconds{20}));
  return total_up(target.log(), 0);
}

} // namespace

TEST_CASE("orders of one payer run by month, then by order id, until its money is used up") {
  const auto style = GENERATE(transfer_style::orchestrated, transfer_style::choreographed);
  bank_on_memory bank;
  const auto result = bank_driver{bank.get(), two_payers, settings_for(style)}.run();
  // Had order 20 been first, order 10 would have failed in both months.
  CHECK(status_of_transfer(bank.get(), "10-1") == "completed");
  CHECK(status_of_transfer(bank.get(), "20-1") == "cancelled");
  CHECK(status_of_transfer(bank.get(), "10-2") == "cancelled");
  CHECK(status_of_transfer(bank.get(), "20-2") == "cancelled");
  CHECK(status_of_transfer(bank.get(), "30-1") == "completed");
  CHECK(status_of_transfer(bank.get(), "30-2") == "completed");
  CHECK_FALSE(status_of_transfer(bank.get(), "30-3"));
  CHECK(result.completed == 3);
  CHECK(result.failed == 3);
  const auto totals = totals_at_rest(bank.get());
  CHECK(totals.opened == minor_units{30'000});
  CHECK(totals.balances == minor_units{30'000});
  CHECK(totals.open_sagas == 0);
  CHECK(imbalance(totals).empty());
}

TEST_CASE("driving the same store again records nothing and comes to the same outcomes") {
  const auto style = GENERATE(transfer_style::orchestrated, transfer_style::choreographed);
  bank_on_memory bank;
  const auto first = bank_driver{bank.get(), two_payers, settings_for(style)}.run();
  REQUIRE(bank.get().wait_until_idle(std::chrono::seconds{20}));
  const auto last = bank.get().log().last();
  const auto second = bank_driver{bank.get(), two_payers, settings_for(style)}.run();
  REQUIRE(bank.get().wait_until_idle(std::chrono::seconds{20}));
  CHECK(bank.get().log().last() == last);
  CHECK(second.completed == first.completed);
  CHECK(second.failed == first.failed);
}

TEST_CASE("driving for more months goes on where the store is") {
  bank_on_memory bank;
  auto settings = settings_for(transfer_style::orchestrated);
  bank_driver{bank.get(), two_payers, settings}.run();
  settings.months = 3;
  const auto result = bank_driver{bank.get(), two_payers, settings}.run();
  CHECK(result.completed == 4);
  CHECK(result.failed == 5);
  CHECK(status_of_transfer(bank.get(), "30-3") == "completed");
}

TEST_CASE("a store that was driven with another opening balance is refused") {
  bank_on_memory bank;
  auto settings = settings_for(transfer_style::orchestrated);
  bank_driver{bank.get(), two_payers, settings}.run();
  settings.opening_balance = minor_units{9'900};
  bank_driver again{bank.get(), two_payers, settings};
  CHECK_THROWS_MATCHES(again.run(), user_error,
                       Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
                           " that was not opened with 99.00; give the --opening-balance of the "
                           "earlier run, or another --store")));
}

TEST_CASE("opening balances whose sum does not fit are refused before anything is opened") {
  bank_on_memory bank;
  auto settings = settings_for(transfer_style::orchestrated);
  settings.opening_balance = minor_units{std::int64_t{1} << 62};
  CHECK_THROWS_AS(bank_driver(bank.get(), two_payers, settings), user_error);
  CHECK(bank.get().log().last() == 0);
}
