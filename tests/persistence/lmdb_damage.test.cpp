#include "persistence/lmdb_journal.hpp"
#include "persistence/verify.hpp"
#include "tests/persistence/store_tools.hpp"
#include "tests/persistence/temporary_folder.hpp"
#include "tests/persistence/test_stream.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace skald;
using namespace skald::test;
using Catch::Matchers::ContainsSubstring;

namespace fs = std::filesystem;

namespace {

/// A store with `count` records of one stream, closed.
test_stream make_store(const fs::path& store, int count) {
  const auto x = open_lmdb_journal(store);
  test_stream alice{{"account", "alice"}};
  test_batch batch;
  for (int i = 0; i < count; ++i)
    batch.add(alice);
  REQUIRE(committed(batch.append_to(*x)));
  return alice;
}

void flip_byte(const fs::path& store, position at, std::size_t offset) {
  raw_records records{store};
  auto bytes = records.get(key_of(at));
  bytes.at(offset) ^= std::byte{0x10};
  records.put(key_of(at), bytes);
}

store_error error_of_opening(const fs::path& store) {
  try {
    open_lmdb_journal(store);
  } catch (const store_error& error) {
    return error;
  }
  FAIL("the store opened");
  throw std::logic_error("not reached");
}

} // namespace

TEST_CASE("a flipped byte in a record is found with its position and stream") {
  const temporary_folder folder;
  make_store(folder.store(), 20);
  flip_byte(folder.store(), 7, 60);
  const auto x = open_lmdb_journal(folder.store());
  const auto report = verify(*x);
  CHECK_FALSE(report.intact());
  REQUIRE(report.damage_count == 1);
  CHECK_THAT(report.damage[0], ContainsSubstring("position 7, seemingly of account/alice: its "
                                                 "checksum is "));
  CHECK(report.records == 20);
}

TEST_CASE(
    "damage in the part of the log that the index lacks keeps a store from opening, unchanged") {
  const temporary_folder folder;
  make_store(folder.store(), 20);
  flip_byte(folder.store(), 7, 60);
  fs::remove_all(folder.store() / "index");
  const auto before = contents_of(folder.store());
  const auto error = error_of_opening(folder.store());
  CHECK(error.why == store_error::cause::damaged);
  CHECK_THAT(error.what(), ContainsSubstring("the store " + folder.store().string()));
  CHECK_THAT(error.what(), ContainsSubstring("the record at position 7: its checksum is "));
  CHECK_THAT(error.what(), ContainsSubstring("go on from a backup"));
  CHECK(contents_of(folder.store()) == before);
}

TEST_CASE("a record that is missing is found, and those behind it are read") {
  const temporary_folder folder;
  make_store(folder.store(), 20);
  {
    raw_records records{folder.store()};
    for (const position at : {5, 6, 12})
      records.remove(key_of(at));
  }
  const auto x = open_lmdb_journal(folder.store());
  const auto report = verify(*x);
  CHECK(report.damage_count == 3);
  CHECK(report.records == 17);
  REQUIRE(report.damage.size() == 3);
  CHECK_THAT(report.damage[0], ContainsSubstring("there is no record at position 5"));
  CHECK_THAT(report.damage[2], ContainsSubstring("there is no record at position 12"));
  CHECK_THROWS_AS(x->view()->at(5), store_error);
  CHECK_THROWS_AS(x->view()->scan(1, [](position, byte_span) { return true; }), store_error);
}

TEST_CASE("records that have changed places are found") {
  const temporary_folder folder;
  make_store(folder.store(), 20);
  {
    raw_records records{folder.store()};
    const auto third = records.get(key_of(3));
    records.put(key_of(3), records.get(key_of(4)));
    records.put(key_of(4), third);
  }
  const auto x = open_lmdb_journal(folder.store());
  const auto report = verify(*x);
  REQUIRE(report.damage_count == 2);
  CHECK_THAT(report.damage[0], ContainsSubstring("it is the record of position 4, not of 3"));
}

TEST_CASE("a data file that is no LMDB file, cut short or gone is refused as damaged, unchanged") {
  const temporary_folder folder;
  make_store(folder.store(), 2000);
  const auto file = folder.store() / "journal" / "data.mdb";
  const auto ruin = GENERATE(0, 1, 2, 3, 4, 5);
  INFO("ruin " << ruin);
  if (ruin == 0)
    std::ofstream{file} << std::string(100'000, 'x');
  if (ruin == 1)
    fs::resize_file(file, 20 * 4096);
  if (ruin == 2)
    fs::resize_file(file, 5000);
  if (ruin == 3)
    fs::resize_file(file, 0);
  if (ruin == 4)
    fs::remove(file);
  if (ruin == 5)
    fs::remove_all(folder.store() / "journal");
  const auto before = contents_of(folder.store());
  const auto error = error_of_opening(folder.store());
  CHECK(error.why == store_error::cause::damaged);
  if (ruin == 1)
    CHECK_THAT(error.what(),
               ContainsSubstring("is truncated: it has 81920 bytes, but its header says"));
  CHECK(contents_of(folder.store()) == before);
}

TEST_CASE("a record of a newer format in the tail of the log is not passed over") {
  const temporary_folder folder;
  make_store(folder.store(), 3);
  {
    raw_records records{folder.store()};
    auto bytes = records.get(key_of(3));
    bytes.at(8) = std::byte{2};
    seal_record(bytes, 3, 2);
    records.put(key_of(3), bytes);
  }
  fs::remove_all(folder.store() / "index");
  const auto error = error_of_opening(folder.store());
  CHECK(error.why == store_error::cause::newer_format);
  CHECK_THAT(error.what(), ContainsSubstring("position 3: its format version is 2"));
}

TEST_CASE("a damaged index entry is named and never taken for a head") {
  const temporary_folder folder;
  const auto alice = make_store(folder.store(), 3);
  const auto key = std::string{"account"} + '\0' + "alice";
  {
    raw_table heads{folder.store() / "index", "heads"};
    auto entry = heads.get(as_bytes(key));
    entry.back() ^= std::byte{1};
    heads.put(key, entry);
  }
  auto x = open_lmdb_journal(folder.store());
  try {
    x->head(alice.name);
    FAIL("the head was read");
  } catch (const store_error& error) {
    CHECK(error.why == store_error::cause::damaged);
    CHECK_THAT(error.what(), ContainsSubstring("the entry of account/alice"));
    CHECK_THAT(error.what(),
               ContainsSubstring("delete the folder " + (folder.store() / "index").string()));
  }
  CHECK_THROWS_AS(streams_of(*x), store_error);
  x.reset();
  fs::remove_all(folder.store() / "index");
  x = open_lmdb_journal(folder.store());
  CHECK(x->head(alice.name) == alice.head);
}

TEST_CASE("a damaged snapshot counts as none") {
  const temporary_folder folder;
  const auto alice = make_store(folder.store(), 3);
  open_lmdb_journal(folder.store())->keep_snapshot(alice.name, {3, byte_buffer(100)});
  {
    raw_table snapshots{folder.store() / "index", "snapshots"};
    const auto key = std::string{"account"} + '\0' + "alice";
    auto entry = snapshots.get(as_bytes(key));
    entry.back() ^= std::byte{1};
    snapshots.put(key, entry);
  }
  CHECK_FALSE(open_lmdb_journal(folder.store())->newest_snapshot(alice.name));
}
