#include "messages/cbor_cursor.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace skald {

namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const auto part : parts)
    result += part;
  return result;
}

// What an error text quotes at most of a name that somebody else chose.
constexpr std::size_t quote_size_max = 64;

// `text` fit to be shown: not too long, no control characters. It is UTF-8.
std::string shown(std::string_view text) {
  auto size = text.size();
  if (size > quote_size_max) {
    size = quote_size_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
      --size; // do not cut a character in two
  }
  std::string result{text.substr(0, size)};
  for (auto& x : result)
    if (static_cast<unsigned char>(x) < 0x20 || x == 0x7F)
      x = '?';
  if (size < text.size())
    result += "...";
  return result;
}

std::string shown(double x) {
  char text[32];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), x);
  return {text, end};
}

// RFC 8949, appendix D.
double from_half_precision(std::uint64_t bits) {
  const auto exponent = static_cast<int>(bits >> 10 & 0x1F);
  const auto mantissa = static_cast<double>(bits & 0x3FF);
  double result = 0;
  if (exponent == 0)
    result = std::ldexp(mantissa, -24);
  else if (exponent != 31)
    result = std::ldexp(mantissa + 1024, exponent - 25);
  else
    result = mantissa == 0 ? std::numeric_limits<double>::infinity()
                           : std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -result : result;
}

std::string integer_text(bool is_negative, std::uint64_t n) {
  if (!is_negative)
    return std::to_string(n);
  if (n == std::numeric_limits<std::uint64_t>::max())
    return "-18446744073709551616";
  return joined({"-", std::to_string(n + 1)});
}

} // namespace

