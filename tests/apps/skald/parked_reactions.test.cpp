#include "apps/bank/account.hpp"
#include "apps/bank/bank.hpp"
#include "apps/skald/sagas/operator_call.hpp"
#include "apps/skald/sagas/parked_reactions_text.hpp"
#include "persistence/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace skald;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<reaction> no_greeting(const account_opened&) {
  throw std::runtime_error("the printer is out of paper");
}

registry bank_with_greeter() {
  registry result;
  host_bank(result);
  result.host(reactor("greeter").on<account, account_opened>(no_greeting).retry({.retries = 0}));
  return result;
}

// An account whose opening a handler could not react to.
class parked_greeting {
public:
  parked_greeting() {
    REQUIRE(bank_.ask(command_to<account>("A-1", open_account{{5}})).get()->accepted);
    settle();
  }

  runtime& get() { return bank_; }
  void settle() { REQUIRE(bank_.wait_until_idle(std::chrono::minutes{1})); }

  std::vector<parked_event> parked() {
    std::vector<parked_event> result;
    for_each_parked(bank_.log(), bank_.types(),
                    [&](const std::string& reactor, const parked_reactions& all) {
                      CHECK(reactor == "greeter");
                      for (const auto& [correlation, line] : all.transactions)
                        result.insert(result.end(), line.waiting.begin(), line.waiting.end());
                    });
    return result;
  }

private:
  static caf::actor_system_config& prepared(caf::actor_system_config& configuration) {
    static const bool types_are_known = (init_actor_types(), true);
    static_cast<void>(types_are_known);
    configuration.set("caf.scheduler.max-threads", 2);
    return configuration;
  }

  caf::actor_system_config configuration_;
  caf::actor_system system_{prepared(configuration_)};
  runtime bank_{system_, bank_with_greeter(), std::make_unique<memory_journal>()};
};

const operator_words words{"A-1", {}, {}, "printed by hand", "olga"};

} // namespace

TEST_CASE("what a handler has parked is shown with the event and the reason") {
  parked_greeting bank;
  const auto parked = bank.parked();
  REQUIRE(parked.size() == 1);
  const auto json = parked_json("greeter", parked[0]);
  CHECK(json["correlation"] == "A-1");
  CHECK(json["event"] == "AccountOpened");
  CHECK(json["from"] == "account/A-1");
  CHECK(json["attempts"] == 1);
  const auto text = parked_text("greeter", parked[0], wall_clock_now());
  CHECK_THAT(text, ContainsSubstring("reaction of the greeter to AccountOpened of account/A-1"));
  CHECK_THAT(text, ContainsSubstring("out of paper"));
}

TEST_CASE("what a handler has parked is skipped by hand under the transaction's id") {
  parked_greeting bank;
  CHECK(instruct_reactors<skip_parked>(bank.get(), words) == std::vector<std::string>{"greeter"});
  bank.settle();
  CHECK(bank.parked().empty());
  CHECK(instruct_reactors<skip_parked>(bank.get(), words).empty());
}

TEST_CASE("what a handler has parked and that fails again is parked again") {
  parked_greeting bank;
  CHECK(instruct_reactors<retry_parked>(bank.get(), words) == std::vector<std::string>{"greeter"});
  bank.settle();
  CHECK(bank.parked().size() == 1);
}

TEST_CASE("an instruction about a step or a type of aggregate is not for handlers") {
  parked_greeting bank;
  auto about_step = words;
  about_step.step = "deposit";
  CHECK(instruct_reactors<skip_parked>(bank.get(), about_step).empty());
  CHECK(bank.parked().size() == 1);
}
