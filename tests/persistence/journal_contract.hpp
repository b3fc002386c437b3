#pragma once

#include "persistence/journal.hpp"
#include "tests/persistence/test_stream.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace skald::test {

/// One kind of journal, for the contract that every kind keeps.
struct journal_kind {
  std::function<std::unique_ptr<journal>()> make;

  /// Has the journal refuse this one append.
  std::function<append_result(journal&, test_batch&)> append_refused;
};

inline std::vector<position> scanned(journal_view& view, position first) {
  std::vector<position> found;
  view.scan(first, [&](position at, byte_span bytes) {
    record x;
    CHECK(decode_record(bytes, at, x) == std::nullopt);
    found.push_back(at);
    return true;
  });
  return found;
}

inline void check_log_contract(journal& x) {
  test_stream alice{{"account", "alice"}};
  test_stream bob{{"account", "bob"}};

  SECTION("an empty journal has nothing") {
    const auto view = x.view();
    CHECK(x.last() == 0);
    CHECK(view->last() == 0);
    CHECK(scanned(*view, 1).empty());
    CHECK_THROWS_AS(view->at(1), store_error);
    CHECK_FALSE(x.head(alice.name));
    CHECK(streams_of(x).empty());
    CHECK(open_sagas_of(x).empty());
    CHECK(x.index_lag() == 0);
  }

  SECTION("an empty batch is committed and changes nothing") {
    CHECK(committed(x.append({})));
    CHECK(x.last() == 0);
  }

  SECTION("a batch takes the next positions, and each record links to its stream's last") {
    REQUIRE(committed(append_turn(x, alice)));
    REQUIRE(committed(test_batch{}.add(bob).add(alice).add(bob).add(alice).append_to(x)));
    CHECK(x.last() == 5);
    CHECK(alice.cursor.last == 5);
    CHECK(bob.cursor.last == 4);
    const auto view = x.view();
    CHECK(view->last() == 5);
    const std::vector<position> previous{0, 0, 1, 2, 3};
    for (position at = 1; at <= 5; ++at) {
      record read;
      REQUIRE(decode_record(view->at(at), at, read) == std::nullopt);
      CHECK(read.at == at);
      CHECK(read.previous == previous[at - 1]);
    }
    CHECK_THROWS_AS(view->at(0), store_error);
    CHECK_THROWS_AS(view->at(6), store_error);
  }

  SECTION("a scan begins where it is told and ends when it is told") {
    for (int i = 0; i < 5; ++i)
      REQUIRE(committed(append_turn(x, alice)));
    const auto view = x.view();
    CHECK(scanned(*view, 0) == std::vector<position>{1, 2, 3, 4, 5});
    CHECK(scanned(*view, 4) == std::vector<position>{4, 5});
    CHECK(scanned(*view, 6).empty());
    std::size_t seen = 0;
    view->scan(2, [&](position, byte_span) { return ++seen < 3; });
    CHECK(seen == 3);
  }

  SECTION("a view does not see what is committed after it was made") {
    REQUIRE(committed(append_turn(x, alice)));
    const auto view = x.view();
    const auto bytes = view->at(1);
    const byte_buffer copy{bytes.begin(), bytes.end()};
    for (int i = 0; i < 100; ++i)
      REQUIRE(committed(append_turn(x, alice)));
    CHECK(view->last() == 1);
    CHECK(scanned(*view, 1) == std::vector<position>{1});
    CHECK_THROWS_AS(view->at(2), store_error);
    CHECK(std::equal(bytes.begin(), bytes.end(), copy.begin(), copy.end()));
    CHECK(x.view()->last() == 101);
  }

  SECTION("a view may be read by another thread than the one that made it") {
    REQUIRE(committed(append_turn(x, alice)));
    auto view = x.view();
    position last = 0;
    std::thread{[&, view = std::move(view)]() mutable {
      last = view->last();
      view.reset();
    }}.join();
    CHECK(last == 1);
  }
}

