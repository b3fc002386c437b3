#include "actors/reactor.hpp"

#include "actors/registry.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <set>
#include <stdexcept>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace sample;
using namespace std::chrono_literals;

namespace {

std::vector<skald::reaction> nothing(const smashed&) {
  return {};
}

} // namespace

TEST_CASE("a rule says what it may send") {
  const auto handler = skald::reactor("keeper")
                           .on<jar, smashed>(nothing)
                           .emits<jar, put>()
                           .emits<errand, drop_errand>()
                           .on<jar, smashed>(nothing);
  REQUIRE(handler.rules().size() == 2);
  const auto& emits = handler.rules().front().emits;
  REQUIRE(emits.size() == 2);
  CHECK(emits[0].target_type == "jar");
  CHECK(emits[0].command_type == "Put");
  CHECK(emits[1].target_type == "errand");
  CHECK(emits[1].command_type == "DropErrand");
  CHECK(handler.rules().back().emits.empty());
}

TEST_CASE("what is emitted belongs to a rule") {
  skald::reactor handler{"keeper"};
  CHECK_THROWS_MATCHES((handler.emits<jar, put>()), std::logic_error,
                       MessageMatches(ContainsSubstring("'keeper'")));
}

TEST_CASE("a reactor has a retry policy") {
  CHECK(skald::reactor("keeper").retry().retries == 3);
  CHECK(skald::reactor("keeper").retry().delay == 1s);
  const auto handler = skald::reactor("keeper").retry({.retries = 7, .delay = 5ms});
  CHECK(handler.retry().retries == 7);
  CHECK(handler.retry().delay == 5ms);
}

TEST_CASE("each attempt of each command of each reactor has an id of its own, always the same") {
  std::set<skald::message_id> seen;
  for (const auto* name : {"keeper", "other"})
    for (const auto* first : {"a", "b"})
      for (unsigned attempt = 0; attempt < 10; ++attempt) {
        const auto id = skald::message_id_of(first);
        const auto found = skald::reactor{name}.id_of_attempt(id, attempt);
        CHECK(found == skald::reactor{name}.id_of_attempt(id, attempt));
        if (attempt == 0)
          CHECK(found == id);
        else
          seen.insert(found);
      }
  CHECK(seen.size() == 2 * 2 * 9);
}

TEST_CASE("the name of a reactor has to be an id, since what it parks is kept under it") {
  skald::registry types;
  types.host<jar>();
  CHECK_THROWS_MATCHES(types.host(skald::reactor("")), std::logic_error,
                       MessageMatches(ContainsSubstring("the id is empty")));
  CHECK(types.reactors().empty());
}

TEST_CASE("a reactor cannot listen to what reactors park") {
  skald::registry types;
  types.host<jar>().host(skald::reactor("keeper").on<jar, smashed>(nothing));
  REQUIRE(types.find("parked_reactions"));
  CHECK_THROWS_MATCHES(
      types.host(skald::reactor("watcher").on<skald::parked_reactions, skald::event_parked>(
          [](const skald::event_parked&) { return std::vector<skald::reaction>{}; })),
      std::logic_error, MessageMatches(ContainsSubstring("'parked_reactions'")));
}
