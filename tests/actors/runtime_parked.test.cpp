#include "actors/parked_reactions.hpp"
#include "runtime_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using namespace std::chrono_literals;
using skald::parked_reactions;
using skald::retry_parked;
using skald::skip_parked;

namespace {

using reactions = std::vector<skald::reaction>;

constexpr auto most = 100;

/// Settles, for what is put into any jar, a reservation of as many tokens in the jar `till`; for
/// what is put beyond `most`, in the jar `open till`.
struct payer_world : runtime_fixture {
  explicit payer_world(skald::runtime_options its_options = {})
      : runtime_fixture(std::move(its_options)) {
    make_types = [throws = throws, calls = calls] {
      const auto pay = [=](const was_put& event) {
        if (event.tokens >= 1'000) // in a till
          return reactions{};
        ++*calls;
        if (*throws > 0 && (*throws)-- > 0)
          throw std::runtime_error("the payer is ill");
        const auto key = "k" + std::to_string(event.tokens);
        return reactions{skald::plainly(
            skald::to<jar>(event.tokens < most ? "till" : "open till", sample::settle{key}))};
      };
      skald::registry types;
      types.host<jar>().host(
          skald::reactor("payer").on<jar, was_put>(pay).emits<jar, sample::settle>());
      return types;
    };
  }

  void open() {
    start();
    for (const auto* till : {"till", "open till"}) {
      REQUIRE(ask<jar>(till, put{1'000})->accepted);
      for (const auto tokens : {1, 2, 3, 4, 101, 102})
        REQUIRE(ask<jar>(till, reserve{"k" + std::to_string(tokens), tokens, false})->accepted);
    }
    settle();
  }

  void put_into(const std::string& id, int tokens) {
    REQUIRE(ask<jar>(id, put{tokens})->accepted);
    settle();
  }

  void be_stuck(bool stuck) {
    REQUIRE(ask<jar>("till", set_stuck{stuck})->accepted);
    settle();
  }

  /// How often the till has refused.
  int refusals() const {
    return count_records([](const skald::record& each) {
      return each.stream.id == "till" && each.input_type == "Settle" && !each.accepted;
    });
  }

  /// What both tills have settled, in this order.
  std::string settlements() const {
    std::string result;
    journal->each_record([&](const skald::record& each) {
      settled event;
      for (const auto& stored : each.events)
        if (stored.type == settled::type_name &&
            !skald::decode({stored.payload.begin(), stored.payload.end()}, event))
          result += (result.empty() ? "" : " ") + event.key;
    });
    return result;
  }

  /// Lets the second pass that lies between two tries, and the next one fail.
  void fail_again() {
    const auto before = refusals();
    pass(1s);
    eventually([&] { return refusals() > before; });
    settle();
  }

  /// Has `tokens` put into `id` while the till is stuck, until that is parked.
  void park(const std::string& id, int tokens) {
    be_stuck(true);
    put_into(id, tokens);
    for (int i = 0; i < 3; ++i)
      fail_again();
    REQUIRE(parked().find(id));
  }

  parked_reactions parked() { return state<parked_reactions>("payer"); }
  std::string parked_status() { return show<parked_reactions>("payer").status; }

  skald::outcome_ptr retry(const std::string& correlation) {
    auto result = ask<parked_reactions>("payer", retry_parked{correlation, "the till is mended"});
    settle();
    return result;
  }

  skald::outcome_ptr skip(const std::string& correlation) {
    auto result = ask<parked_reactions>("payer", skip_parked{correlation, "paid in cash"});
    settle();
    return result;
  }

  void restart() {
    runtime_fixture::restart();
    settle();
  }

  std::shared_ptr<std::atomic<int>> throws = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
};

std::shared_ptr<delivery_gate> gate_for(const std::string& command) {
  return std::make_shared<delivery_gate>(command_named(command));
}

skald::runtime_options held_back_by(const std::shared_ptr<delivery_gate>& gate) {
  skald::runtime_options result;
  result.hold_back = hook(gate);
  return result;
}

} // namespace

TEST_CASE("a handler that throws twice is tried again, and takes effect once") {
  payer_world x;
  x.open();
  *x.throws = 2;
  x.put_into("A", 1);
  CHECK(*x.calls == 1);
  x.pass(999ms);
  x.settle();
  CHECK(*x.calls == 1);
  x.pass(1ms);
  x.eventually([&] { return *x.calls == 2; });
  x.settle();
  CHECK(x.settlements() == "");
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k1"; });
  x.settle();
  CHECK(*x.calls == 3);
  CHECK(x.problems().empty());
  CHECK_FALSE(x.show<parked_reactions>("payer").exists);
  x.restart();
  CHECK(x.settlements() == "k1");
}

TEST_CASE("a refused command is sent again until it is accepted") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  CHECK(x.refusals() == 1);
  x.fail_again();
  CHECK(x.refusals() == 2);
  x.be_stuck(false);
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k1"; });
  x.settle();
  CHECK(x.refusals() == 2);
  CHECK(x.problems().empty());
}

TEST_CASE("an event whose tries are used up is parked with its reason, and reported once") {
  payer_world x;
  x.open();
  x.park("A", 1);
  CHECK(x.refusals() == 4);
  const auto parked = x.parked();
  CHECK(x.parked_status() == "parked");
  CHECK(parked.parked == 1);
  const auto* line = parked.find("A");
  REQUIRE(line);
  CHECK_FALSE(line->retried);
  REQUIRE(line->waiting.size() == 1);
  const auto& what = line->waiting.front();
  CHECK(what.event == "WasPut");
  CHECK(what.from == "jar/A");
  CHECK(what.correlation == "A");
  CHECK(what.attempts == 4);
  CHECK_THAT(what.reason, ContainsSubstring("Settle") && ContainsSubstring("jar/till") &&
                              ContainsSubstring("stuck"));
  CHECK(what.since_ms ==
        std::chrono::duration_cast<std::chrono::milliseconds>(x.clock->now().time_since_epoch())
            .count());
  REQUIRE(x.problems().size() == 1);
  CHECK_THAT(x.problems().front(), ContainsSubstring("'payer'") && ContainsSubstring("WasPut") &&
                                       ContainsSubstring("jar/A") && ContainsSubstring("stuck"));
  // Nothing more happens by itself.
  x.be_stuck(false);
  x.pass(1h);
  x.restart();
  CHECK(x.settlements() == "");
  CHECK(x.refusals() == 4);
}

TEST_CASE("a handler that keeps throwing has its event parked") {
  payer_world x;
  x.open();
  *x.throws = 1'000;
  x.put_into("A", 1);
  for (int tries = 2; tries <= 4; ++tries) {
    x.pass(1s);
    x.eventually([&] { return *x.calls == tries; });
    x.settle();
  }
  REQUIRE(x.parked().find("A"));
  CHECK(x.parked().find("A")->waiting.front().reason == "the payer is ill");
  *x.throws = 0;
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1");
  CHECK(x.parked_status() == "clear");
}

TEST_CASE("events of the transaction wait behind the one that failed, and others do not") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 101);
  x.put_into("A", 2);
  x.put_into("B", 102);
  CHECK(x.settlements() == "k102");
  CHECK(x.refusals() == 1);
  x.be_stuck(false);
  x.put_into("A", 3);
  CHECK(x.settlements() == "k102");
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k102 k1 k101 k2 k3"; });
}

TEST_CASE("what waits behind an event is parked with it, in order, and so is what comes later") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 101);
  x.put_into("A", 2);
  for (int i = 0; i < 3; ++i)
    x.fail_again();
  x.put_into("A", 3);
  const auto parked = x.parked();
  REQUIRE(parked.find("A"));
  const auto& waiting = parked.find("A")->waiting;
  REQUIRE(waiting.size() == 4);
  CHECK(waiting[0].attempts == 4);
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    CHECK(waiting[i].attempts == 0);
    CHECK(waiting[i - 1].place < waiting[i].place);
    CHECK_THAT(waiting[i].reason, ContainsSubstring("behind"));
  }
  CHECK(x.problems().size() == 1);
  x.be_stuck(false);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1 k101 k2 k3");
  CHECK(x.parked_status() == "clear");
  // It goes on as if nothing had been.
  x.put_into("A", 4);
  CHECK(x.settlements() == "k1 k101 k2 k3 k4");
}

