#pragma once

#include "messages/bytes.hpp"
#include "messages/cbor_format.hpp"
#include "messages/time.hpp"

#include <caf/save_inspector_base.hpp>

#include <bit>
#include <chrono>
#include <concepts>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace skald {

/// A CAF inspector that appends what it is shown to a buffer as CBOR (RFC 8949), each length and
/// integer in its shortest form:
///
/// | C++                                  | CBOR                                              |
/// | ------------------------------------ | ------------------------------------------------- |
/// | object                               | map from field names to values, in written order  |
/// | empty optional field                 | no entry                                          |
/// | list, tuple                          | array                                             |
/// | map with `std::string` keys          | map                                               |
/// | any other map                        | array of arrays of key and value                  |
/// | enum                                 | its name, as text                                 |
/// | `byte_buffer`, `byte_span`           | byte string                                       |
/// | `timestamp`                          | text as `to_string` writes it                     |
/// | `std::chrono::duration`              | its count                                         |
/// | `double`, `float`                    | floating-point number of its own width            |
///
/// Text has to be UTF-8; the writer does not check it.
class cbor_writer final : public caf::save_inspector_base<cbor_writer> {
  using super = caf::save_inspector_base<cbor_writer>;

public:
  template <class OnSave>
  class object_writer;

  explicit cbor_writer(byte_buffer& out) : out_(out) {}

  /// Appends `x` to the buffer.
  /// @throws std::invalid_argument if an `inspect` overload refuses to save its value.
  template <class T>
  void write(const T& x) {
    if (!apply(x))
      throw std::invalid_argument("a value refused to be saved");
    flush();
  }

  // What follows is for `inspect` overloads and CAF.

  static constexpr bool has_human_readable_format() noexcept { return true; }

  template <class T>
  auto object(T&) noexcept;

  template <class Name>
  bool begin_field(const Name& name, bool is_present = true) {
    if (is_present) {
      ++field_count_;
      put_text({name.data(), name.size()});
    }
    return true;
  }

  bool end_field() { return true; }

  bool begin_sequence(std::size_t size) {
    put_head(cbor_major::array, size);
    return true;
  }

  bool end_sequence() { return true; }

  bool begin_tuple(std::size_t size) { return begin_sequence(size); }

  bool end_tuple() { return true; }

  template <class T>
  bool map(const T& xs) {
    constexpr bool has_text_keys = std::is_same_v<typename T::key_type, std::string>;
    put_head(has_text_keys ? cbor_major::map : cbor_major::array, xs.size());
    for (const auto& [key, value] : xs) {
      if constexpr (!has_text_keys)
        put_head(cbor_major::array, 2);
      if (!apply(key) || !apply(value))
        return false;
    }
    return true;
  }

  template <std::integral T>
  bool value(T x) {
    if constexpr (std::is_same_v<T, bool>)
      put_byte(std::byte{cbor_initial(cbor_major::simple, x ? cbor_info::yes : cbor_info::no)});
    else if (x < 0)
      put_head(cbor_major::negative_integer, ~static_cast<std::uint64_t>(x));
    else
      put_head(cbor_major::unsigned_integer, static_cast<std::uint64_t>(x));
    return true;
  }

  bool value(double x) {
    put_big_endian(std::byte{cbor_initial(cbor_major::simple, cbor_info::eight_bytes)},
                   std::bit_cast<std::uint64_t>(x));
    return true;
  }

  bool value(float x) {
    put_big_endian(std::byte{cbor_initial(cbor_major::simple, cbor_info::four_bytes)},
                   std::bit_cast<std::uint32_t>(x));
    return true;
  }

  bool value(const std::string& x) {
    put_text(x);
    return true;
  }

  bool builtin_inspect(std::string_view& x) {
    put_text(x);
    return true;
  }

  bool builtin_inspect(byte_buffer& x) {
    put_bytes(x);
    return true;
  }

  bool builtin_inspect(byte_span& x) {
    put_bytes(x);
    return true;
  }

  bool builtin_inspect(timestamp& x) {
    put_text(to_string(x));
    return true;
  }

