#pragma once

#include "actors/parked_reactions.hpp"
#include "runtime_fixture.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sample {

/// Settles, for what is put into any jar, a reservation of as many tokens in the jar `till`; for
/// what is more than 100, in the jar `open till`.
struct payer_world : runtime_fixture {
  explicit payer_world(skald::runtime_options its_options = {})
      : runtime_fixture(std::move(its_options)) {
    make_types = [throws = throws, calls = calls] {
      const auto pay = [=](const was_put& event) {
        if (event.tokens >= 1'000) // in a till
          return std::vector<skald::reaction>{};
        ++*calls;
        if (*throws > 0 && (*throws)-- > 0)
          throw std::runtime_error("the payer is ill");
        const auto key = "k" + std::to_string(event.tokens);
        return std::vector<skald::reaction>{skald::plainly(
            skald::to<jar>(event.tokens < 100 ? "till" : "open till", sample::settle{key}))};
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
    pass(std::chrono::seconds{1});
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

  skald::parked_reactions parked() { return state<skald::parked_reactions>("payer"); }
  std::string parked_status() { return show<skald::parked_reactions>("payer").status; }

  skald::outcome_ptr retry(const std::string& correlation) {
    auto result = ask<skald::parked_reactions>(
        "payer", skald::retry_parked{correlation, "the till is mended"});
    settle();
    return result;
  }

  skald::outcome_ptr skip(const std::string& correlation) {
    auto result =
        ask<skald::parked_reactions>("payer", skald::skip_parked{correlation, "paid in cash"});
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

inline std::shared_ptr<delivery_gate> gate_for(const std::string& command) {
  return std::make_shared<delivery_gate>(command_named(command));
}

inline skald::runtime_options held_back_by(const std::shared_ptr<delivery_gate>& gate) {
  skald::runtime_options result;
  result.hold_back = hook(gate);
  return result;
}

} // namespace sample