TEST_CASE("an operator's retry that fails parks again, and the next one delivers") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.put_into("A", 2);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.refusals() == 5); // not the repeated first answer
  CHECK_THAT(x.retry("A")->reason, ContainsSubstring("is being retried"));
  CHECK_THAT(x.skip("A")->reason, ContainsSubstring("is being retried"));
  for (int i = 0; i < 3; ++i)
    x.fail_again();
  CHECK(x.refusals() == 8);
  CHECK(x.parked().parked == 2);
  CHECK_FALSE(x.parked().find("A")->retried);
  CHECK(x.problems().size() == 2);
  x.be_stuck(false);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1 k2");
  CHECK(x.parked_status() == "clear");
}

TEST_CASE("an event that is skipped is never reacted to, and what is behind it goes on") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.put_into("A", 2);
  x.put_into("A", 3);
  x.be_stuck(false);
  REQUIRE(x.skip("A")->accepted);
  CHECK(x.settlements() == "k2 k3");
  CHECK(x.parked_status() == "clear");
  // Even if the reactor forgets how far it had come.
  x.restart();
  REQUIRE(x.journal->log.subscription("payer") == 0);
  CHECK(x.settlements() == "k2 k3");
  CHECK(x.state<jar>("till").reservations.contains("k1"));
  x.pass(1h);
  x.settle();
  CHECK(x.settlements() == "k2 k3");
}