  template <std::integral Rep, class Period>
  bool builtin_inspect(std::chrono::duration<Rep, Period>& x) {
    return value(x.count());
  }

private:
  std::size_t position() const { return out_.size() + used_; }

  void flush();

  // Makes room for `size` bytes in the chunk, and takes it.
  std::byte* take(std::size_t size) {
    if (sizeof(chunk_) - used_ < size)
      flush();
    auto* result = chunk_ + used_;
    used_ += size;
    return result;
  }

  void put_byte(std::byte x) { *take(1) = x; }

  template <std::unsigned_integral T>
  void put_big_endian(std::byte head, T x) {
    auto* to = take(1 + sizeof(x));
    to[0] = head;
    for (std::size_t i = 0; i < sizeof(x); ++i)
      to[1 + i] = static_cast<std::byte>(x >> (8 * (sizeof(x) - 1 - i)) & 0xFF);
  }

  void put_head(cbor_major major, std::uint64_t n) {
    using namespace cbor_info;
    const auto initial = [major](std::uint64_t info) {
      return std::byte{cbor_initial(major, info)};
    };
    if (n < one_byte)
      put_byte(initial(n));
    else if (n <= 0xFF)
      put_big_endian(initial(one_byte), static_cast<std::uint8_t>(n));
    else if (n <= 0xFFFF)
      put_big_endian(initial(two_bytes), static_cast<std::uint16_t>(n));
    else if (n <= 0xFFFFFFFF)
      put_big_endian(initial(four_bytes), static_cast<std::uint32_t>(n));
    else
      put_big_endian(initial(eight_bytes), n);
  }

  void put_raw(byte_span bytes) {
    if (bytes.size() > sizeof(chunk_))
      put_past_chunk(bytes);
    else if (!bytes.empty())
      std::memcpy(take(bytes.size()), bytes.data(), bytes.size());
  }

  void put_past_chunk(byte_span bytes);

  void put_text(std::string_view text) {
    put_head(cbor_major::text, text.size());
    put_raw(as_bytes(text));
  }

  void put_bytes(byte_span bytes) {
    put_head(cbor_major::byte_string, bytes.size());
    put_raw(bytes);
  }

  template <class... Fields>
  bool write_fields(Fields&... fields);

  // Corrects the map's head at `at`, which promises `promised` entries.
  void set_entry_count(std::size_t at, std::size_t promised, std::size_t count);

  byte_buffer& out_;
  std::size_t field_count_ = 0; // fields of the innermost object so far
  // Gathers what is written, so that the buffer grows rarely and a small value costs it one
  // allocation of the right size. Left uninitialised for speed.
  std::size_t used_ = 0;
  std::byte chunk_[256];
};

/// What `object` returns: the part of CAF's inspection language that concerns an object.
template <class OnSave>
class cbor_writer::object_writer {
public:
  object_writer(cbor_writer& writer, OnSave on_save)
      : writer_(&writer), on_save_(std::move(on_save)) {}

  template <class Name>
  object_writer&& pretty_name(const Name&) && {
    return std::move(*this);
  }

  template <class F>
  object_writer&& on_load(F&&) && {
    return std::move(*this);
  }

  template <class F>
  auto on_save(F f) && {
    return object_writer<F>{*writer_, std::move(f)};
  }

  template <class... Fields>
  bool fields(Fields&&... xs) {
    if (!writer_->write_fields(xs...))
      return false;
    if constexpr (std::is_same_v<decltype(on_save_()), bool>)
      return on_save_();
    else
      return !on_save_();
  }

private:
  cbor_writer* writer_;
  OnSave on_save_;
};

template <class T>
auto cbor_writer::object(T&) noexcept {
  return object_writer{*this, [] { return true; }};
}

template <class... Fields>
bool cbor_writer::write_fields(Fields&... fields) {
  static_assert(sizeof...(Fields) <= 64, "an object has at most 64 fields");
  const auto at = position();
  const auto outer_field_count = std::exchange(field_count_, 0);
  put_head(cbor_major::map, sizeof...(Fields));
  if (!(fields(*this) && ...))
    return false;
  if (field_count_ != sizeof...(Fields))
    set_entry_count(at, sizeof...(Fields), field_count_);
  field_count_ = outer_field_count;
  return true;
}

} // namespace skald
