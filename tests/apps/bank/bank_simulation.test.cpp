#include "actors/entity.hpp"
#include "apps/bank/account.hpp"
#include "apps/bank/bank.hpp"
#include "apps/bank/bank_invariant.hpp"
#include "apps/bank/transfer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace skald;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t accounts = 4;
constexpr std::int64_t opening_balance = 300;

/// The bank without actors and disk: messages arrive in any order, some twice, and time passes.
class simulated_bank {
public:
  explicit simulated_bank(std::uint64_t seed) : random_(seed) {
    host_bank(types_);
    for (std::uint64_t i = 0; i < accounts; ++i)
      send<account>("A-" + std::to_string(i), open_account{{opening_balance}});
    run();
  }

  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(random_() % n); }

  void ask_for_transfer(const std::string& id) {
    auto some_account = [this] { return "A-" + std::to_string(below(accounts + 1)); };
    send<transfer>(id, transfer_money{some_account(),
                                      some_account(),
                                      {below(250)},
                                      below(2) == 0 ? transfer_style::orchestrated
                                                    : transfer_style::choreographed,
                                      1 + below(3'000)});
  }

  /// Until nothing is on its way and no deadline is set.
  void run() {
    while (!under_way_.empty() || !due_.empty()) {
      if (under_way_.empty() || below(40) == 0)
        pass_time();
      else
        deliver();
    }
  }

  template <class Check>
  void for_each_state(std::string_view type, Check check) const {
    for (const auto& [self, each] : entities_) {
      const auto shown = each->view();
      if (self.type == type && shown.exists)
        check(shown, json_of_cbor(shown.state));
    }
  }

  const bank_invariant& checked() const { return checked_; }

private:
  template <class A, command_of<A> C>
  void send(const std::string& id, const C& command) {
    auto message = std::make_shared<command_message>();
    message->id = message_id_of("client " + std::to_string(++sent_));
    message->to = {std::string{A::type_name}, id};
    message->correlation = id;
    message->first_sent = now_;
    message->type = C::type_name;
    message->payload = encode(command);
    under_way_.push_back({message->to, command_delivery{message, {}}});
  }

  void deliver() {
    const auto chosen = static_cast<std::size_t>(below(under_way_.size()));
    std::swap(under_way_[chosen], under_way_.back());
    const auto next = under_way_.back();
    if (below(10) != 0) // else it comes once more
      under_way_.pop_back();
    if (next.to.type != reactor::address_type)
      handle(next.to, next.content);
  }

  void pass_time() {
    now_ += 1ms * below(200);
    for (const auto& [self, due] : std::map{due_})
      if (due <= now_) {
        due_.erase(self);
        handle(self, deadline_delivery{});
      }
  }

  void handle(const address& to, const delivery_content& input) {
    auto& receiver = entities_[to];
    if (!receiver)
      receiver = std::make_unique<entity>(*types_.find(to.type), to);
    auto result = receiver->handle(input, now_);
    // The journal would give the first answer, which has been under way since.
    for (const auto& repeated : result.lookups)
      REQUIRE(handled_.contains(repeated.message->id));
    if (auto* command = std::get_if<command_delivery>(&input))
      handled_.insert(command->message->id);
    record_turn(result);
    for (auto& each : result.deliveries)
      under_way_.push_back(std::move(each));
    for (const auto& event : result.publications)
      for (const auto& handler : types_.reactors())
        for (auto& message : handler.react(event))
          under_way_.push_back({message->to, command_delivery{message, {}}});
    if (result.next_due && result.next_due->second == no_time)
      due_.erase(result.next_due->first);
    else if (result.next_due)
      due_[result.next_due->first] = result.next_due->second;
  }

  void record_turn(turn& done) {
    if (done.record.empty())
      return;
    ++last_;
    seal_record(done.record, last_, done.cursor->last);
    done.cursor->last = last_;
    record stored;
    REQUIRE_FALSE(decode_record(done.record, last_, stored));
    checked_.see(stored);
  }

  std::mt19937_64 random_;
  registry types_;
  std::map<address, std::unique_ptr<entity>> entities_;
  std::vector<delivery> under_way_;
  std::map<address, timestamp> due_;
  std::set<message_id> handled_;
  timestamp now_{std::chrono::seconds{1'000'000'000}};
  position last_ = 0;
  std::uint64_t sent_ = 0;
  bank_invariant checked_;
};

} // namespace

TEST_CASE(
    "in any order of messages, every transfer ends at both accounts alike and no money is lost") {
  std::uint64_t completed = 0;
  std::uint64_t cancelled = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    simulated_bank bank{seed};
    for (int i = 0; i < 20; ++i)
      bank.ask_for_transfer("T-" + std::to_string(i));
    bank.run();
    const auto& checked = bank.checked();
    REQUIRE(checked.violations() == std::vector<std::string>{});
    REQUIRE(checked.count().unfinished == 0);
    REQUIRE(checked.sum_of_balances() == minor_units{accounts * opening_balance});
    bank.for_each_state("account", [&](const entity_view& shown, const nlohmann::json& state) {
      INFO(to_string(shown.self) << " " << state.dump());
      REQUIRE(shown.in_saga.empty());
      REQUIRE(state["pending"] == 0);
      REQUIRE(state["outgoing"] == 0);
      if (const auto holds = checked.holdings_of(shown.self.id))
        REQUIRE(state["balance"] == holds->balance.count);
    });
    bank.for_each_state("transfer", [&](const entity_view& shown, const nlohmann::json& state) {
      INFO(to_string(shown.self) << " " << state.dump());
      REQUIRE((shown.sequence == 0 || shown.status == "completed" || shown.status == "cancelled"));
    });
    completed += checked.count().completed;
    cancelled += checked.count().cancelled;
  }
  // Both ends have been reached often enough to mean something.
  CHECK(completed > 300);
  CHECK(cancelled > 300);
}
