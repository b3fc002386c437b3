#include "messages/message_id.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <thread>

using namespace skald;

TEST_CASE("a message id is written as 32 hexadecimal digits and read back") {
  const message_id id{0x0123456789ABCDEF, 0x00000000000000F1};
  CHECK(to_string(id) == "0123456789abcdef00000000000000f1");
  CHECK(parse_message_id(to_string(id)) == id);
  CHECK(to_string(message_id{}) == std::string(32, '0'));
  CHECK(parse_message_id(std::string(32, '0')) == message_id{});
  CHECK(parse_message_id(std::string(32, 'f')) == message_id{~0ull, ~0ull});
}

TEST_CASE("text that no message id is written as is refused") {
  for (const std::string text :
       {"", "0123456789abcdef", "0123456789abcdef00000000000000f",
        "0123456789abcdef00000000000000f12", "0123456789ABCDEF00000000000000F1",
        "0123456789abcdef 0000000000000f1", "-123456789abcdef00000000000000f1",
        "0x23456789abcdef0x000000000000f1", "0123456789abcdeg00000000000000f1"})
    CHECK(parse_message_id(text) == std::nullopt);
}

TEST_CASE("a client's id of 32 hexadecimal digits is taken as it is, any other text is hashed") {
  const message_id id{0x0123456789ABCDEF, 0xF1};
  CHECK(message_id_of("0123456789abcdef00000000000000f1") == id);
  CHECK(message_id_of("0123456789ABCDEF00000000000000F1") == id);
  CHECK(message_id_of("payment 17") == message_id_of("payment 17"));
  CHECK(message_id_of("payment 17") != message_id_of("payment 18"));
  CHECK(!message_id_of(std::string(32, '0')).empty());
  // Journals hold these ids: they may not change. The value is the one that the xxHash project
  // lists for no input.
  CHECK(to_string(message_id_of("")) == "99aa06d3014798d86001c324468d497f");
}

TEST_CASE("a dispatch's id depends on everything that makes it what it is") {
  std::set<message_id> ids;
  for (const auto& sender : {address{"transfer", "T-1"}, address{"transfer", "T-2"},
                             address{"transferT", "-1"}, address{"order", "T-1"}})
    for (const std::uint64_t turn : {0ull, 1ull, 2ull, 256ull, 1ull << 32, ~0ull})
      for (const std::uint32_t ordinal : {0u, 1u, 256u, ~0u})
        ids.insert(dispatch_id(sender, turn, ordinal));
  CHECK(ids.size() == 4 * 6 * 4);
  CHECK(dispatch_id({"transfer", "T-1"}, 1, 0) == dispatch_id({"transfer", "T-1"}, 1, 0));
}

TEST_CASE("a dispatch's id never changes, since journals hold it") {
  CHECK(to_string(dispatch_id({"transfer", "T-1"}, 3, 1)) == "cd9bc88fa22e7b608e859b805559b197");
}

TEST_CASE("a client's text cannot take the id of a dispatch") {
  const std::string hashed{"transfer\0T-1\0\3\0\0\0\0\0\0\0\1\0\0\0", 25};
  CHECK(message_id_of(hashed) != dispatch_id({"transfer", "T-1"}, 3, 1));
}

TEST_CASE("random message ids differ, also between threads") {
  std::set<message_id> ids;
  for (int i = 0; i < 1000; ++i)
    ids.insert(random_message_id());
  std::set<message_id> others;
  std::thread{[&others] {
    for (int i = 0; i < 1000; ++i)
      others.insert(random_message_id());
  }}.join();
  ids.merge(others);
  CHECK(ids.size() == 2000);
  CHECK(!ids.contains(message_id{}));
}
