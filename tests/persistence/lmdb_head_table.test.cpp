#include "persistence/lmdb_head_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace skald;

namespace {

record_head head_with(std::string_view id, std::uint64_t turn) {
  return {.turn = turn, .sequence = 2 * turn, .stream = {"account", id}, .status = "open"};
}

} // namespace

TEST_CASE("a head table finds every stream it was given, with its newest head") {
  constexpr std::size_t count = 10'000;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(std::to_string(i));
  head_table table;
  position at = 1;
  for (std::uint64_t turn = 1; turn <= 2; ++turn)
    for (std::size_t i = 0; i < count; i += 100) {
      std::vector<record_head> batch;
      for (std::size_t k = i; k < i + 100; ++k)
        batch.push_back(head_with(ids[k], turn));
      table.update(batch, at);
      at += batch.size();
    }
  CHECK(table.entries().size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* const found = table.find(hash_of({"account", ids[i]}));
    REQUIRE(found != nullptr);
    CHECK(found->turn == 2);
    CHECK(found->sequence == 4);
    CHECK(found->last == count + i + 1);
    CHECK(table.entries()[i].key == stream_key({"account", ids[i]}));
  }
  CHECK(table.find(hash_of({"account", "none"})) == nullptr);
  CHECK(table.find(hash_of({"accounts", "1"})) == nullptr);
}

TEST_CASE("a stream that stands twice in a batch has the later head") {
  head_table table;
  const std::vector<record_head> batch{head_with("A-1", 1), head_with("A-2", 1),
                                       head_with("A-1", 2)};
  table.update(batch, 10);
  CHECK(table.entries().size() == 2);
  CHECK(table.find(hash_of({"account", "A-1"}))->last == 12);
  CHECK(table.find(hash_of({"account", "A-1"}))->turn == 2);
}

TEST_CASE("older entries fill in what a head table lacks and replace nothing") {
  head_table older;
  older.update(std::vector<record_head>{head_with("A-1", 1), head_with("A-2", 1)}, 1);
  head_table newer;
  newer.update(std::vector<record_head>{head_with("A-1", 2)}, 3);
  newer.add_missing(older);
  CHECK(newer.entries().size() == 2);
  CHECK(newer.find(hash_of({"account", "A-1"}))->last == 3);
  CHECK(newer.find(hash_of({"account", "A-2"}))->last == 2);
}

TEST_CASE("keys sort as addresses do and give the address back") {
  const address x{"account", "A/1"};
  CHECK(address_of_key(stream_key(x)) == x);
  CHECK(stream_key({"account", "Z"}) < stream_key({"account-2", "A"}));
}