TEST_CASE("the last parked event can be skipped") {
  payer_world x;
  x.open();
  x.park("A", 1);
  REQUIRE(x.skip("A")->accepted);
  CHECK(x.parked_status() == "clear");
  x.be_stuck(false);
  x.put_into("A", 2);
  CHECK(x.settlements() == "k2");
}

TEST_CASE("who retries or skips, and why, is in the journal") {
  payer_world x;
  x.open();
  x.park("A", 1);
  auto command = x.to<parked_reactions>("payer", retry_parked{"A", "the till is mended"});
  command.by = "alice";
  x.be_stuck(false);
  REQUIRE(await(x.host->ask(command))->accepted);
  x.settle();
  CHECK(x.count_records([](const skald::record& each) {
    return each.stream.type == "parked_reactions" && each.by == "alice" &&
           each.input_type == "RetryParked" && each.events.size() == 1;
  }) == 1);
}

TEST_CASE("an operator is told what cannot be retried or skipped") {
  payer_world x;
  x.open();
  CHECK_THAT(x.retry("A")->reason, ContainsSubstring("nothing is parked under 'A'"));
  CHECK_THAT(x.skip("A")->reason, ContainsSubstring("nothing is parked under 'A'"));
  x.park("A", 1);
  CHECK_THAT(x.ask<parked_reactions>("payer", retry_parked{"A", ""})->reason,
             ContainsSubstring("reason is missing"));
  CHECK_THAT(x.ask<parked_reactions>("payer", skald::unpark_event{"A", {}})->reason,
             ContainsSubstring("by sagas and reactors alone"));
  CHECK(x.parked().parked == 1);
}

TEST_CASE("the position goes on past what is parked, and not past what waits to be tried") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.host.reset();
  CHECK(x.journal->log.subscription("payer") == x.journal->log.last());
  x.start();
  x.put_into("B", 2);
  x.put_into("C", 102);
  x.host.reset();
  CHECK(x.journal->log.subscription("payer") < x.journal->log.last());
  const int before = *x.calls;
  x.start();
  x.settle();
  CHECK(*x.calls > before);
  CHECK(x.parked().parked == 1);
}

TEST_CASE("a restart while an event waits for its next try loses nothing and does nothing twice") {
  payer_world x;
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 2);
  x.put_into("A", 101);
  x.fail_again();
  x.restart();
  CHECK(x.settlements() == ""); // what waited behind it does so again
  x.be_stuck(false);
  x.pass(1s);
  x.eventually([&] { return x.settlements() == "k1 k2 k101"; });
  x.settle();
  x.restart();
  x.pass(1h);
  x.settle();
  CHECK(x.settlements() == "k1 k2 k101");
  CHECK(x.problems().empty());
}

TEST_CASE("after a restart what was parked stays parked until it is retried") {
  payer_world x;
  x.open();
  x.park("A", 1);
  x.put_into("A", 2);
  x.be_stuck(false);
  SECTION("when the reactor knows how far it had come") {
    x.host.reset();
    x.start();
    x.settle();
  }
  SECTION("when it does not") {
    x.restart();
  }
  CHECK(x.settlements() == "");
  x.put_into("A", 3);
  CHECK(x.parked().parked == 3);
  REQUIRE(x.retry("A")->accepted);
  CHECK(x.settlements() == "k1 k2 k3");
  x.restart();
  CHECK(x.settlements() == "k1 k2 k3");
}

