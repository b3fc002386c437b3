#include "actors/runtime.hpp"
#include "apps/bank/account.hpp"
#include "apps/bank/bank.hpp"
#include "apps/bank/transfer.hpp"
#include "persistence/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace skald;
using namespace std::chrono_literals;

namespace {

registry bank_types() {
  registry types;
  host_bank(types);
  return types;
}

/// Transfers between two accounts whose withdrawals are held back, so that the last success of all
/// of them and their deadline can be let loose together.
class racing_bank {
public:
  explicit racing_bank(transfer_style style) : style_(style), system_(prepared(configuration_)) {
    runtime_options options;
    options.hold_back = [this](const delivery& x) {
      const auto* command = std::get_if<command_delivery>(&x.content);
      return holds_.load() && command && command->message->type == withdraw::type_name;
    };
    host_ = std::make_unique<runtime>(system_, bank_types(), std::make_unique<memory_journal>(),
                                      options, clock_);
    for (const auto* each : {"A", "B"})
      REQUIRE(
          await(host_->ask(command_to<account>(each, open_account{{opening_balance}})))->accepted);
  }

  /// Returns how many of `count` transfers have completed, having checked that each of the others
  /// was cancelled and that no money has come or gone.
  int race(int count) {
    holds_ = true;
    std::vector<std::future<outcome_ptr>> outcomes;
    for (int i = 0; i < count; ++i) {
      const auto id = "T" + std::to_string(++transfers_);
      auto command = command_to<transfer>(
          id, transfer_money{"A", "B", {1}, style_, std::chrono::milliseconds{5s}.count()});
      command.until_saga_ends = true;
      outcomes.push_back(host_->ask(std::move(command)));
    }
    REQUIRE(host_->wait_until_idle(1min));
    holds_ = false;
    std::thread deadline{[this] {
      clock_->advance(5s);
      host_->time_has_moved();
    }};
    host_->let_go();
    deadline.join();
    int completed = 0;
    for (auto& each : outcomes) {
      const auto outcome = await(std::move(each));
      if (outcome->accepted)
        ++completed;
      else
        CHECK(outcome->reason.find("deadline") != std::string::npos);
    }
    REQUIRE(host_->wait_until_idle(1min));
    moved_ += completed;
    CHECK(balance_of("A") == opening_balance - moved_);
    CHECK(balance_of("B") == opening_balance + moved_);
    return completed;
  }

private:
  static constexpr std::int64_t opening_balance = 1'000'000;

  static caf::actor_system_config& prepared(caf::actor_system_config& configuration) {
    static const bool once = (init_actor_types(), true);
    static_cast<void>(once);
    return configuration;
  }

  template <class T>
  static T await(std::future<T> future) {
    REQUIRE(future.wait_for(1min) == std::future_status::ready);
    return future.get();
  }

  std::int64_t balance_of(const std::string& id) {
    const auto view = await(host_->show({"account", id}));
    account state;
    REQUIRE_FALSE(decode(view.state, state));
    CHECK(state.deposits.empty());
    CHECK(state.withdrawals.empty());
    CHECK(view.in_saga.empty());
    return state.balance.count;
  }

  transfer_style style_;
  std::atomic<bool> holds_ = false;
  std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>(timestamp{1h});
  caf::actor_system_config configuration_;
  caf::actor_system system_;
  std::unique_ptr<runtime> host_;
  int transfers_ = 0;
  std::int64_t moved_ = 0;
};

} // namespace

TEST_CASE("a transfer whose deadline passes as it succeeds has one outcome, never both") {
  const auto style = GENERATE(transfer_style::orchestrated, transfer_style::choreographed);
  racing_bank bank{style};
  int completed = 0;
  int raced = 0;
  while (raced < 10'000) {
    // Groups of several sizes, so that the two meet at different places.
    const int count = 1 + raced % 200;
    completed += bank.race(count);
    raced += count;
  }
  CHECK(completed > 0);
  CHECK(completed < raced);
}
