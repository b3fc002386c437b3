#pragma once

#include "actors/saga_instruction.hpp"
#include "runtime_fixture.hpp"
#include "slip_domain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sample {

using strings = std::vector<std::string>;

inline const strings all_jars{"f", "h", "c", "x"};

/// A runtime of jars, clerks and trips that are booked by slips, the trip `T` above all.
struct slip_fixture : runtime_fixture {
  explicit slip_fixture(skald::runtime_options its_options = {})
      : runtime_fixture(std::move(its_options)) {
    make_types = slip_types;
  }

  void start_with_jars() {
    start();
    for (const auto& each : all_jars)
      REQUIRE(ask<jar>(each, put{10})->accepted);
  }

  skald::client_command planning(const std::string& hotel = "h", std::int64_t tokens = 5,
                                 const std::string& id = "T") {
    return to<trip>(id, plan_trip{"f", hotel, "c", tokens, 5'000}, "start " + id);
  }

  std::future<skald::outcome_ptr> book(skald::client_command command) {
    command.until_saga_ends = true;
    return host->ask(std::move(command));
  }

  bool is_open(const std::string& id = "T") { return !show<trip>(id).in_saga.empty(); }

  void check_nobody_is_held() {
    for (const auto& each : all_jars)
      CHECK(show<jar>(each).in_saga.empty());
    int open = 0;
    journal->log.open_sagas([&](const skald::address&, const skald::stream_head&) { ++open; });
    CHECK(open == 0);
  }

  void check_nothing_was_taken() {
    check_nobody_is_held();
    for (const auto& each : all_jars) {
      INFO("jar " << each);
      CHECK(state<jar>(each).tokens == 10);
      CHECK(state<jar>(each).spent == 0);
    }
  }

  /// A person steps in.
  skald::outcome_ptr tell(std::string_view what, const std::string& reason,
                          std::optional<std::string> step = std::nullopt) {
    skald::client_command command;
    command.to = {"trip", "T"};
    command.type = what;
    command.by = "anna";
    command.payload = skald::encode(skald::saga_instruction{reason, std::move(step)});
    return await(host->ask(std::move(command)));
  }

  /// What the participants of the trip `T` have recorded for it, in the order of the journal.
  strings story() const {
    strings result;
    journal->each_record([&](const skald::record& x) {
      if (x.stream.type != "trip" && x.correlation == "T")
        for (const auto& event : x.events)
          result.push_back(std::string{x.stream.id} + " " + std::string{event.type});
    });
    return result;
  }
};

/// Does it bring a slip to the aggregate `id` for its step there?
inline bool step_to(const skald::delivery& each, const std::string& id) {
  const auto* command = std::get_if<skald::command_delivery>(&each.content);
  return command != nullptr && each.to.id == id &&
         command->message->role == skald::participation::step;
}

} // namespace sample
