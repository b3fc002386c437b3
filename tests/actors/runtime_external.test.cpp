#include "actors/saga_instruction.hpp"
#include "parcel_domain.hpp"
#include "runtime_fixture.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <deque>
#include <variant>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::call_context;
using skald::call_result;
namespace instructions = skald::saga_instructions;

namespace {

/// A system outside that a test tells what to answer, and that keeps what it was asked.
class carrier {
public:
  /// What the next calls of `Carry` get; after that they succeed.
  void answer(std::vector<call_result> with) {
    const std::lock_guard guard{mutex_};
    answers_.assign(with.begin(), with.end());
  }

  /// Keeps whoever calls waiting until `let_answer`.
  void hold() {
    const std::lock_guard guard{mutex_};
    held_ = true;
  }

  void let_answer() {
    const std::lock_guard guard{mutex_};
    held_ = false;
    changed_.notify_all();
  }

  call_result carry_it(const call_context& context) {
    std::unique_lock guard{mutex_};
    keys.push_back(context.id);
    changed_.notify_all();
    changed_.wait(guard, [this] { return !held_; });
    if (answers_.empty())
      return skald::call_succeeded();
    auto result = std::move(answers_.front());
    answers_.pop_front();
    return result;
  }

  call_result undo() {
    const std::lock_guard guard{mutex_};
    ++undone_;
    return skald::call_succeeded();
  }

  bool wait_for_calls(std::size_t count) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, 1min, [&] { return keys.size() >= count; });
  }

  std::size_t calls() const {
    const std::lock_guard guard{mutex_};
    return keys.size();
  }

  bool same_key_each_time() const {
    const std::lock_guard guard{mutex_};
    return std::ranges::all_of(keys, [this](const auto& each) { return each == keys.front(); });
  }

  int undone() const {
    const std::lock_guard guard{mutex_};
    return undone_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<call_result> answers_;
  std::vector<skald::message_id> keys;
  bool held_ = false;
  int undone_ = 0;
};

/// Orders and parcels with a carrier.
class parcel_fixture : public runtime_fixture {
public:
  parcel_fixture() {
    make_types = [this] {
      skald::registry types;
      types.host<parcel>(carrier_saga(), undo_saga()).host<parcel_order>(order_saga());
      types.host(skald::external("carrier", 2)
                     .on<carry>([this](const carry&, const call_context& context) {
                       return outside.carry_it(context);
                     })
                     .on<carry_not>(
                         [this](const carry_not&, const call_context&) { return outside.undo(); }));
      return types;
    };
    start();
  }

  ~parcel_fixture() { outside.let_answer(); }

  /// Orders the parcel P; the answer comes when the order's saga has ended.
  std::future<skald::outcome_ptr> order() {
    auto command = to<parcel_order>("O", place{"P"}, "order");
    command.until_saga_ends = true;
    return host->ask(command);
  }

  /// Time passes from one retry to the next until there have been `count` calls.
  void pass_until_calls(std::size_t count) {
    while (outside.calls() < count) {
      const auto next = outside.calls() + 1;
      settle();
      pass(1s);
      REQUIRE(outside.wait_for_calls(next));
    }
  }

  std::string parcel_status() { return show<parcel>("P").status; }

  carrier outside;
};

} // namespace

TEST_CASE("a step is answered when the system outside has answered its participant") {
  parcel_fixture x;
  x.outside.hold();
  auto ended = x.order();
  REQUIRE(x.outside.wait_for_calls(1));
  CHECK(x.parcel_status() == "asked");
  CHECK(x.show<parcel>("P").in_saga == std::vector<std::string>{"O"});
  CHECK_FALSE(ready(ended));
  x.outside.let_answer();
  CHECK(await(std::move(ended))->accepted);
  x.settle();
  CHECK(x.parcel_status() == "booked");
  CHECK(x.show<parcel>("P").in_saga.empty());
}

TEST_CASE("every record of a transaction carries its correlation id, also in aggregates that host "
          "sagas of their own") {
  parcel_fixture x;
  CHECK(await(x.order())->accepted);
  x.settle();
  CHECK(x.count_records([](const skald::record& each) { return each.correlation != "O"; }) == 0);
}

TEST_CASE("a saga ends with the answer from outside: it waits for no confirm that says nothing") {
  parcel_fixture x;
  CHECK(await(x.order())->accepted);
  x.settle();
  const auto turned_to = [&](skald::saga_transition how) {
    return x.count_records([&](const skald::record& each) {
      return each.stream.type == parcel::type_name && each.saga_change == how;
    });
  };
  CHECK(turned_to(skald::saga_transition::completed) == 1);
  CHECK(turned_to(skald::saga_transition::confirming) == 0);
}

