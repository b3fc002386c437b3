#include "payer_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace sample;
using namespace std::chrono_literals;
using skald::parked_reactions;

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
      return std::vector<skald::reaction>{skald::plainly(skald::to<jar>("box", put{5})),
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
