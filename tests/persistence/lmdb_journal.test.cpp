#include "persistence/lmdb_journal.hpp"

#include "tests/persistence/journal_contract.hpp"
#include "tests/persistence/store_tools.hpp"
#include "tests/persistence/temporary_folder.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace skald;
using namespace skald::test;
using Catch::Matchers::ContainsSubstring;

namespace fs = std::filesystem;

namespace {

/// The error that opening `store` ends in.
store_error error_of_opening(const fs::path& store, lmdb_options options = {}) {
  try {
    open_lmdb_journal(store, options);
  } catch (const store_error& error) {
    return error;
  }
  FAIL("the store opened");
  throw std::logic_error("not reached");
}

/// The streams that `fill` makes, as they must be found afterwards.
struct filled_store {
  std::list<test_stream> streams;

  explicit filled_store(journal& x, int stream_count = 30) {
    for (int i = 0; i < stream_count; ++i)
      streams.push_back({{"account", std::to_string(i)}});
    for (int turn = 0; turn < 3; ++turn)
      append_to_all(x, turn == 1);
  }

  void append_to_all(journal& x, bool saga_open = false) {
    test_batch batch;
    for (auto& stream : streams)
      batch.add(stream, {.saga_open = saga_open && stream.name.id.size() == 1});
    REQUIRE(committed(batch.append_to(x)));
  }

  void check(const journal& x) const {
    CHECK(x.last() % streams.size() == 0);
    for (const auto& stream : streams)
      CHECK(x.head(stream.name) == stream.head);
    CHECK(streams_of(x).size() == streams.size());
    std::size_t open = 0;
    for (const auto& stream : streams)
      open += stream.head.saga_open;
    CHECK(open_sagas_of(x).size() == open);
  }
};

} // namespace

TEST_CASE("the journal on LMDB keeps the contract of journals") {
  const temporary_folder folder;
  check_journal_contract({
      .make = [&] { return open_lmdb_journal(folder.store()); },
      .append_refused =
          [&](journal& x, test_batch& batch) {
            const file_size_limit limit{4096};
            return batch.append_to(x);
          },
  });
}

TEST_CASE(
    "a store that was closed has everything when it is opened again, and nothing to catch up") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  filled_store filled{*x};
  x->keep_snapshot({"account", "3"}, {4, {std::byte{1}}});
  x->keep_subscription("reader", 17);
  x.reset();
  for (int i = 0; i < 2; ++i) {
    x = open_lmdb_journal(folder.store(), {.create = false});
    CHECK(x->index_lag() == 0);
    filled.check(*x);
    CHECK(x->newest_snapshot({"account", "3"})->at == 4);
    CHECK(x->subscription("reader") == 17);
    filled.append_to_all(*x, true);
    filled.check(*x);
    x.reset();
  }
}

TEST_CASE("a second opener of a store is told which process holds it") {
  const temporary_folder folder;
  const auto x = open_lmdb_journal(folder.store());
  const auto error = error_of_opening(folder.store());
  CHECK(error.why == store_error::cause::in_use);
  CHECK_THAT(error.what(),
             ContainsSubstring("the store " + folder.store().string() + " is in use by process " +
                               std::to_string(::getpid())));
  test_stream alice{{"account", "alice"}};
  CHECK(committed(append_turn(*x, alice)));
}

TEST_CASE("a store that is not there is not made unless that is asked for") {
  const temporary_folder folder;
  const auto error = error_of_opening(folder.store(), {.create = false});
  CHECK(error.why == store_error::cause::missing);
  CHECK(error.what() == "there is no store at " + folder.store().string() +
                            "; `skald run` or `skald demo` creates one");
  CHECK_FALSE(fs::exists(folder.store()));
  fs::create_directory(folder.store());
  CHECK(error_of_opening(folder.store(), {.create = false}).why == store_error::cause::missing);
  CHECK(fs::is_empty(folder.store()));
}

