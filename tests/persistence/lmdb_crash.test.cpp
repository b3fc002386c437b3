#include "persistence/lmdb_journal.hpp"
#include "persistence/verify.hpp"
#include "tests/persistence/store_tools.hpp"
#include "tests/persistence/temporary_folder.hpp"
#include "tests/persistence/test_stream.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <fcntl.h>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

using namespace skald;
using namespace skald::test;
using Catch::Matchers::ContainsSubstring;

namespace fs = std::filesystem;

namespace {

/// Runs `body` in a process of its own, with a pipe to write to, and gives the pipe's other end to
/// `watch`.
void with_child(const std::function<void(int)>& body,
                const std::function<void(pid_t, int)>& watch) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    body(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  watch(child, ends[0]);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
}

/// Appends batches for ever, writes the indexes now and then, and reports each committed position.
void append_for_ever(const fs::path& store, int report) {
  const auto x = open_lmdb_journal(store);
  std::vector<test_stream> streams;
  for (int i = 0; i < 50; ++i) {
    streams.push_back({{"account", std::to_string(i)}});
    if (const auto head = x->head(streams.back().name)) {
      streams.back().head = *head;
      streams.back().cursor.last = head->last;
    }
  }
  for (std::uint64_t round = 0;; ++round) {
    test_batch batch;
    for (std::size_t i = 0; i <= round % 40; ++i)
      batch.add(streams[(round * 7 + i * 3) % streams.size()]);
    if (!committed(batch.append_to(*x)))
      ::_exit(1);
    const auto last = x->last();
    if (::write(report, &last, sizeof last) != sizeof last)
      ::_exit(1);
    if (round % 13 == 5)
      x->write_indexes();
  }
}

/// The file descriptor of this process for `file` that is, or is not, opened for synchronous
/// writing.
int descriptor_of(const fs::path& file, bool synchronous) {
  for (const auto& entry : fs::directory_iterator{"/proc/self/fd"}) {
    std::error_code gone;
    const auto number = std::stoi(entry.path().filename());
    if (fs::read_symlink(entry.path(), gone) == file &&
        ((::fcntl(number, F_GETFL) & O_DSYNC) != 0) == synchronous)
      return number;
  }
  throw std::runtime_error("the file is not open");
}

} // namespace

TEST_CASE("a process that is killed while it appends loses nothing that was acknowledged") {
  const temporary_folder folder;
  position acknowledged = 0;
  // Killed after ever more acknowledgements, so at ever other moments of a commit.
  for (const int reports : {1, 2, 3, 5, 8, 13, 21, 34, 55}) {
    with_child([&](int report) { append_for_ever(folder.store(), report); },
               [&](pid_t child, int report) {
                 for (int i = 0; i < reports; ++i)
                   REQUIRE(::read(report, &acknowledged, sizeof acknowledged) ==
                           sizeof acknowledged);
                 ::kill(child, SIGKILL);
                 position more = 0;
                 while (::read(report, &more, sizeof more) == sizeof more)
                   acknowledged = more;
               });
    const auto x = open_lmdb_journal(folder.store());
    CHECK(x->last() >= acknowledged);
    const auto report = verify(*x);
    INFO((report.damage.empty() ? "" : report.damage.front()));
    CHECK(report.intact());
    CHECK(report.records == x->last());
  }
}

TEST_CASE("a full disk refuses the append by name, and with room again the journal goes on") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(*x, alice)));
  const auto before = alice;
  {
    // What the file already reaches is enough for small batches only.
    const file_size_limit limit{2 << 20};
    test_batch large;
    for (int i = 0; i < 100; ++i)
      large.add(alice, {.payload_size = 50'000});
    const auto result = large.append_to(*x);
    CHECK(result.what == append_result::status::refused);
    CHECK_THAT(result.reason, ContainsSubstring("the store " + folder.store().string()));
    CHECK_THAT(result.reason, ContainsSubstring("File too large"));
    CHECK_THAT(result.reason, ContainsSubstring("free some space"));
    CHECK(alice.cursor.last == 1);
    CHECK(x->last() == 1);
  }
  alice = before;
  REQUIRE(committed(append_turn(*x, alice)));
  x.reset();
  x = open_lmdb_journal(folder.store());
  CHECK(x->last() == 2);
  CHECK(x->head(alice.name) == alice.head);
  CHECK(verify(*x).intact());
}

TEST_CASE("a store that cannot be made for want of room leaves nothing behind") {
  const temporary_folder folder;
  try {
    const file_size_limit limit{10'000};
    open_lmdb_journal(folder.store());
    FAIL("the store was made");
  } catch (const store_error& error) {
    CHECK(error.why == store_error::cause::disk_full);
  }
  CHECK_FALSE(fs::exists(folder.store()));
}

TEST_CASE("indexes that cannot be written for want of room are kept in memory and written later") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(*x, alice)));
  x->keep_snapshot(alice.name, {1, byte_buffer(4 << 20)});
  x->keep_subscription("reader", 1);
  {
    const file_size_limit limit{3 << 20};
    try {
      x->write_indexes();
      FAIL("the indexes were written");
    } catch (const store_error& error) {
      CHECK(error.why == store_error::cause::disk_full);
    }
  }
  CHECK(x->index_lag() == 1);
  CHECK(x->head(alice.name) == alice.head);
  CHECK(x->subscription("reader") == 1);
  x->write_indexes();
  CHECK(x->index_lag() == 0);
  x.reset();
  x = open_lmdb_journal(folder.store());
  CHECK(x->newest_snapshot(alice.name)->bytes.size() == 4 << 20);
  CHECK(x->subscription("reader") == 1);
}

TEST_CASE(
    "after a commit whose end is unknown the journal takes nothing more, until it is reopened") {
  const temporary_folder folder;
  auto x = open_lmdb_journal(folder.store());
  test_stream alice{{"account", "alice"}};
  REQUIRE(committed(append_turn(*x, alice)));
  const auto before = alice;
  // Either LMDB's pages cannot be written, or the page that makes them valid.
  const bool synchronous = GENERATE(false, true);
  const auto file = folder.store() / "journal" / "data.mdb";
  const auto broken = descriptor_of(file, synchronous);
  const auto saved = ::dup(broken);
  const auto read_only = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::dup2(read_only, broken) == broken);
  const auto result = append_turn(*x, alice);
  CHECK(result.what == append_result::status::unknown);
  CHECK_FALSE(result.reason.empty());
  REQUIRE(::dup2(saved, broken) == broken);
  ::close(saved);
  ::close(read_only);
  const auto second = append_turn(*x, alice);
  CHECK(second.what == append_result::status::unknown);
  CHECK(second.reason == result.reason);
  CHECK(x->last() == 1);
  CHECK(x->head(before.name) == before.head);
  x.reset();
  x = open_lmdb_journal(folder.store());
  CHECK(x->last() == 1);
  alice = before;
  CHECK(committed(append_turn(*x, alice)));
  CHECK(verify(*x).intact());
}
