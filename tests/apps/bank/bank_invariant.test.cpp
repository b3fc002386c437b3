#include "apps/bank/bank_invariant.hpp"

#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace skald;

namespace {

constexpr auto orchestrated = transfer_style::orchestrated;
constexpr auto choreographed = transfer_style::choreographed;

std::vector<story> sound_stories() {
  return {success(orchestrated), success(choreographed), orchestrated_failure(),
          choreographed_failure(), choreographed_failure_at_once()};
}

bool says(const std::vector<stored_event>& events, std::string_view type) {
  return !events.empty() && events.front().type == type;
}

void check_finds(const story& wrong, const std::string& violation) {
  const auto found = wrong.told().violations();
  INFO("looked for: " << violation);
  for (const auto& each : found)
    UNSCOPED_INFO("found: " << each);
  CHECK(std::ranges::any_of(
      found, [&](const auto& each) { return each.find(violation) != std::string::npos; }));
}

} // namespace

TEST_CASE("sound histories of transfers hold no violation and leave nothing unfinished") {
  for (const auto& each : sound_stories()) {
    const auto seen = each.told();
    CHECK(seen.violations() == std::vector<std::string>{});
    CHECK(seen.count().violations == 0);
    CHECK(seen.count().unfinished == 0);
    CHECK(seen.count().accounts == 2);
    CHECK(seen.count().transfers == 1);
    CHECK(seen.sum_of_balances() == minor_units{100});
  }
}

TEST_CASE("the books hold what the accounts hold") {
  const auto under_way = after_both_steps(orchestrated).told();
  CHECK(under_way.violations().empty());
  CHECK(under_way.holdings_of("A") == bank_invariant::holdings{{40}, {0}, {60}});
  CHECK(under_way.holdings_of("B") == bank_invariant::holdings{{0}, {60}, {0}});
  CHECK(under_way.sum_of_balances() == minor_units{40});
  CHECK(under_way.count().unfinished == 1);
  const auto done = success(orchestrated).told();
  CHECK(done.holdings_of("A") == bank_invariant::holdings{{40}, {0}, {0}});
  CHECK(done.holdings_of("B") == bank_invariant::holdings{{60}, {0}, {0}});
  CHECK(done.count().completed == 1);
  CHECK(orchestrated_failure().told().count().cancelled == 1);
  CHECK_FALSE(done.holdings_of("C"));
}