TEST_CASE("a path that cannot hold a store is named with the reason") {
  const temporary_folder folder;
  std::ofstream{folder.path() / "file"} << "text";
  const auto no_folder = error_of_opening(folder.path() / "file");
  CHECK(no_folder.why == store_error::cause::missing);
  CHECK_THAT(no_folder.what(), ContainsSubstring("it is not a folder"));
  const auto below_file = error_of_opening(folder.path() / "file" / "store");
  CHECK(below_file.why == store_error::cause::missing);
  const auto no_parent = error_of_opening(folder.path() / "nothing" / "store");
  CHECK(no_parent.why == store_error::cause::missing);
  CHECK_THAT(no_parent.what(), ContainsSubstring("No such file or directory"));
  CHECK_FALSE(fs::exists(folder.path() / "nothing"));
}

TEST_CASE("a store in a folder that may not be written is refused as such") {
  const temporary_folder folder;
  open_lmdb_journal(folder.store());
  fs::permissions(folder.store() / "LOCK", fs::perms::owner_read);
  fs::permissions(folder.store(), fs::perms::owner_read | fs::perms::owner_exec);
  if (::access(folder.store().c_str(), W_OK) == 0)
    SKIP("permissions do not bind this user");
  const auto error = error_of_opening(folder.store());
  fs::permissions(folder.store(), fs::perms::owner_all);
  CHECK(error.why == store_error::cause::read_only);
  CHECK_THAT(error.what(), ContainsSubstring("write permission"));
}

TEST_CASE("a store of a newer format is left alone") {
  const temporary_folder folder;
  open_lmdb_journal(folder.store());
  {
    raw_table meta{folder.store() / "journal", "meta"};
    meta.put("format", {std::byte{2}, std::byte{0}, std::byte{0}, std::byte{0}});
  }
  const auto before = contents_of(folder.store());
  const auto error = error_of_opening(folder.store());
  CHECK(error.why == store_error::cause::newer_format);
  CHECK_THAT(error.what(), ContainsSubstring("has format 2"));
  CHECK(contents_of(folder.store()) == before);
}

TEST_CASE("an index that is gone is made anew from the journal") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  filled_store filled{*x};
  filled.append_to_all(*x, true);
  x.reset();
  const auto ruin = GENERATE(0, 1, 2, 3, 4);
  INFO("ruin " << ruin);
  const auto index = folder.store() / "index";
  if (ruin == 0)
    fs::remove_all(index);
  if (ruin == 1)
    fs::resize_file(index / "data.mdb", 3 * 4096);
  if (ruin == 2)
    std::ofstream{index / "data.mdb"} << std::string(100'000, 'x');
  if (ruin == 3)
    fs::resize_file(index / "data.mdb", 0);
  if (ruin == 4) {
    raw_table meta{index, "meta"};
    meta.put("format", {std::byte{9}, std::byte{0}, std::byte{0}, std::byte{0}});
  }
  x = open_lmdb_journal(folder.store());
  CHECK(x->index_lag() == 0);
  filled.check(*x);
  CHECK_FALSE(fs::exists(folder.store() / "index.new"));
}

TEST_CASE("an older copy of the index is brought up from the journal") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  filled_store filled{*x};
  x.reset();
  fs::copy(folder.store() / "index", folder.path() / "older");
  x = open_lmdb_journal(folder.store());
  filled.append_to_all(*x, true);
  x.reset();
  fs::remove_all(folder.store() / "index");
  fs::rename(folder.path() / "older", folder.store() / "index");
  x = open_lmdb_journal(folder.store());
  CHECK(x->index_lag() == filled.streams.size());
  filled.check(*x);
  x->write_indexes();
  filled.check(*x);
}

