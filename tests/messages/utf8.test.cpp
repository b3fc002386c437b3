#include "messages/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace skald;

TEST_CASE("valid UTF-8 is accepted up to its outermost characters") {
  for (const std::string text :
       {"", "a", "eight by", "eight bytes and more", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
        "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CHECK(is_utf8(text));
    CHECK(valid_utf8_size(text) == text.size());
  }
}

TEST_CASE("what is not UTF-8 is found at its first byte, wherever it stands") {
  for (const std::string bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41",
                                "\xE0\x9F\xBF", "\xE0\xA0", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                                "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    for (std::size_t before = 0; before < 20; ++before)
      for (std::size_t behind = 0; behind < 10; ++behind) {
        const auto text = std::string(before, 'x') + bad + std::string(behind, 'x');
        CHECK(!is_utf8(text));
        CHECK(valid_utf8_size(text) == before);
      }
}
