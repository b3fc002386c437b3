#include "persistence/verify.hpp"

#include "persistence/memory_journal.hpp"
#include "tests/persistence/test_stream.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace skald;
using namespace skald::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A journal whose indexes say what they are told to.
class changed_journal final : public journal {
public:
  append_result append(std::span<const pending_record> batch) override { return log.append(batch); }
  position last() const override { return log.last(); }
  std::optional<stream_head> head(const address& stream) const override { return log.head(stream); }
  void
  streams(std::string_view type,
          const std::function<bool(const address&, const stream_head&)>& visit) const override {
    auto all = streams_of(log, type);
    change_streams(all);
    for (const auto& [stream, head] : all)
      if (!visit(stream, head))
        return;
  }
  void
  open_sagas(const std::function<void(const address&, const stream_head&)>& visit) const override {
    auto all = open_sagas_of(log);
    change_open_sagas(all);
    for (const auto& [stream, head] : all)
      visit(stream, head);
  }
  std::unique_ptr<journal_view> view() const override { return log.view(); }
  std::optional<snapshot> newest_snapshot(const address&) const override { return {}; }
  void keep_snapshot(const address&, snapshot) override {}
  position subscription(std::string_view) const override { return 0; }
  void keep_subscription(std::string_view, position) override {}
  std::uint64_t index_lag() const override { return 0; }
  void write_indexes() override {}

  memory_journal log;
  std::function<void(listed_streams&)> change_streams = [](listed_streams&) {};
  std::function<void(listed_streams&)> change_open_sagas = [](listed_streams&) {};
};

} // namespace

TEST_CASE("an intact journal is counted") {
  memory_journal x;
  test_stream alice{{"account", "alice"}};
  test_stream bob{{"account", "bob"}};
  test_stream first{{"transfer", "T-1"}};
  test_stream second{{"transfer", "T-2"}};
  test_stream third{{"transfer", "T-3"}};
  test_batch batch;
  batch.add(alice, {.events = 2}).add(bob).add(alice, {.events = 0});
  for (auto* const saga : {&first, &second, &third})
    batch.add(*saga, {.saga_open = true, .saga_change = saga_transition::started});
  batch.add(first, {.saga_change = saga_transition::completed});
  batch.add(second, {.saga_change = saga_transition::compensated});
  REQUIRE(committed(batch.append_to(x)));
  const auto report = verify(x);
  CHECK(report.intact());
  CHECK(report.damage.empty());
  CHECK(report.records == 8);
  CHECK(report.events == 8);
  CHECK(report.streams == std::map<std::string, std::uint64_t>{{"account", 2}, {"transfer", 3}});
  CHECK(report.sagas_started == 3);
  CHECK(report.sagas_open == 1);
  CHECK(report.sagas_completed == 1);
  CHECK(report.sagas_compensated == 1);
}

TEST_CASE("a gap in a stream's turns, sequences or links is found") {
  memory_journal x;
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(x, alice)));

  SECTION("a turn left out") {
    ++alice.head.turn;
    REQUIRE(committed(append_turn(x, alice)));
    const auto report = verify(x);
    REQUIRE(report.damage_count == 1);
    CHECK(report.damage[0] == "position 2, account/alice: its turn is 3 and follows turn 1");
  }

  SECTION("an event left out") {
    ++alice.head.sequence;
    REQUIRE(committed(append_turn(x, alice)));
    const auto report = verify(x);
    REQUIRE(report.damage_count == 1);
    CHECK(report.damage[0] ==
          "position 2, account/alice: it begins at sequence 2, but the stream has reached 1");
  }

  SECTION("a link to another record") {
    REQUIRE(committed(append_turn(x, alice)));
    alice.cursor.last = 1;
    REQUIRE(committed(append_turn(x, alice)));
    const auto report = verify(x);
    REQUIRE(report.damage_count == 1);
    CHECK(report.damage[0] ==
          "position 3, account/alice: its previous record is said to be at position 1, but is "
          "at 2");
  }

  SECTION("a stream that begins twice") {
    test_stream again{{"account", "alice"}};
    REQUIRE(committed(append_turn(x, again)));
    CHECK(verify(x).damage_count == 3);
  }
}

TEST_CASE("an index that differs from the log is found") {
  changed_journal x;
  test_stream alice{{"account", "alice"}};
  test_stream transfer{{"transfer", "T-1"}};
  REQUIRE(committed(append_turn(x, alice)));
  REQUIRE(committed(append_turn(x, transfer, {.saga_open = true})));
  REQUIRE(verify(x).intact());
  const auto only_line = [&] {
    const auto report = verify(x);
    REQUIRE(report.damage_count == 1);
    return report.damage[0];
  };

  SECTION("a head that is not the last") {
    x.change_streams = [](listed_streams& all) { all[0].second.status = "closed"; };
    CHECK_THAT(only_line(), ContainsSubstring("index, account/alice: its entry says position 1"));
  }
  SECTION("a stream that the index lacks") {
    x.change_streams = [](listed_streams& all) { all.erase(all.begin()); };
    CHECK(only_line() == "position 1: its stream is missing in the index");
  }
  SECTION("a stream that the log lacks") {
    x.change_streams = [](listed_streams& all) {
      all.push_back({{"account", "ghost"}, all[0].second});
    };
    CHECK(only_line() == "index, account/ghost: it is not in the log");
  }
  SECTION("an open saga that is not listed") {
    x.change_open_sagas = [](listed_streams& all) { all.clear(); };
    CHECK(only_line() == "position 2: its stream's open saga is missing in the index");
  }
  SECTION("a saga listed as open that is not") {
    x.change_open_sagas = [&](listed_streams& all) {
      all.insert(all.begin(), {alice.name, alice.head});
    };
    CHECK(only_line() == "index, account/alice: its saga is listed as open, but is not");
  }
}

TEST_CASE("streams that go on while a journal is verified are no damage") {
  changed_journal x;
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(x, alice, {.saga_open = true})));
  bool appended = false;
  const auto report = verify(x, [&](const record&) -> std::optional<std::string> {
    if (!appended) {
      appended = true;
      test_stream bob{{"account", "bob"}};
      REQUIRE(committed(append_turn(x, bob, {.saga_open = true})));
      REQUIRE(committed(append_turn(x, alice)));
    }
    return std::nullopt;
  });
  CHECK(report.intact());
  CHECK(report.records == 1);
}

TEST_CASE("an application sees every record and adds what it finds wrong") {
  memory_journal x;
  test_stream alice{{"account", "alice"}};
  for (int i = 0; i < 3; ++i)
    REQUIRE(committed(append_turn(x, alice)));
  std::vector<position> seen;
  const auto report = verify(x, [&](const record& r) -> std::optional<std::string> {
    seen.push_back(r.at);
    return r.at == 2 ? std::optional<std::string>{"its money is gone"} : std::nullopt;
  });
  CHECK(seen == std::vector<position>{1, 2, 3});
  REQUIRE(report.damage_count == 1);
  CHECK(report.damage[0] == "position 2, account/alice: its money is gone");
}

TEST_CASE("only the first hundred lines of damage are kept, and all are counted") {
  memory_journal x;
  test_stream alice{{"account", "alice"}};
  test_batch batch;
  for (int i = 0; i < 250; ++i)
    batch.add(alice);
  REQUIRE(committed(batch.append_to(x)));
  const auto report = verify(x, [](const record&) { return std::optional<std::string>{"no"}; });
  CHECK(report.damage_count == 250);
  CHECK(report.damage.size() == damage_lines_max);
}
