#include "actors/registry.hpp"

#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <stdexcept>
#include <variant>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace sample;

namespace sample {

/// Has the name under which reactors are addressed.
struct impostor {
  static constexpr std::string_view type_name = "reactor";
  using command = std::variant<put>;
  using event = std::variant<was_put>;
};

template <class Inspector>
bool inspect(Inspector& f, impostor& x) {
  return f.object(x).fields();
}

inline skald::decision<impostor> decide(const impostor&, const put&) {
  return {};
}

inline void evolve(impostor&, const was_put&) {}

inline std::string_view status_of(const impostor&) {
  return "false";
}

} // namespace sample

TEST_CASE("a registry knows what it hosts") {
  const auto types = sample_types();
  CHECK(types.type_names() == "jar, trip, errand, parked_reactions");
  REQUIRE(types.find("trip"));
  CHECK(types.find("trip")->find_saga("book trip"));
  CHECK_FALSE(types.find("trip")->find_saga("run errand"));
  CHECK_FALSE(types.find("voyage"));
  REQUIRE(types.find("jar")->find_subscription("Reserved"));
  CHECK_FALSE(types.find("jar")->find_subscription("WasPut"));
  CHECK_FALSE(types.find("trip")->find_subscription("TripPlanned"));
}

TEST_CASE("a type is hosted once") {
  skald::registry types;
  types.host<jar>();
  CHECK_THROWS_MATCHES(types.host<jar>(), std::logic_error,
                       MessageMatches(ContainsSubstring("'jar'")));
}

TEST_CASE("no type has the name that reactors are addressed by") {
  skald::registry types;
  CHECK_THROWS_MATCHES(types.host<impostor>(), std::logic_error,
                       MessageMatches(ContainsSubstring("'reactor'")));
}

TEST_CASE("a type does not host two sagas of one name") {
  skald::registry types;
  CHECK_THROWS_MATCHES(types.host<trip>(trip_saga(), trip_saga()), std::logic_error,
                       MessageMatches(ContainsSubstring("'book trip'")));
}

TEST_CASE("a reactor listens only to types that are hosted") {
  skald::registry types;
  types.host<jar>();
  CHECK_THROWS_MATCHES(
      types.host(errand_runner()), std::logic_error,
      MessageMatches(ContainsSubstring("'errand runner'") && ContainsSubstring("'errand'")));
  CHECK(types.reactors().empty());
}

TEST_CASE("a reactor is hosted once: its name is its address and its place in the journal") {
  auto types = sample_types();
  CHECK_THROWS_MATCHES(types.host(errand_runner()), std::logic_error,
                       MessageMatches(ContainsSubstring("'errand runner'")));
}