TEST_CASE("an account that a transfer names but nobody opened holds nothing") {
  story one;
  one.turn<transfer>("T", transfer_created{"T", "A", "B", {60}, orchestrated, 5'000});
  const auto seen = one.told();
  CHECK(seen.count().accounts == 0);
  CHECK_FALSE(seen.holdings_of("A"));
}

TEST_CASE("every record of a history that is missing is noticed") {
  for (const auto& sound : sound_stories()) {
    const bool fails = sound.told().count().cancelled > 0;
    for (std::size_t i = 0; i < sound.records.size(); ++i) {
      const auto& events = sound.records[i].events;
      // A transfer that is cancelled anyway need not know of its deposit.
      if (says(events, "WithdrawFailed") || (fails && says(events, "DepositCompleted")))
        continue;
      auto wrong = sound;
      wrong.records.erase(wrong.records.begin() + static_cast<std::ptrdiff_t>(i));
      const auto seen = wrong.told().count();
      INFO("without record " << i + 1);
      CHECK((seen.violations > 0 || seen.unfinished > 0 || seen.accounts < 2));
    }
  }
}

TEST_CASE("every record with an effect that stands twice in a history is noticed") {
  for (const auto& sound : sound_stories()) {
    for (std::size_t i = 0; i < sound.records.size(); ++i) {
      const auto& events = sound.records[i].events;
      if (events.empty() || says(events, "WithdrawFailed"))
        continue;
      for (auto behind = i + 1; behind <= sound.records.size(); ++behind) {
        auto wrong = sound;
        wrong.records.insert(wrong.records.begin() + static_cast<std::ptrdiff_t>(behind),
                             sound.records[i]);
        INFO("record " << i + 1 << " again behind record " << behind);
        CHECK(wrong.told().count().violations > 0);
      }
    }
  }
}

TEST_CASE("a balance below zero is found") {
  story one;
  one.turn<account>("A", account_opened{{10}});
  one.turn<account>("A", paid_out);
  check_finds(one, "record 2, account/A, Withdrawn: balance is -0.50");
}

TEST_CASE("a debt at the opening of an account is found") {
  check_finds(story{}.turn<account>("A", account_opened{{-1}}), "balance is -0.01");
}

TEST_CASE("money that is made or lost is found") {
  const auto sum = "the balances and the money under way add up to";
  check_finds(after_completion(orchestrated).turn<account>("B", deposit_confirmed{"T", {61}}), sum);
  check_finds(after_completion(orchestrated).turn<account>("B", deposit_confirmed{"T", {59}}), sum);
  check_finds(beginning(orchestrated).turn<account>("A", withdrawn{"T", "B", {59}, orchestrated}),
              sum);
  check_finds(after_both_steps(orchestrated)
                  .turn<transfer>("T", cancel)
                  .turn<account>("A", withdraw_cancelled{"T", {61}}),
              sum);
}

TEST_CASE("a wrong sum is reported when it comes up, not with every record after it") {
  auto wrong = after_completion(orchestrated).turn<account>("B", deposit_confirmed{"T", {61}});
  const auto before = wrong.told().count().violations;
  for (int i = 0; i < 10; ++i)
    wrong.turn<account>("C" + std::to_string(i), account_opened{{5}});
  CHECK(wrong.told().count().violations == before);
}

TEST_CASE("a transfer that is both completed and cancelled is found") {
  check_finds(after_completion(orchestrated).turn<transfer>("T", cancel),
              "transfer/T, TransferCanceled: the transfer is completed already");
  check_finds(after_both_steps(orchestrated)
                  .turn<transfer>("T", cancel)
                  .turn<transfer>("T", withdraw_completed{}, complete),
              "transfer/T, TransferCompleted: the transfer is cancelled already");
}

TEST_CASE("a transfer that completes though an account has not done its part is found") {
  const auto violation = "not both accounts have done their part";
  check_finds(beginning(orchestrated).turn<transfer>("T", complete), violation);
  check_finds(beginning(orchestrated)
                  .turn<account>("B", paid_in)
                  .turn<transfer>("T", deposit_completed{}, complete),
              violation);
  check_finds(beginning(orchestrated).turn<transfer>("T", deposit_completed{}),
              "the account has not done its part");
}

TEST_CASE("a deposit that is confirmed without a withdrawal is found") {
  check_finds(beginning(orchestrated)
                  .turn<account>("B", paid_in)
                  .turn<account>("B", deposit_confirmed{"T", {60}}),
              "the payer has not paid");
}

TEST_CASE("a part that is made final before the transfer is complete is found") {
  const auto violation = "the transfer is not completed";
  check_finds(after_both_steps(orchestrated).turn<account>("B", deposit_confirmed{"T", {60}}),
              violation);
  check_finds(after_both_steps(orchestrated).turn<account>("A", withdraw_confirmed{"T", {60}}),
              violation);
}

TEST_CASE("a part that is undone though the transfer is not cancelled is found") {
  const auto violation = "the transfer is not cancelled";
  check_finds(after_completion(orchestrated).turn<account>("B", deposit_cancelled{"T", {60}}),
              violation);
  check_finds(after_completion(orchestrated).turn<account>("A", withdraw_cancelled{"T", {60}}),
              violation);
}

TEST_CASE("a part that ends twice, one way and the other, is found") {
  const auto violation = "the account does not hold it";
  check_finds(after_completion(orchestrated)
                  .turn<account>("A", withdraw_confirmed{"T", {60}})
                  .turn<account>("A", withdraw_cancelled{"T", {60}}),
              violation);
  check_finds(after_completion(orchestrated)
                  .turn<account>("B", deposit_confirmed{"T", {60}})
                  .turn<account>("B", deposit_cancelled{"T", {60}}),
              violation);
}

TEST_CASE("a payment at another account, of another amount or where no account is open is found") {
  const auto elsewhere = "the transfer concerns another account";
  check_finds(beginning(orchestrated).turn<account>("A", paid_in), elsewhere);
  check_finds(beginning(orchestrated).turn<account>("B", paid_out), elsewhere);
  check_finds(
      beginning(orchestrated).turn<account>("B", deposited{"T", "A", "B", {61}, orchestrated}),
      "the transfer is about another amount");
  story closed;
  closed.turn<account>("B", account_opened{}, account_closed{});
  closed.turn<transfer>("T", transfer_created{"T", "A", "B", {60}, orchestrated, 5'000});
  closed.turn<account>("B", paid_in);
  check_finds(closed, "the account is not open");
}

TEST_CASE("the end of a payment at another account or of another amount is found") {
  check_finds(after_completion(orchestrated).turn<account>("B", withdraw_confirmed{"T", {60}}),
              "the transfer concerns another account");
  check_finds(
      orchestrated_failure_before_compensation().turn<account>("B", deposit_cancelled{"T", {59}}),
      "the transfer is about another amount");
}

TEST_CASE("a payment that takes effect after its cancel is found") {
  check_finds(beginning(choreographed)
                  .turn<transfer>("T", cancel)
                  .turn<account>("B")
                  .on_cancel_of("T")
                  .turn<account>("B", paid_in),
              "it was cancelled before");
}

TEST_CASE("a cancel that was refused does not count as one") {
  const auto seen = beginning(choreographed)
                        .turn<transfer>("T", cancel)
                        .turn<account>("B")
                        .on_cancel_of("T")
                        .refused()
                        .turn<account>("B", paid_in)
                        .told();
  CHECK(seen.violations().empty());
}

TEST_CASE("an event that comes after its transfer is over is found") {
  const auto violation = "the transfer 'T' is over or was never created";
  for (const auto& over : sound_stories()) {
    auto with = [&](auto add) {
      auto result = over;
      add(result);
      check_finds(result, violation);
    };
    with([](story& x) { x.turn<account>("B", paid_in); });
    with([](story& x) { x.turn<account>("A", paid_out); });
    with([](story& x) { x.turn<account>("B", deposit_confirmed{"T", {60}}); });
    with([](story& x) { x.turn<account>("A", withdraw_cancelled{"T", {60}}); });
    with([](story& x) { x.turn<transfer>("T", cancel); });
    with([](story& x) { x.turn<transfer>("T", complete); });
  }
}

TEST_CASE("a transfer that is created again is found, also after its end") {
  const transfer_created again{"T", "A", "B", {60}, orchestrated, 5'000};
  check_finds(beginning(orchestrated).turn<transfer>("T", again),
              "the transfer was created before");
  check_finds(success(orchestrated).turn<transfer>("T", again), "the transfer was created before");
}

TEST_CASE("a transfer that makes no sense is found") {
  auto created = [](const transfer_created& event) { return story{}.turn<transfer>("T", event); };
  check_finds(created({"T", "A", "A", {60}, orchestrated, 5'000}), "an account pays itself");
  check_finds(created({"T", "A", "B", {0}, orchestrated, 5'000}), "the amount is not positive");
  check_finds(created({"U", "A", "B", {60}, orchestrated, 5'000}), "the transfer has another id");
}

TEST_CASE("a saga that ends though a participant has not is found") {
  const auto violation = "the saga has ended, but not at both accounts";
  check_finds(after_completion(orchestrated).saga_ends("T", saga_transition::completed), violation);
  check_finds(after_completion(orchestrated)
                  .turn<account>("B", deposit_confirmed{"T", {60}})
                  .saga_ends("T", saga_transition::completed),
              violation);
  check_finds(beginning(orchestrated)
                  .turn<account>("B", paid_in)
                  .turn<transfer>("T", cancel)
                  .saga_ends("T", saga_transition::compensated),
              violation);
  check_finds(beginning(orchestrated).saga_ends("T", saga_transition::compensated),
              "the saga has ended, the transfer is neither completed nor cancelled");
}

TEST_CASE("an account that is opened twice, or closed with money on it, is found") {
  check_finds(beginning(orchestrated).turn<account>("A", account_opened{}),
              "the account was opened before");
  check_finds(beginning(orchestrated).turn<account>("A", account_closed{}),
              "the account still held money");
  check_finds(story{}.turn<account>("A", account_closed{}), "the account was not open");
}

TEST_CASE("an account beyond 64 bits is found") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  story one;
  one.turn<account>("B", account_opened{{most}});
  one.turn<account>("B", paid_in, deposit_confirmed{"T", {60}});
  check_finds(one, "balance exceeds 64 bits");
}

TEST_CASE("a sum of balances beyond 64 bits is no violation, but cannot be told") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  story rich;
  rich.turn<account>("A", account_opened{{most}});
  rich.turn<account>("B", account_opened{{most}});
  rich.turn<account>("C", account_opened{{most}});
  const auto seen = rich.told();
  CHECK(seen.violations().empty());
  CHECK_FALSE(seen.sum_of_balances());
}

TEST_CASE("an event that cannot be read is found") {
  auto unknown = beginning(orchestrated);
  unknown.turn<account>("A", account_opened{});
  unknown.records.back().events[0].type = "AccountRobbed";
  check_finds(unknown,
              "record 4, account/A, AccountRobbed: it cannot be read: there is no such event");
  auto newer = beginning(orchestrated);
  newer.turn<account>("B", paid_in);
  newer.records.back().events[0].version = 99;
  check_finds(newer, "it cannot be read");
  auto torn = beginning(orchestrated);
  torn.turn<account>("B", paid_in);
  torn.records.back().events[0].payload.pop_back();
  check_finds(torn, "it cannot be read");
}

TEST_CASE("streams of other domains are passed over") {
  auto other = beginning(orchestrated);
  other.turn<account>("O-1", account_opened{{5}});
  other.records.back().stream.type = "order";
  const auto seen = other.told();
  CHECK(seen.violations().empty());
  CHECK(seen.sum_of_balances() == minor_units{100});
}

TEST_CASE("of very many violations all are counted and the first thousand kept") {
  story one;
  for (int i = 0; i < 1'500; ++i)
    one.turn<account>("A", account_closed{});
  const auto seen = one.told();
  CHECK(seen.count().violations == 1'500);
  CHECK(seen.violations().size() == 1'000);
}