TEST_CASE("an index that is ahead of the journal, or another's, is made anew") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  filled_store filled{*x};
  x.reset();
  const bool same_store = GENERATE(true, false);
  INFO((same_store ? "the journal is an older copy" : "the index is another store's"));
  const auto other = folder.path() / "other";
  if (same_store)
    fs::copy(folder.store(), other, fs::copy_options::recursive);
  x = open_lmdb_journal(other);
  filled_store others{*x, 50};
  x->keep_snapshot({"account", "0"}, {1, {}});
  x.reset();
  if (same_store) {
    // The copy went on by itself, further than the original: the same store, but not the same log.
    x = open_lmdb_journal(folder.store());
    filled.append_to_all(*x);
    x.reset();
  }
  fs::remove_all(folder.store() / "index");
  fs::copy(other / "index", folder.store() / "index");
  x = open_lmdb_journal(folder.store());
  filled.check(*x);
  CHECK_FALSE(x->newest_snapshot({"account", "0"}));
}

TEST_CASE("an index of a log that was set back and went on differently is made anew") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  filled_store filled{*x};
  x.reset();
  fs::copy(folder.store() / "journal", folder.path() / "older");
  x = open_lmdb_journal(folder.store());
  test_stream lost{{"account", "lost"}};
  REQUIRE(committed(append_turn(*x, lost)));
  x.reset();
  // The index on disk now covers a record that the older journal never had. That journal goes on
  // without its index, past the place where the index ends.
  fs::rename(folder.store() / "index", folder.path() / "index");
  fs::remove_all(folder.store() / "journal");
  fs::rename(folder.path() / "older", folder.store() / "journal");
  x = open_lmdb_journal(folder.store());
  filled.append_to_all(*x);
  x.reset();
  fs::remove_all(folder.store() / "index");
  fs::rename(folder.path() / "index", folder.store() / "index");
  x = open_lmdb_journal(folder.store());
  CHECK_FALSE(x->head(lost.name));
  filled.check(*x);
}

TEST_CASE("the map grows as it fills, while views come and go") {
  const temporary_folder folder;
  const lmdb_options tiny{.map_size = std::size_t{1} << 18};
  auto x = open_lmdb_journal(folder.store(), tiny);
  test_stream alice{{"account", "alice"}};
  std::atomic<bool> done = false;
  std::atomic<bool> good = true;
  std::thread reader{[&] {
    while (!done) {
      const auto view = x->view();
      const auto last = view->last();
      record read;
      if (last > 0 && decode_record(view->at(last), last, read))
        good = false;
    }
  }};
  for (int i = 0; i < 40; ++i) {
    test_batch batch;
    for (int k = 0; k < 10; ++k)
      batch.add(alice, {.payload_size = 8000});
    REQUIRE(committed(batch.append_to(*x)));
  }
  done = true;
  reader.join();
  CHECK(good);
  for (int i = 0; i < 8; ++i)
    x->keep_snapshot({"account", std::to_string(i)}, {1, byte_buffer(100'000)});
  x->write_indexes();
  CHECK(fs::file_size(folder.store() / "index" / "data.mdb") > tiny.map_size);
  CHECK(x->newest_snapshot({"account", "7"})->bytes.size() == 100'000);
  CHECK(x->head(alice.name) == alice.head);
  x.reset();
  x = open_lmdb_journal(folder.store(), tiny);
  CHECK(x->last() == 400);
  const auto view = x->view();
  CHECK(scanned(*view, 1).size() == 400);
}

TEST_CASE("a name that the indexes cannot hold is refused") {
  const temporary_folder folder;
  const auto x = open_lmdb_journal(folder.store());
  CHECK_THROWS_AS(x->keep_subscription("", 1), std::length_error);
  CHECK_THROWS_AS(x->keep_subscription(std::string(600, 'x'), 1), std::length_error);
  CHECK_THROWS_AS(x->keep_snapshot({"account", std::string(600, 'x')}, {}), std::length_error);
  CHECK(x->subscription(std::string(600, 'x')) == 0);
}