TEST_CASE("a call that fails for now is made again with the same key, also after a crash") {
  parcel_fixture x;
  const bool crashes = GENERATE(false, true);
  x.outside.answer({skald::call_failed_for_now("timed out"), skald::call_failed_for_now("again")});
  auto ended = x.order();
  REQUIRE(x.outside.wait_for_calls(1));
  x.pass_until_calls(2);
  x.settle();
  if (crashes) {
    x.restart();
    ended = x.order();
  }
  x.pass_until_calls(3);
  CHECK(await(std::move(ended))->accepted);
  CHECK(x.outside.calls() == 3);
  CHECK(x.outside.same_key_each_time());
}

TEST_CASE("when the tries are used up the step fails, and the call is undone in case it was made") {
  parcel_fixture x;
  x.outside.answer({4, skald::call_failed_for_now("timed out")});
  auto ended = x.order();
  x.pass_until_calls(4);
  const auto answer = await(std::move(ended));
  CHECK_FALSE(answer->accepted);
  CHECK_THAT(answer->reason, ContainsSubstring("could not be asked"));
  x.settle();
  CHECK(x.outside.calls() == 4);
  CHECK(x.outside.undone() == 1);
  CHECK(x.parcel_status() == "failed");
}

TEST_CASE("a call that is refused is not made again") {
  parcel_fixture x;
  x.outside.answer({skald::call_refused("too heavy")});
  CHECK_FALSE(await(x.order())->accepted);
  x.settle();
  x.pass(1h);
  x.settle();
  CHECK(x.outside.calls() == 1);
}

TEST_CASE("a cancel while the call is under way undoes the call, and only then is it answered") {
  parcel_fixture x;
  x.outside.hold();
  auto ended = x.order();
  REQUIRE(x.outside.wait_for_calls(1));
  x.pass(30s); // the order's deadline
  x.eventually([&] { return x.outside.undone() == 1; });
  x.outside.let_answer();
  CHECK_FALSE(await(std::move(ended))->accepted);
  x.settle();
  CHECK(x.parcel_status() == "unbooked");
  CHECK(x.show<parcel>("P").in_saga.empty());
  CHECK(x.outside.calls() == 1);
}

TEST_CASE("a system that never answers is given up at the deadline") {
  parcel_fixture x;
  x.outside.answer({skald::no_answer()});
  auto ended = x.order();
  x.settle();
  CHECK_FALSE(ready(ended));
  x.pass(30s);
  CHECK_FALSE(await(std::move(ended))->accepted);
  x.settle();
  CHECK(x.outside.undone() == 1);
  CHECK(x.parcel_status() == "unbooked");
}

TEST_CASE("a crash while the call is under way has it made again, and the answer is not lost") {
  parcel_fixture x;
  x.outside.answer({skald::no_answer()});
  auto ended = x.order();
  x.settle();
  x.restart();
  CHECK(await(x.order())->accepted);
  CHECK(x.outside.calls() == 2);
  CHECK(x.outside.same_key_each_time());
}

TEST_CASE("a late answer that a crash has swallowed is given again when the step comes again") {
  parcel_fixture x;
  x.options.hold_back = [](const skald::delivery& each) {
    return each.to.type == "order" && std::holds_alternative<skald::outcome_delivery>(each.content);
  };
  x.restart();
  auto lost = x.order();
  x.eventually([&] { return x.parcel_status() == "booked"; });
  x.settle();
  CHECK_FALSE(ready(lost));
  x.options.hold_back = nullptr;
  x.restart();
  CHECK(await(x.order())->accepted);
  CHECK(x.outside.calls() == 1);
}

TEST_CASE("a system outside that is not hosted refuses") {
  parcel_fixture x;
  x.make_types = [] {
    skald::registry types;
    types.host<parcel>(carrier_saga(), undo_saga()).host<parcel_order>(order_saga());
    return types;
  };
  x.restart();
  const auto answer = await(x.order());
  CHECK_FALSE(answer->accepted);
}

