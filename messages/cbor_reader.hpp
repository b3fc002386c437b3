#pragma once

#include "messages/bytes.hpp"
#include "messages/cbor_cursor.hpp"
#include "messages/time.hpp"

#include <caf/load_inspector_base.hpp>

#include <chrono>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace skald {

/// A CAF inspector that reads what `cbor_writer` writes, and the same from any other hand: fields
/// in any order, integers and sizes in any width, arrays and maps of indefinite length. Everything
/// else that differs is an error; so are text that is not UTF-8 and nesting beyond
/// `cbor_cursor::depth_max`. The bytes may come from anybody.
///
/// Fields are taken as they stand, with no look-up where that is the written order. A setter is
/// therefore called in the order of the bytes.
class cbor_reader final : public caf::load_inspector_base<cbor_reader> {
  using super = caf::load_inspector_base<cbor_reader>;

public:
  template <class OnLoad>
  class object_reader;

  explicit cbor_reader(byte_span bytes) : input_(bytes) {}

  /// Reads one value and nothing behind it into `out`. Returns what is wrong, or nothing. If
  /// something is wrong, `out` may have changed in part.
  template <class T>
  std::optional<std::string> read(T& out) {
    if (apply(out) && input_.finish())
      return std::nullopt;
    input_.fail(not_allowed); // counts if an overload refused its value without a word
    return input_.error();
  }

  // What follows is for `inspect` overloads and CAF.

  static constexpr bool has_human_readable_format() noexcept { return true; }

  template <class... Ts>
  void emplace_error(Ts&&...) {
    input_.fail(not_allowed);
  }

  void set_error(const caf::error&) { input_.fail(not_allowed); }

  template <class T>
  auto object(T&) noexcept;

  template <class Name>
  bool begin_field(const Name&) {
    return field_is_present_ || input_.fail(cbor_cursor::field_problem::missing);
  }

  template <class Name>
  bool begin_field(const Name&, bool& is_present) {
    is_present = field_is_present_;
    return true;
  }

  bool end_field() { return true; }

  using super::apply;

  template <class Get, class Set>
  [[nodiscard]] bool apply(Get&& get, Set&& set);

  template <class T>
  bool list(T& xs);

  template <class T>
  bool map(T& xs);

  template <class T>
  bool tuple(T& xs);

  template <std::integral T>
  bool value(T& x);

  bool value(bool& x) { return input_.read_bool(x); }

  bool value(double& x) { return input_.read_number(x); }

  bool value(float& x);

  bool value(std::string& x) {
    std::string_view text;
    if (!input_.read_text(text))
      return false;
    x.assign(text);
    return true;
  }

  bool builtin_inspect(byte_buffer& x);

  bool builtin_inspect(timestamp& x);

  template <std::integral Rep, class Period>
  bool builtin_inspect(std::chrono::duration<Rep, Period>& x) {
    Rep count = 0;
    if (!value(count))
      return false;
    x = std::chrono::duration<Rep, Period>{count};
    return true;
  }

private:
  using items = cbor_cursor::items;

  static constexpr const char* not_allowed = "the value is not allowed";

  template <class... Fields>
  bool read_fields(Fields&... fields);

  template <class... Fields>
  bool read_other_fields(items& entries, std::uint64_t seen, Fields&... fields);

  template <class Field>
  bool read_field(Field& field, bool is_present) {
    field_is_present_ = is_present;
    return field(*this) || input_.fail_within(name_of(field));
  }

  // Calls a setter or callback, which returns nothing, whether it accepts, or a CAF error.
  template <class F>
  bool accepts(F&& f, std::string_view text = {});

  template <class Field>
  static std::string_view name_of(const Field& field) {
    return {field.field_name.data(), field.field_name.size()};
  }

  cbor_cursor input_;
  bool field_is_present_ = true; // speaks of the field that is about to begin
};

/// What `object` returns: the part of CAF's inspection language that concerns an object.
template <class OnLoad>
class cbor_reader::object_reader {
public:
  object_reader(cbor_reader& reader, OnLoad on_load)
      : reader_(&reader), on_load_(std::move(on_load)) {}

  template <class Name>
  object_reader&& pretty_name(const Name&) && {
    return std::move(*this);
  }

  template <class F>
  object_reader&& on_save(F&&) && {
    return std::move(*this);
  }

  template <class F>
  auto on_load(F f) && {
    return object_reader<F>{*reader_, std::move(f)};
  }

  template <class... Fields>
  bool fields(Fields&&... xs) {
    return reader_->read_fields(xs...) && reader_->accepts(on_load_);
  }

private:
  cbor_reader* reader_;
  OnLoad on_load_;
};

template <class T>
auto cbor_reader::object(T&) noexcept {
  return object_reader{*this, [] {}};
}

template <class F>
bool cbor_reader::accepts(F&& f, std::string_view text) {
  using result = decltype(f());
  if constexpr (std::is_void_v<result>) {
    f();
    return true;
  } else if constexpr (std::is_same_v<result, bool>) {
    return f() || (text.empty() ? input_.fail(not_allowed) : input_.fail_not_allowed(text));
  } else {
    // The error's own text is out of reach: CAF needs its type table for it, and the codec works
    // without.
    return !f() || input_.fail(not_allowed);
  }
}

