#include "actors/rebuild.hpp"

#include "runtime_fixture.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace sample;
using Catch::Matchers::ContainsSubstring;

namespace {

const skald::address jar_j{"jar", "J"};

/// The jar J with records at the positions 1, 3, 5, ..., those of another between them.
class two_jars : public runtime_fixture {
public:
  explicit two_jars(int count) {
    start();
    for (int i = 0; i < count; ++i) {
      REQUIRE(ask<jar>("J", put{1})->accepted);
      REQUIRE(ask<jar>("other", put{1})->accepted);
    }
    settle();
  }

  skald::rebuilt rebuild_j() const {
    return skald::rebuild(*types_.find("jar"), watched_journal{journal}, jar_j);
  }

  void damage(skald::position at, std::size_t byte) const {
    journal->damaged = at;
    journal->damaged_byte = byte;
  }

private:
  skald::registry types_ = make_types(); // outlives what is rebuilt
};

} // namespace

TEST_CASE("whichever byte of a record is damaged, rebuilding its stream names the record") {
  two_jars x{5};
  const auto at = GENERATE(1u, 5u, 9u);
  for (std::size_t byte = 0; byte < 64; ++byte) {
    INFO("position " << at << ", byte " << byte);
    x.damage(at, byte);
    const auto result = x.rebuild_j();
    CHECK_FALSE(result.content);
    CHECK_THAT(result.error, ContainsSubstring("position " + std::to_string(at) + " is damaged"));
  }
  x.damage(0, 0);
  CHECK(x.rebuild_j().replayed == 5);
}

TEST_CASE("a snapshot spares a stream the damaged records before it, not those behind it") {
  two_jars x{5};
  const auto so_far = x.rebuild_j();
  REQUIRE(so_far.content);
  x.journal->log.keep_snapshot(jar_j, {9, so_far.content->snapshot()});
  REQUIRE(x.ask<jar>("J", put{1})->accepted);
  REQUIRE(x.ask<jar>("J", put{1})->accepted);
  x.settle();
  const auto byte = GENERATE(17u, 30u); // of the link, and of the rest
  x.damage(5, byte);
  CHECK(x.rebuild_j().replayed == 2);
  x.damage(11, byte);
  CHECK_THAT(x.rebuild_j().error, ContainsSubstring("position 11 is damaged"));
}
