#include "persistence/memory_journal.hpp"

#include "tests/persistence/journal_contract.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace skald;
using namespace skald::test;

TEST_CASE("the journal in memory keeps the contract of journals") {
  check_journal_contract({
      .make = [] { return std::make_unique<memory_journal>(); },
      .append_refused =
          [](journal& x, test_batch& batch) {
            dynamic_cast<memory_journal&>(x).fail_next_append(
                {append_result::status::refused, "no room"});
            return batch.append_to(x);
          },
  });
}

TEST_CASE("after an unknown append the journal in memory takes nothing until it is reopened") {
  memory_journal x;
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(x, alice)));
  const auto before = alice;
  const bool survives = GENERATE(false, true);
  x.fail_next_append({append_result::status::unknown, "the disk is silent"}, survives);
  for (int i = 0; i < 2; ++i) {
    const auto result = append_turn(x, alice);
    CHECK(result.what == append_result::status::unknown);
    CHECK(result.reason == "the disk is silent");
    CHECK(x.last() == 1);
    CHECK(x.head(alice.name) == before.head);
  }
  x.reopen();
  CHECK(x.last() == (survives ? 2 : 1));
  CHECK(x.head(alice.name)->turn == (survives ? 2 : 1));
  test_stream bob{{"account", "bob"}};
  CHECK(committed(append_turn(x, bob)));
}

TEST_CASE("reopening the journal in memory loses what its indexes had not written") {
  memory_journal x;
  x.keep_subscription("reader", 1);
  x.keep_snapshot({"account", "alice"}, {1, {}});
  x.write_indexes();
  x.keep_subscription("reader", 2);
  x.keep_snapshot({"account", "bob"}, {2, {}});
  x.reopen();
  CHECK(x.subscription("reader") == 1);
  CHECK(x.newest_snapshot({"account", "alice"}));
  CHECK_FALSE(x.newest_snapshot({"account", "bob"}));
}