template <class Get, class Set>
bool cbor_reader::apply(Get&& get, Set&& set) {
  using value_type = std::decay_t<decltype(get())>;
  if constexpr (std::is_same_v<value_type, std::string> ||
                std::is_same_v<value_type, std::string_view>) {
    std::string_view text;
    return input_.read_text(text) && accepts([&] { return set(value_type{text}); }, text);
  } else {
    value_type x{};
    return apply(x) && accepts([&] { return set(std::move(x)); });
  }
}

template <class T>
bool cbor_reader::list(T& xs) {
  xs.clear();
  items left;
  if (!input_.begin_items(cbor_major::array, "an array", left))
    return false;
  for (std::size_t index = 0; input_.has_next(left); ++index) {
    typename T::value_type x{};
    if (!apply(x))
      return input_.fail_within(index);
    xs.insert(xs.end(), std::move(x));
    if (xs.size() == index) { // a set that had it already
      input_.fail("the item stands twice");
      return input_.fail_within(index);
    }
  }
  input_.end_items();
  return true;
}

template <class T>
bool cbor_reader::map(T& xs) {
  using key_type = typename T::key_type;
  xs.clear();
  constexpr bool has_text_keys = std::is_same_v<key_type, std::string>;
  items left;
  if (has_text_keys ? !input_.begin_items(cbor_major::map, "a map", left)
                    : !input_.begin_items(cbor_major::array, "an array", left))
    return false;
  for (std::size_t index = 0; input_.has_next(left); ++index) {
    if constexpr (has_text_keys) {
      std::string_view key;
      if (!input_.read_text(key, "a key"))
        return false;
      typename T::mapped_type x{};
      if (!apply(x))
        return input_.fail_within(key);
      xs.emplace(key, std::move(x));
      if (xs.size() == index) {
        input_.fail(cbor_cursor::field_problem::repeated);
        return input_.fail_within(key);
      }
    } else {
      std::pair<key_type, typename T::mapped_type> entry;
      if (!apply(entry))
        return input_.fail_within(index);
      xs.insert(std::move(entry));
      if (xs.size() == index) {
        input_.fail("the key stands twice");
        return input_.fail_within(index);
      }
    }
  }
  input_.end_items();
  return true;
}

template <class T>
bool cbor_reader::tuple(T& xs) {
  constexpr auto size = std::tuple_size_v<T>;
  items left;
  if (!input_.begin_items(cbor_major::array, "an array", left))
    return false;
  std::size_t index = 0;
  const auto read_next = [&](auto& x) {
    if (!input_.has_next(left))
      return input_.fail_item_count(size, std::to_string(index));
    return (apply(x) || input_.fail_within(index)) && ++index != 0;
  };
  if (!std::apply([&](auto&... x) { return (read_next(x) && ...); }, xs))
    return false;
  if (input_.has_next(left))
    return input_.fail_item_count(size, "more");
  input_.end_items();
  return true;
}

template <std::integral T>
bool cbor_reader::value(T& x) {
  bool is_negative = false;
  std::uint64_t n = 0;
  if (!input_.read_integer(is_negative, n))
    return false;
  using limits = std::numeric_limits<T>;
  if (n > static_cast<std::uint64_t>(limits::max()) || (is_negative && !limits::is_signed))
    return input_.fail_range(is_negative, n, 8 * sizeof(T), limits::is_signed);
  x = static_cast<T>(is_negative ? ~n : n);
  return true;
}

template <class... Fields>
bool cbor_reader::read_fields(Fields&... fields) {
  static_assert(sizeof...(Fields) <= 64, "an object has at most 64 fields");
  items entries;
  if (!input_.begin_items(cbor_major::map, "a map", entries))
    return false;
  std::size_t count = 0;
  std::uint64_t seen = 0;
  [[maybe_unused]] std::uint64_t bit = 1;
  [[maybe_unused]] const auto read_if_next = [&](auto& field) {
    const bool is_next = input_.take_key(entries, name_of(field));
    if (is_next) {
      seen |= bit;
      ++count;
    }
    bit <<= 1;
    return !is_next || read_field(field, true);
  };
  if (!(read_if_next(fields) && ...))
    return false;
  const bool is_done = entries.left == 0 && count == sizeof...(Fields);
  if (!is_done && !read_other_fields(entries, seen, fields...))
    return false;
  input_.end_items();
  return true;
}

// Reads the entries that stand in another than the written order, then lets the fields that have
// none fall back.
template <class... Fields>
bool cbor_reader::read_other_fields(items& entries, std::uint64_t seen, Fields&... fields) {
  [[maybe_unused]] std::uint64_t bit = 0;
  std::string_view key;
  bool is_read = true;
  [[maybe_unused]] const auto read_if_named = [&](auto& field) {
    bit = bit == 0 ? 1 : bit << 1;
    if (name_of(field) != key)
      return false;
    if ((seen & bit) != 0)
      is_read = input_.fail(cbor_cursor::field_problem::repeated) || input_.fail_within(key);
    else
      is_read = read_field(field, true);
    seen |= bit;
    return true;
  };
  while (input_.has_next(entries)) {
    if (!input_.read_text(key, "a field name"))
      return false;
    bit = 0;
    if (!(read_if_named(fields) || ...))
      return input_.fail(cbor_cursor::field_problem::unknown) || input_.fail_within(key);
    if (!is_read)
      return false;
  }
  bit = 0;
  [[maybe_unused]] const auto fall_back = [&](auto& field) {
    bit = bit == 0 ? 1 : bit << 1;
    return (seen & bit) != 0 || read_field(field, false);
  };
  return (fall_back(fields) && ...);
}

} // namespace skald