TEST_CASE("a crash at any point of parking and of its retry loses nothing") {
  const auto held = GENERATE(as<std::string>{}, "ParkEvent", "Settle", "UnparkEvent");
  INFO("the last command before the crash, which is lost: " << held);
  const auto gate = gate_for(held);
  gate->open();
  payer_world x{held_back_by(gate)};
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 2);
  if (held == "ParkEvent")
    gate->close();
  for (int i = 0; i < 3; ++i)
    x.fail_again();
  if (held != "ParkEvent") {
    x.be_stuck(false);
    gate->close();
    REQUIRE(x.retry("A")->accepted);
  }
  REQUIRE(gate->wait_for_held());
  gate->open();
  x.restart();
  if (held == "ParkEvent") {
    CHECK_FALSE(x.show<parked_reactions>("payer").exists);
    // Its tries begin anew: the first three get the answers that are there already.
    x.eventually([&] {
      x.pass(1s);
      return x.show<parked_reactions>("payer").exists;
    });
    x.settle();
    x.be_stuck(false);
    REQUIRE(x.retry("A")->accepted);
  }
  x.eventually([&] { return x.settlements() == "k1 k2"; });
  x.settle();
  CHECK(x.parked_status() == "clear");
  x.restart();
  CHECK(x.settlements() == "k1 k2");
}

TEST_CASE("of a reaction of which one command was refused only that one is sent again") {
  payer_world x;
  x.make_types = [] {
    skald::registry types;
    types.host<jar>().host(skald::reactor("payer").on<jar, smashed>([](const smashed&) {
      return reactions{skald::plainly(skald::to<jar>("box", put{5})),
                       skald::plainly(skald::to<jar>("till", settle{"k1"}))};
    }));
    return types;
  };
  x.open();
  x.be_stuck(true);
  REQUIRE(x.ask<jar>("A", smash{})->accepted);
  x.settle();
  CHECK(x.state<jar>("box").tokens == 5);
  SECTION("by itself") {
    x.be_stuck(false);
    x.pass(1s);
  }
  SECTION("after a restart") {
    x.restart();
    x.be_stuck(false);
    x.pass(1s);
  }
  SECTION("by an operator") {
    for (int i = 0; i < 3; ++i)
      x.fail_again();
    x.be_stuck(false);
    REQUIRE(x.retry("A")->accepted);
  }
  x.eventually([&] { return x.settlements() == "k1"; });
  x.settle();
  CHECK(x.state<jar>("box").tokens == 5);
}

TEST_CASE("a step that comes after its cancel is refused, and that is the end of it") {
  const auto gate = gate_for("Reserve");
  runtime_fixture x{held_back_by(gate)};
  x.start();
  REQUIRE(x.ask<jar>("j", put{10})->accepted);
  REQUIRE(x.ask<errand>("E", start_errand{"j", 4, 5'000, false})->accepted);
  REQUIRE(gate->wait_for_held());
  x.pass(5s);
  x.eventually([&] { return x.show<errand>("E").status == "dropped"; });
  x.settle();
  gate->open();
  x.host->let_go();
  x.eventually([&] {
    return x.count_records([](const skald::record& each) {
      return each.input_type == "Reserve" && !each.accepted;
    }) == 1;
  });
  x.settle();
  x.host.reset();
  skald::position dropped = 0;
  x.journal->each_record([&](const skald::record& each) {
    if (each.kind == skald::input_kind::deadline)
      dropped = each.at;
  });
  CHECK(x.journal->log.subscription("errand runner") == dropped);
  CHECK(x.problems().empty());
}

TEST_CASE("what is voided while an event is tried again, parked or unparked comes again") {
  const auto voided = GENERATE(as<std::string>{}, "Settle", "ParkEvent", "UnparkEvent");
  INFO("the command whose turn is voided: " << voided);
  const auto gate = gate_for(voided);
  gate->open();
  auto options = held_back_by(gate);
  options.retry_after = 1ms;
  payer_world x{options};
  x.open();
  x.be_stuck(true);
  x.put_into("A", 1);
  x.put_into("A", 2);
  x.fail_again();
  x.fail_again();
  if (voided != "UnparkEvent")
    gate->close();
  if (voided == "Settle")
    x.pass(1s);
  else
    x.fail_again();
  if (voided == "UnparkEvent") {
    x.be_stuck(false);
    gate->close();
    REQUIRE(x.retry("A")->accepted);
  }
  REQUIRE(gate->wait_for_held());
  x.settle();
  x.journal->log.fail_next_append({skald::append_result::status::refused, "the disk is full"});
  gate->open();
  x.host->let_go();
  if (voided != "UnparkEvent") {
    x.eventually([&] { return x.show<parked_reactions>("payer").status == "parked"; });
    x.settle();
    x.be_stuck(false);
    REQUIRE(x.retry("A")->accepted);
  }
  x.eventually([&] { return x.show<parked_reactions>("payer").status == "clear"; });
  x.settle();
  CHECK(x.refusals() == 4);
  CHECK(x.settlements() == "k1 k2");
  CHECK(x.problems().size() == 1);
}