TEST_CASE("a function that throws has failed for now") {
  const skald::external outside =
      skald::external("carrier").on<carry>([](const carry&, const call_context&) -> call_result {
        throw std::runtime_error("no route");
      });
  skald::command_message message;
  message.type = carry::type_name;
  message.payload = skald::encode(carry{"P"});
  const auto result = outside.call(message);
  CHECK(result.what == call_result::kind::failed_for_now);
  CHECK_THAT(result.reason, ContainsSubstring("no route") && ContainsSubstring("'carrier'"));

  message.type = "Fly";
  CHECK(outside.call(message).what == call_result::kind::refused);
  message.type.clear();
  CHECK(outside.call(message).what == call_result::kind::succeeded);
}

// -- the lock of a saga
// ------------------------------------------------------------------------------------

namespace {

/// The parcel P is held by the order O, whose carrier does not answer.
void hold_parcel(parcel_fixture& x) {
  x.outside.answer({skald::no_answer()});
  x.order();
  x.settle();
  REQUIRE(x.show<parcel>("P").in_saga == std::vector<std::string>{"O"});
}

} // namespace

TEST_CASE("a command that conflicts with a saga is refused for now, with the holder's name") {
  parcel_fixture x;
  hold_parcel(x);
  const auto answer = x.ask<parcel>("P", book{});
  CHECK_FALSE(answer->accepted);
  CHECK(answer->transient);
  CHECK_THAT(answer->reason, ContainsSubstring("parcel/P is held by the transaction O"));
}

TEST_CASE("a command that does not conflict with a saga goes through") {
  parcel_fixture x;
  hold_parcel(x);
  CHECK(x.ask<parcel>("P", weigh{})->accepted);
}

TEST_CASE("a command that waits for a saga is handled when the saga has ended, however it ends") {
  parcel_fixture x;
  hold_parcel(x);
  auto first = x.send<parcel>("P", relabel{"one"});
  auto second = x.send<parcel>("P", relabel{"two"});
  CHECK(x.ask<parcel>("P", weigh{})->accepted); // behind them, but not held up
  CHECK_FALSE(ready(first));
  const std::string how = GENERATE("deadline", "cancelled", "terminated");
  INFO(how);
  if (how == "deadline") {
    x.pass(30s);
  } else {
    auto told = x.to<parcel_order>("O", place{});
    told.type = how == "cancelled" ? instructions::cancel : instructions::terminate;
    told.payload = skald::encode(skald::saga_instruction{"by hand", {}});
    CHECK(await(x.host->ask(told))->reason == "");
    if (how == "terminated") { // the parcel's own saga is another one
      told.to = {"parcel", "P"};
      CHECK(await(x.host->ask(told))->reason == "");
    }
  }
  const bool waited_too_long = how == "deadline";
  CHECK(await(std::move(first))->accepted != waited_too_long);
  CHECK(await(std::move(second))->accepted != waited_too_long);
  x.eventually([&] { return x.show<parcel>("P").in_saga.empty(); });
  if (!waited_too_long)
    CHECK(x.state<parcel>("P").label == "two");
}

TEST_CASE("a command waits for no longer than it declares") {
  parcel_fixture x;
  hold_parcel(x);
  auto answer = x.send<parcel>("P", relabel{"one"});
  x.ask<parcel>("P", weigh{});
  x.pass(5s - 1us);
  x.ask<parcel>("P", weigh{});
  CHECK_FALSE(ready(answer));
  x.pass(1us);
  const auto refused = await(std::move(answer));
  CHECK_FALSE(refused->accepted);
  CHECK(refused->transient);
  CHECK_THAT(refused->reason, ContainsSubstring("held by the transaction O"));
}

TEST_CASE("no more commands wait than they declare") {
  parcel_fixture x;
  hold_parcel(x);
  auto first = x.send<parcel>("P", relabel{"one"});
  auto second = x.send<parcel>("P", relabel{"two"});
  const auto third = x.ask<parcel>("P", relabel{"three"});
  CHECK_FALSE(third->accepted);
  CHECK_THAT(third->reason, ContainsSubstring("2 commands wait"));
  CHECK_FALSE(ready(first));
  CHECK_FALSE(ready(second));
}

TEST_CASE("a command that waits when the disk refuses is refused") {
  parcel_fixture x;
  hold_parcel(x);
  auto answer = x.send<parcel>("P", relabel{"one"});
  x.ask<parcel>("P", weigh{});
  x.journal->log.fail_next_append({skald::append_result::status::refused, "the disk is full"});
  CHECK_FALSE(x.ask<parcel>("P", weigh{})->accepted);
  CHECK(await(std::move(answer))->reason == "the disk is full");
}
