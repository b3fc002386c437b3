#include "messages/address.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unordered_set>

using namespace skald;

TEST_CASE("an address is written as type and id and read back") {
  for (const auto& x : {address{"account", "A-1"}, address{"order", "2026/03/1"},
                        address{"transfer", "Überweisung 世界"}}) {
    CHECK(parse_address(to_string(x)) == x);
  }
  CHECK(to_string(address{"account", "A-1"}) == "account/A-1");
  CHECK(parse_address("order/a/b") == address{"order", "a/b"});
}

TEST_CASE("text that is no address is refused") {
  for (const std::string text : {"", "/", "account", "account/", "/A-1", "account/A\n1",
                                 "acc\tount/A-1", "account/\xFF", "\xFF/A-1"})
    CHECK(parse_address(text) == std::nullopt);
  CHECK(parse_address("account/" + std::string(200, 'x')));
  CHECK(!parse_address("account/" + std::string(201, 'x')));
}

TEST_CASE("an id's error says what is wrong with it and where") {
  CHECK(id_error("A-1") == std::nullopt);
  CHECK(id_error("Konto Ä/世界 🌍") == std::nullopt);
  CHECK(id_error("\u00A0") == std::nullopt); // the first character behind the C1 controls
  CHECK(id_error(std::string(200, 'x')) == std::nullopt);
  CHECK(id_error("") == "the id is empty");
  CHECK(id_error(std::string(201, 'x')) == "the id is 201 bytes long, more than 200");
  CHECK(id_error("ab\xFFz") == "the id is not UTF-8 at byte 2");
  CHECK(id_error("ab\xC3") == "the id is not UTF-8 at byte 2");
  CHECK(id_error("\xED\xA0\x80") == "the id is not UTF-8 at byte 0");
  CHECK(id_error("a\nb") == "the id has a control character at byte 1");
  CHECK(id_error(std::string_view{"ab\0", 3}) == "the id has a control character at byte 2");
  CHECK(id_error("\x1F") == "the id has a control character at byte 0");
  CHECK(id_error("abc\x7F") == "the id has a control character at byte 3");
  CHECK(id_error("ä\u0080") == "the id has a control character at byte 2");
  CHECK(id_error("\u009F") == "the id has a control character at byte 0");
}

TEST_CASE("addresses that differ in either part have different hashes") {
  std::unordered_set<std::size_t> hashes;
  for (const auto* type : {"account", "transfer", "a", "", "accountA"})
    for (const auto* id : {"A-1", "A-2", "", "-1", "b"})
      hashes.insert(address_hash{}({type, id}));
  CHECK(hashes.size() == 25);
  CHECK(address_hash{}({"account", "A-1"}) == address_hash{}({"account", "A-1"}));
}