inline void check_index_contract(journal& x) {
  test_stream alice{{"account", "alice"}};
  test_stream bob{{"account", "bob"}};
  test_stream longer{{"accounts", "alice"}};
  test_stream transfer{{"transfer", "T-1"}};

  SECTION("a head is that of the stream's last record, before and after the indexes are written") {
    REQUIRE(committed(append_turn(x, alice, {.events = 3})));
    CHECK(x.head(alice.name) == alice.head);
    REQUIRE(committed(append_turn(x, bob)));
    x.write_indexes();
    CHECK(x.head(alice.name) == alice.head);
    const turn_of second{.events = 0, .deleted = true, .status = "closed"};
    REQUIRE(committed(append_turn(x, alice, second)));
    CHECK(x.head(alice.name) == alice.head);
    CHECK(alice.head.sequence == 3);
    CHECK(alice.head.turn == 2);
    x.write_indexes();
    CHECK(x.head(alice.name) == alice.head);
    CHECK(x.head(bob.name) == bob.head);
    CHECK_FALSE(x.head({"account", "carol"}));
    CHECK_FALSE(x.head({"account", std::string(1000, 'x')}));
  }

  SECTION(
      "streams are listed by type and in the order of their ids, however they are spread over disk "
      "and memory") {
    std::list<test_stream> many;
    for (int i = 0; i < 40; ++i)
      many.push_back({{"account", std::to_string(100 + i)}});
    for (auto& stream : many)
      if (stream.name.id.back() != '3')
        REQUIRE(committed(append_turn(x, stream)));
    REQUIRE(committed(append_turn(x, longer)));
    x.write_indexes();
    for (auto& stream : many)
      if (stream.name.id.back() == '3' || stream.name.id.back() == '5')
        REQUIRE(committed(append_turn(x, stream)));
    REQUIRE(committed(append_turn(x, transfer)));
    listed_streams expected;
    for (const auto& stream : many)
      expected.emplace_back(stream.name, stream.head);
    CHECK(streams_of(x, "account") == expected);
    CHECK(streams_of(x, "accounts") == listed_streams{{longer.name, longer.head}});
    CHECK(streams_of(x, "acc").empty());
    expected.emplace_back(longer.name, longer.head);
    expected.emplace_back(transfer.name, transfer.head);
    CHECK(streams_of(x) == expected);
    std::size_t seen = 0;
    x.streams("account", [&](const address&, const stream_head&) { return ++seen < 7; });
    CHECK(seen == 7);
  }

  SECTION("sagas are listed from the turn that starts them to the turn that ends them") {
    const turn_of open{.saga_open = true, .next_due = at_micros(99)};
    test_stream second{{"transfer", "T-2"}};
    REQUIRE(committed(append_turn(x, alice)));
    REQUIRE(committed(append_turn(x, second, open)));
    REQUIRE(committed(append_turn(x, transfer, open)));
    const listed_streams both{{transfer.name, transfer.head}, {second.name, second.head}};
    CHECK(open_sagas_of(x) == both);
    x.write_indexes();
    CHECK(open_sagas_of(x) == both);
    REQUIRE(committed(append_turn(x, second)));
    CHECK(open_sagas_of(x) == listed_streams{{transfer.name, transfer.head}});
    x.write_indexes();
    CHECK(open_sagas_of(x) == listed_streams{{transfer.name, transfer.head}});
    REQUIRE(committed(append_turn(x, transfer)));
    x.write_indexes();
    CHECK(open_sagas_of(x).empty());
    REQUIRE(committed(append_turn(x, second, open)));
    x.write_indexes();
    CHECK(open_sagas_of(x) == listed_streams{{second.name, second.head}});
  }

  SECTION("the lag counts the records since the indexes were written") {
    REQUIRE(committed(test_batch{}.add(alice).add(bob).append_to(x)));
    CHECK(x.index_lag() == 2);
    x.write_indexes();
    CHECK(x.index_lag() == 0);
    REQUIRE(committed(append_turn(x, alice)));
    CHECK(x.index_lag() == 1);
  }

  SECTION("the newest snapshot is kept, of any size") {
    CHECK_FALSE(x.newest_snapshot(alice.name));
    REQUIRE(committed(test_batch{}.add(alice).add(alice).append_to(x)));
    const byte_buffer large(100'000, std::byte{7});
    x.keep_snapshot(alice.name, {1, {std::byte{1}}});
    CHECK(x.newest_snapshot(alice.name)->bytes == byte_buffer{std::byte{1}});
    x.keep_snapshot(alice.name, {2, large});
    for (int i = 0; i < 2; ++i) {
      const auto kept = x.newest_snapshot(alice.name);
      REQUIRE(kept);
      CHECK(kept->at == 2);
      CHECK(kept->bytes == large);
      CHECK_FALSE(x.newest_snapshot(bob.name));
      x.write_indexes();
    }
  }

  SECTION("a subscription keeps its position") {
    REQUIRE(committed(test_batch{}.add(alice).add(alice).append_to(x)));
    CHECK(x.subscription("statistics") == 0);
    x.keep_subscription("statistics", 1);
    CHECK(x.subscription("statistics") == 1);
    x.write_indexes();
    CHECK(x.subscription("statistics") == 1);
    x.keep_subscription("statistics", 2);
    CHECK(x.subscription("statistics") == 2);
    CHECK(x.subscription("else") == 0);
  }
}

inline void check_refusal_contract(journal& x, const journal_kind& kind) {
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(x, alice)));
  const auto before = alice;

  SECTION(
      "a refused append leaves the journal and the cursors as they were, and the next is taken") {
    test_stream bob{{"account", "bob"}};
    test_batch batch;
    batch.add(alice).add(bob).add(alice);
    const auto result = kind.append_refused(x, batch);
    CHECK(result.what == append_result::status::refused);
    CHECK_FALSE(result.reason.empty());
    CHECK(alice.cursor.last == 1);
    CHECK(bob.cursor.last == 0);
    CHECK(x.last() == 1);
    CHECK(x.view()->last() == 1);
    CHECK(x.head(before.name) == before.head);
    CHECK_FALSE(x.head(bob.name));
    REQUIRE(committed(batch.append_to(x)));
    CHECK(x.last() == 4);
    CHECK(x.head(alice.name) == alice.head);
    record read;
    const auto view = x.view();
    REQUIRE(decode_record(view->at(4), 4, read) == std::nullopt);
    CHECK(read.previous == 2);
  }

  SECTION("a batch with a record that is none is refused as a whole") {
    byte_buffer rubbish(40, std::byte{0xff});
    const auto good = alice.next();
    auto copy = good;
    const std::vector<pending_record> batch{{&copy, &alice.cursor}, {&rubbish, &alice.cursor}};
    const auto result = x.append(batch);
    CHECK(result.what == append_result::status::refused);
    CHECK(result.reason == "record 2 of the batch is malformed");
    CHECK(alice.cursor.last == 1);
    CHECK(x.last() == 1);
  }

  SECTION("a stream whose name is too long for the indexes is refused") {
    test_stream endless{{"account", std::string(500, 'x')}};
    CHECK(append_turn(x, endless).what == append_result::status::refused);
    test_stream nameless{{"account", ""}};
    CHECK(append_turn(x, nameless).what == append_result::status::refused);
    CHECK(x.last() == 1);
  }
}

