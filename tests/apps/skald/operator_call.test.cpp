#include "apps/skald/sagas/operator_call.hpp"

#include "actors/rebuild.hpp"
#include "actors/saga_instruction.hpp"
#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/sagas/saga_finder.hpp"
#include "apps/skald/sagas/saga_text.hpp"
#include "apps/skald/trace/trace_text.hpp"
#include "tests/apps/drive/bank_on_memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

using namespace skald;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr duration hour = std::chrono::hours{1};

// alice pays bob; alice's account is deaf to what it is asked to pay, so that the transfer stays
// open.
class open_transfer {
public:
  open_transfer() : bank_(deaf(is_deaf_)) {
    ask(command_to<account>("alice", open_account{{1'000}}));
    ask(command_to<account>("bob", open_account{{0}}));
    ask(command_to<transfer>("T-1", transfer_money{"alice", "bob", {300}, {}, 3'600'000}));
    settle();
  }

  runtime& get() { return bank_.get(); }

  void settle() { REQUIRE(get().wait_until_idle(std::chrono::minutes{1})); }

  void hear_again() {
    *is_deaf_ = false;
    get().let_go();
    settle();
  }

  void tell(std::string_view instruction, const operator_words& said) {
    instruct_saga(get(), instruction, said);
    settle();
  }

  saga_overview look() { return look_at_saga(get().log(), get().types(), {"transfer", "T-1"}); }

  account account_of(const std::string& id) {
    account result;
    const auto found = rebuild(*get().types().find("account"), get().log(), {"account", id});
    REQUIRE_FALSE(decode(found.content->view().state, result));
    return result;
  }

  std::string story() {
    return trace_text(trace_transaction(get().log(), get().types(), "T-1"),
                      terminal_colours::none());
  }

private:
  static runtime_options deaf(std::shared_ptr<std::atomic<bool>> lasts) {
    runtime_options result;
    result.hold_back = [lasts = std::move(lasts)](const delivery& x) {
      const auto* command = std::get_if<command_delivery>(&x.content);
      return *lasts && command && command->message->type == withdraw::type_name;
    };
    return result;
  }

  void ask(client_command command) { REQUIRE(get().ask(std::move(command)).get()->accepted); }

  std::shared_ptr<std::atomic<bool>> is_deaf_ = std::make_shared<std::atomic<bool>>(true);
  bank_on_memory bank_;
};

operator_words words(std::string step = {}) {
  return {"T-1", std::move(step), {}, "the customer has called", "olga"};
}

} // namespace

TEST_CASE("an open saga shows what it waits for, what took effect and what remains") {
  open_transfer bank;
  const auto saga = bank.look();
  CHECK(saga.saga == "transfer money");
  CHECK(saga.phase == "running");
  CHECK(saga.open);
  REQUIRE(saga.steps.size() == 2);
  CHECK(saga.steps[0].status == "succeeded");
  CHECK_FALSE(saga.steps[0].awaits_answer);
  CHECK(saga.steps[1].status == "sent");
  CHECK(saga.steps[1].awaits_answer);
  CHECK(saga.steps[1].participant == address{"account", "alice"});
  CHECK(saga.took_effect() == std::vector<std::string_view>{"deposit"});
  CHECK(saga.remains() == std::vector<std::string_view>{"withdraw"});
  REQUIRE(saga.deadlines.size() == 1);
  CHECK(saga.deadlines.front().first == "saga");
  const auto text = saga_text(saga, saga.steps[1].sent + std::chrono::seconds{90});
  CHECK_THAT(text, ContainsSubstring("waits for account/alice since 1 min 30 s"));
  CHECK_THAT(text, ContainsSubstring("next deadline 'saga' in 58 min"));
  CHECK(saga_json(saga)["steps"][1]["participant"] == "account/alice");
}

TEST_CASE("a saga is stuck when it waits for longer than one has patience, or past its deadline") {
  open_transfer bank;
  const auto saga = bank.look();
  const auto sent = saga.steps[1].sent;
  CHECK_FALSE(saga.stuck(sent + std::chrono::seconds{59}, std::chrono::minutes{1}));
  CHECK(saga.stuck(sent + std::chrono::seconds{61}, std::chrono::minutes{1}));
  CHECK_FALSE(saga.stuck(sent + hour / 2, 2 * hour));
  CHECK(saga.stuck(sent + 2 * hour, 3 * hour));
}

TEST_CASE("a saga that is cancelled by hand compensates, with who and why in its story") {
  open_transfer bank;
  bank.tell(saga_instructions::cancel, words());
  bank.hear_again();
  CHECK(bank.look().phase == "compensated");
  CHECK(bank.account_of("alice").balance == minor_units{1'000});
  CHECK(bank.account_of("bob").pending.count == 0);
  const auto story = bank.story();
  CHECK_THAT(story, ContainsSubstring("transfer/T-1 is asked by olga to CancelSaga"));
  CHECK_THAT(story, ContainsSubstring("because: the customer has called"));
  CHECK_THAT(story, ContainsSubstring("compensates step 'deposit'"));
}

TEST_CASE("a saga that is terminated by hand undoes nothing") {
  open_transfer bank;
  bank.tell(saga_instructions::terminate, words());
  bank.hear_again();
  const auto saga = bank.look();
  CHECK(saga.phase == "terminated");
  CHECK_FALSE(saga.open);
  CHECK(saga.reason == "the customer has called");
  CHECK_THAT(bank.story(), ContainsSubstring("is terminated: nothing was undone"));
  CHECK_THAT(bank.story(), !ContainsSubstring("CancelDeposit"));
}

TEST_CASE("an instruction that does not fit is refused with the reason, and changes nothing") {
  open_transfer bank;
  CHECK_THROWS_MATCHES(instruct_saga(bank.get(), saga_instructions::resolve, words()), user_error,
                       MessageMatches(ContainsSubstring("only a saga that is parked")));
  CHECK_THROWS_MATCHES(instruct_saga(bank.get(), saga_instructions::retry, words()), user_error,
                       MessageMatches(ContainsSubstring("nothing to try again")));
  CHECK_THROWS_MATCHES(instruct_saga(bank.get(), saga_instructions::skip, words()), user_error,
                       MessageMatches(ContainsSubstring("which step")));
  CHECK_THROWS_MATCHES(instruct_saga(bank.get(), saga_instructions::skip, words("deposit")),
                       user_error, MessageMatches(ContainsSubstring("not compensating")));
  CHECK(bank.look().phase == "running");
}

TEST_CASE("an instruction to a saga that has ended says how it ended") {
  open_transfer bank;
  bank.hear_again();
  CHECK_THROWS_MATCHES(instruct_saga(bank.get(), saga_instructions::cancel, words()), user_error,
                       MessageMatches(ContainsSubstring("has ended: it is completed")));
  CHECK_THROWS_MATCHES(
      instruct_saga(bank.get(), saga_instructions::cancel, {"T-9", {}, {}, "why not", "olga"}),
      user_error, MessageMatches(ContainsSubstring("there is no saga of T-9")));
}
