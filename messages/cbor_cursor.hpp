#pragma once

#include "messages/bytes.hpp"
#include "messages/cbor_format.hpp"
#include "messages/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace skald {

/// Walks over the parts of a CBOR value that may come from anybody: reads nothing beyond its end,
/// believes no size before it has seen the bytes, and refuses to nest deeper than `depth_max`.
/// Notes the first thing that is wrong and the path to it. Functions return false if they failed.
class cbor_cursor {
public:
  static constexpr std::size_t depth_max = 64;

  /// What is left of an array or map.
  struct items {
    std::uint64_t left = 0;
    bool indefinite = false; ///< `left` means nothing: a mark ends the items
  };

  /// What may be wrong with a field, beside its value.
  enum class field_problem : std::uint8_t { missing, repeated, unknown };

  explicit cbor_cursor(byte_span bytes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  /// Reads past one value of any kind that JSON has, or a byte string.
  bool skip();

  /// Checks that nothing is left.
  bool finish();

  /// The first failure, for a person to read.
  std::string error() const;

  // -- values: `expected` is what to call it if something else stands there
  // ---------------------------

  bool read_text(std::string_view& text, std::string_view expected = "text") {
    std::uint64_t size = 0;
    if (!read_head(cbor_major::text, expected, size))
      return false;
    if (size > remaining())
      return fail_early_end();
    text = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size)};
    if (!is_utf8(text))
      return fail("the text is not UTF-8");
    at_ += size;
    return true;
  }

  bool read_bytes(byte_span& bytes);

  /// Reads an integer: `n`, or `-1 - n` if `is_negative`.
  bool read_integer(bool& is_negative, std::uint64_t& n) {
    is_negative = remaining() > 0 && major() == cbor_major::negative_integer;
    return read_head(is_negative ? cbor_major::negative_integer : cbor_major::unsigned_integer,
                     "an integer", n);
  }

  bool read_bool(bool& x);

  /// Reads a number; an integer only if a `double` can hold it exactly.
  bool read_number(double& x);

  // -- arrays and maps
  // --------------------------------------------------------------------------------

  bool begin_items(cbor_major major, std::string_view expected, items& xs);

  void end_items() { --depth_; }

  /// Whether a further item follows, which the caller then has to read.
  bool has_next(items& xs) {
    if (xs.indefinite)
      return !take_end_mark();
    if (xs.left == 0)
      return false;
    --xs.left;
    return true;
  }

  /// Takes the key of a map's next entry if it is `name`, in the shortest form.
  bool take_key(items& xs, std::string_view name) {
    const bool is_short = name.size() < cbor_info::one_byte;
    const std::size_t head_size = is_short ? 1 : 2;
    if (xs.left == 0 || remaining() < head_size + name.size())
      return false;
    const auto expected =
        cbor_initial(cbor_major::text, is_short ? name.size() : cbor_info::one_byte);
    if (initial() != expected || (!is_short && std::to_integer<std::size_t>(at_[1]) != name.size()))
      return false;
    if (std::memcmp(at_ + head_size, name.data(), name.size()) != 0)
      return false;
    at_ += head_size + name.size();
    --xs.left;
    return true;
  }

  // -- errors: each function returns false, and the first one counts
  // ----------------------------------

  bool fail(std::string reason);
  bool fail(field_problem what);
  /// Says that `text` is none of the texts that could stand here.
  bool fail_not_allowed(std::string_view text);
  /// Says that an array of another size is needed.
  bool fail_item_count(std::size_t expected, std::string_view found);
  /// Says that an integer does not fit.
  bool fail_range(bool is_negative, std::uint64_t n, int bits, bool is_signed);
  /// Says that the failure happened within the field, or the item, of that name.
  bool fail_within(std::string_view name);
  bool fail_within(std::size_t index);

private:
  enum class problem : std::uint8_t { none, input, value, missing, repeated, unknown };

  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

  std::uint8_t initial() const { return std::to_integer<std::uint8_t>(*at_); }

  cbor_major major() const { return static_cast<cbor_major>(initial() >> 5); }

  std::uint8_t info() const { return initial() & 0x1F; }

  bool read_head(cbor_major expected_major, std::string_view expected, std::uint64_t& n) {
    if (remaining() == 0 || major() != expected_major)
      return fail_unexpected(expected);
    if (info() >= cbor_info::one_byte)
      return read_wide_head(n);
    n = info();
    ++at_;
    return true;
  }

  bool read_wide_head(std::uint64_t& n);
  bool read_floating_point(double& x);
  bool skip_simple();
  bool take_end_mark();
  bool fail_as(problem what, std::string reason);
  bool fail_early_end();
  bool fail_unexpected(std::string_view expected);
  std::string found();

  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
  std::size_t depth_ = 0;
  problem problem_ = problem::none;
  std::string path_;
  std::string reason_;
};

} // namespace skald