inline void check_concurrency_contract(journal& x) {
  SECTION("the indexes may be written and read while records are appended") {
    std::list<test_stream> streams;
    for (int i = 0; i < 20; ++i)
      streams.push_back({{"account", std::to_string(i)}});
    std::atomic<bool> done = false;
    bool all_committed = true;
    std::thread appender{[&] {
      for (int turn = 0; turn < 25; ++turn) {
        test_batch batch;
        for (auto& stream : streams)
          batch.add(stream, {.saga_open = turn % 2 == 0});
        all_committed = all_committed && committed(batch.append_to(x));
      }
      done = true;
    }};
    std::uint64_t turn = 0;
    bool monotonous = true;
    while (!done) {
      x.write_indexes();
      const auto head = x.head({"account", "7"});
      monotonous = monotonous && (!head || head->turn >= turn);
      turn = head ? head->turn : turn;
      monotonous = monotonous && open_sagas_of(x).size() <= streams.size();
      const auto view = x.view();
      monotonous = monotonous && view->last() >= turn;
    }
    appender.join();
    CHECK(all_committed);
    CHECK(monotonous);
    for (int i = 0; i < 2; ++i) {
      for (const auto& stream : streams)
        CHECK(x.head(stream.name) == stream.head);
      CHECK(open_sagas_of(x).size() == streams.size());
      x.write_indexes();
    }
    CHECK(x.index_lag() == 0);
  }
}

/// What every journal must do. To be called from a test case of its own.
inline void check_journal_contract(const journal_kind& kind) {
  const auto x = kind.make();
  check_log_contract(*x);
  check_index_contract(*x);
  check_refusal_contract(*x, kind);
  check_concurrency_contract(*x);
}

} // namespace skald::test