bool cbor_cursor::skip() {
  if (remaining() == 0)
    return fail_early_end();
  const auto kind = major();
  std::string_view text;
  if (kind == cbor_major::text)
    return read_text(text);
  if (kind == cbor_major::byte_string) {
    byte_span bytes;
    return read_bytes(bytes);
  }
  if (kind == cbor_major::unsigned_integer || kind == cbor_major::negative_integer) {
    bool is_negative = false;
    std::uint64_t n = 0;
    if (!read_integer(is_negative, n))
      return false;
    if (is_negative && n > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      return fail_range(is_negative, n, 64, true);
    return true;
  }
  if (kind == cbor_major::tag)
    return fail_unexpected("a value that JSON has");
  if (kind == cbor_major::simple)
    return skip_simple();
  items xs;
  if (!begin_items(kind, "an array or map", xs))
    return false;
  for (std::size_t index = 0; has_next(xs); ++index) {
    if (kind == cbor_major::array) {
      if (!skip())
        return fail_within(index);
    } else {
      if (!read_text(text, "a field name"))
        return false;
      if (!skip())
        return fail_within(text);
    }
  }
  end_items();
  return true;
}

bool cbor_cursor::skip_simple() {
  double number = 0;
  switch (info()) {
  case cbor_info::no:
  case cbor_info::yes:
  case cbor_info::null:
    ++at_;
    return true;
  case cbor_info::two_bytes:
  case cbor_info::four_bytes:
  case cbor_info::eight_bytes:
    return read_floating_point(number);
  default:
    return fail_unexpected("a value that JSON has");
  }
}

bool cbor_cursor::finish() {
  if (remaining() == 0)
    return true;
  return fail_as(problem::input, remaining() == 1
                                     ? "1 byte behind the value"
                                     : std::to_string(remaining()) + " bytes behind the value");
}

std::string cbor_cursor::error() const {
  switch (problem_) {
  case problem::none:
  case problem::input:
    break;
  case problem::value:
    if (path_.empty())
      break;
    return joined({"field '", path_, "': ", reason_});
  case problem::missing:
    return joined({"field '", path_, "' is missing"});
  case problem::repeated:
    return joined({"field '", path_, "' stands twice"});
  case problem::unknown:
    return joined({"unknown field '", path_, "'"});
  }
  return reason_;
}

bool cbor_cursor::read_bytes(byte_span& bytes) {
  std::uint64_t size = 0;
  if (!read_head(cbor_major::byte_string, "bytes", size))
    return false;
  if (size > remaining())
    return fail_early_end();
  bytes = {at_, static_cast<std::size_t>(size)};
  at_ += size;
  return true;
}

bool cbor_cursor::read_bool(bool& x) {
  if (remaining() == 0 || major() != cbor_major::simple ||
      (info() != cbor_info::yes && info() != cbor_info::no))
    return fail_unexpected("true or false");
  x = info() == cbor_info::yes;
  ++at_;
  return true;
}

bool cbor_cursor::read_number(double& x) {
  if (remaining() == 0)
    return fail_early_end();
  if (major() == cbor_major::simple)
    return read_floating_point(x);
  if (major() != cbor_major::unsigned_integer && major() != cbor_major::negative_integer)
    return fail_unexpected("a number");
  bool is_negative = false;
  std::uint64_t n = 0;
  if (!read_integer(is_negative, n))
    return false;
  if (n >= std::uint64_t{1} << std::numeric_limits<double>::digits)
    return fail(integer_text(is_negative, n) + " does not fit in a floating-point number exactly");
  x = is_negative ? -1 - static_cast<double>(n) : static_cast<double>(n);
  return true;
}

bool cbor_cursor::read_floating_point(double& x) {
  const auto width = info();
  if (width != cbor_info::two_bytes && width != cbor_info::four_bytes &&
      width != cbor_info::eight_bytes)
    return fail_unexpected("a number");
  std::uint64_t bits = 0;
  if (!read_wide_head(bits))
    return false;
  if (width == cbor_info::two_bytes)
    x = from_half_precision(bits);
  else if (width == cbor_info::four_bytes)
    x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  else
    x = std::bit_cast<double>(bits);
  return true;
}

bool cbor_cursor::read_wide_head(std::uint64_t& n) {
  if (info() == cbor_info::indefinite)
    return fail("a value in pieces is not supported");
  if (info() > cbor_info::eight_bytes)
    return fail("these bytes are not CBOR");
  const auto size = std::size_t{1} << (info() - cbor_info::one_byte);
  if (remaining() < 1 + size)
    return fail_early_end();
  ++at_;
  n = 0;
  for (const auto* end = at_ + size; at_ != end; ++at_)
    n = n << 8 | std::to_integer<std::uint64_t>(*at_);
  return true;
}

bool cbor_cursor::begin_items(cbor_major major, std::string_view expected, items& xs) {
  if (depth_ == depth_max)
    return fail("nested more than " + std::to_string(depth_max) + " deep");
  ++depth_;
  if (remaining() > 0 && initial() == cbor_initial(major, cbor_info::indefinite)) {
    ++at_;
    xs = {std::numeric_limits<std::uint64_t>::max(), true};
    return true;
  }
  return read_head(major, expected, xs.left);
}

bool cbor_cursor::take_end_mark() {
  if (remaining() == 0 || initial() != cbor_initial(cbor_major::simple, cbor_info::indefinite))
    return false;
  ++at_;
  return true;
}

bool cbor_cursor::fail_as(problem what, std::string reason) {
  if (problem_ == problem::none) {
    problem_ = what;
    reason_ = std::move(reason);
  }
  return false;
}

bool cbor_cursor::fail(std::string reason) {
  return fail_as(problem::value, std::move(reason));
}

bool cbor_cursor::fail(field_problem what) {
  switch (what) {
  case field_problem::missing:
    return fail_as(problem::missing, {});
  case field_problem::repeated:
    return fail_as(problem::repeated, {});
  case field_problem::unknown:
    break;
  }
  return fail_as(problem::unknown, {});
}

bool cbor_cursor::fail_early_end() {
  return fail_as(problem::input,
                 "the value ends too early at byte " + std::to_string(end_ - begin_));
}

bool cbor_cursor::fail_unexpected(std::string_view expected) {
  if (remaining() == 0)
    return fail_early_end();
  return fail(joined({"expected ", expected, ", found ", found()}));
}

bool cbor_cursor::fail_not_allowed(std::string_view text) {
  return fail(joined({"'", shown(text), "' is not allowed"}));
}

bool cbor_cursor::fail_item_count(std::size_t expected, std::string_view found) {
  return fail(joined({"expected ", std::to_string(expected), " items, found ", found}));
}

bool cbor_cursor::fail_range(bool is_negative, std::uint64_t n, int bits, bool is_signed) {
  const auto number = integer_text(is_negative, n);
  if (is_negative && !is_signed)
    return fail(number + " is negative");
  return fail(joined({number, " does not fit in ", std::to_string(bits), " bits",
                      is_signed ? " with a sign" : ""}));
}

bool cbor_cursor::fail_within(std::string_view name) {
  const bool joins_name = !path_.empty() && path_.front() != '[';
  path_ = joined({shown(name), joins_name ? "." : "", path_});
  return false;
}

bool cbor_cursor::fail_within(std::size_t index) {
  const bool joins_name = !path_.empty() && path_.front() != '[';
  path_ = joined({"[", std::to_string(index), "]", joins_name ? "." : "", path_});
  return false;
}

// Names what stands at the cursor.
std::string cbor_cursor::found() {
  switch (major()) {
  case cbor_major::unsigned_integer:
  case cbor_major::negative_integer:
    return "an integer";
  case cbor_major::byte_string:
    return "bytes";
  case cbor_major::text:
    return "text";
  case cbor_major::array:
    return "an array";
  case cbor_major::map:
    return "a map";
  case cbor_major::tag:
    return "a tag";
  case cbor_major::simple:
    break;
  }
  double number = 0;
  switch (info()) {
  case cbor_info::no:
    return "false";
  case cbor_info::yes:
    return "true";
  case cbor_info::null:
    return "null";
  case cbor_info::two_bytes:
  case cbor_info::four_bytes:
  case cbor_info::eight_bytes:
    return read_floating_point(number) ? joined({"the floating-point number ", shown(number)})
                                       : "part of a number";
  default:
    return "a value that JSON does not have";
  }
}

} // namespace skald
