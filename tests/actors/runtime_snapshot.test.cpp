#include "actors/rebuild.hpp"
#include "runtime_fixture.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace sample;
using namespace std::chrono_literals;

namespace {

const skald::address jar_j{"jar", "J"};

/// Jars of which a snapshot is taken after 10 turns or 10 minutes.
class snapshot_fixture : public runtime_fixture {
public:
  snapshot_fixture() : runtime_fixture(after_10()) { start(); }

  void put_tokens(int count) {
    for (int i = 0; i < count; ++i)
      REQUIRE(ask<jar>("J", put{1})->accepted);
  }

  skald::position snapshot_at() const {
    const auto kept = journal->log.newest_snapshot(jar_j);
    return kept ? kept->at : 0;
  }

  /// How many turns are replayed to bring the jar back now.
  std::uint64_t replayed_turns() const {
    const auto types = make_types();
    return skald::rebuild(*types.find("jar"), journal->log, jar_j).replayed;
  }

  std::int64_t tokens_if_rebuilt() const {
    jar state;
    const auto types = make_types(); // outlives what is rebuilt
    const auto back = skald::rebuild(*types.find("jar"), journal->log, jar_j);
    REQUIRE(back.content);
    REQUIRE_FALSE(skald::decode(back.content->view().state, state));
    return state.tokens;
  }

private:
  static skald::runtime_options after_10() {
    skald::runtime_options options;
    options.snapshot_turns = 10;
    options.snapshot_age = 10min;
    return options;
  }
};

} // namespace

TEST_CASE("a snapshot is taken after so many turns, and only the turns behind it are replayed") {
  snapshot_fixture x;
  x.put_tokens(9);
  x.pass(1s);
  CHECK(x.snapshot_at() == 0);
  x.put_tokens(1);
  x.eventually([&] { return x.snapshot_at() != 0; });
  x.put_tokens(3);
  CHECK(x.replayed_turns() == 13 - x.snapshot_at());
  CHECK(x.tokens_if_rebuilt() == 13);
}

TEST_CASE("a snapshot is taken of what has been without one for too long") {
  snapshot_fixture x;
  x.put_tokens(2);
  x.pass(10min - 1us);
  x.put_tokens(1);
  x.settle();
  CHECK(x.snapshot_at() == 0);
  x.pass(1us);
  x.put_tokens(1);
  x.eventually([&] { return x.snapshot_at() != 0; });
  CHECK(x.tokens_if_rebuilt() == 4);
}

TEST_CASE("a snapshot that cannot be read is ignored, and the turns are replayed") {
  snapshot_fixture x;
  x.put_tokens(5);
  x.settle();
  const auto size = GENERATE(0, 3, 100);
  x.journal->log.keep_snapshot(jar_j, {3, skald::byte_buffer(size, std::byte{7})});
  CHECK(x.replayed_turns() == 5);
  CHECK(x.tokens_if_rebuilt() == 5);
}

TEST_CASE("a snapshot of which a bit has flipped is ignored") {
  snapshot_fixture x;
  x.put_tokens(5);
  x.settle();
  const auto types = x.make_types();
  const auto good = skald::rebuild(*types.find("jar"), x.journal->log, jar_j).content->snapshot();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= std::byte{1} << (bit % 8);
    skald::entity fresh{*types.find("jar"), jar_j};
    REQUIRE(fresh.restore(bad, 5));
  }
}

TEST_CASE("a snapshot that stands at no record of its stream is ignored") {
  snapshot_fixture x;
  x.put_tokens(3);
  REQUIRE(x.ask<jar>("other", put{1})->accepted); // position 4
  x.put_tokens(2);
  x.settle();
  const auto types = x.make_types();
  const auto bytes = skald::rebuild(*types.find("jar"), x.journal->log, jar_j).content->snapshot();
  x.journal->log.keep_snapshot(jar_j, {4, bytes});
  CHECK(x.tokens_if_rebuilt() == 5);
}
