#pragma once

#include "messages/bytes.hpp"
#include "messages/message_id.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace skald {

static_assert(std::endian::native == std::endian::little,
              "the journal's fixed-width fields are little-endian and copied as they are");

template <class T>
void store_fixed(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

template <class T>
T load_fixed(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

constexpr std::uint64_t zigzag(std::int64_t x) {
  return (static_cast<std::uint64_t>(x) << 1) ^ static_cast<std::uint64_t>(x >> 63);
}

constexpr std::int64_t unzigzag(std::uint64_t x) {
  return static_cast<std::int64_t>(x >> 1) ^ -static_cast<std::int64_t>(x & 1);
}

inline constexpr std::size_t varint_size_max = 10;

/// Writes into memory that its user knows to be large enough.
class byte_writer {
public:
  explicit byte_writer(std::byte* at) : at_(at) {}

  std::byte* position() const { return at_; }

  template <class T>
  void fixed(T value) {
    store_fixed(at_, value);
    at_ += sizeof value;
  }

  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      *at_++ = static_cast<std::byte>(value | 0x80);
      value >>= 7;
    }
    *at_++ = static_cast<std::byte>(value);
  }

  void raw(byte_span bytes) {
    if (!bytes.empty())
      std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

  void text(std::string_view value) {
    varint(value.size());
    raw(as_bytes(value));
  }

  void id(message_id value) {
    fixed(value.high);
    fixed(value.low);
  }

private:
  std::byte* at_;
};

/// Reads with every bound checked. After the first field that does not fit, `wrong()` names it and
/// every read gives nothing.
class byte_reader {
public:
  explicit byte_reader(byte_span bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  const char* wrong() const { return wrong_; }

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  void fail(const char* field) {
    if (wrong_ == nullptr)
      wrong_ = field;
    at_ = end_;
  }

  template <class T>
  T fixed(const char* field) {
    if (left() < sizeof(T)) {
      fail(field);
      return T{};
    }
    const auto value = load_fixed<T>(at_);
    at_ += sizeof(T);
    return value;
  }

  std::uint64_t varint(const char* field) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(*at_++);
      if (shift == 63 && byte > 1)
        break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
    fail(field);
    return 0;
  }

  byte_span raw(std::uint64_t size, const char* field) {
    if (size > left()) {
      fail(field);
      return {};
    }
    const byte_span bytes{at_, static_cast<std::size_t>(size)};
    at_ += bytes.size();
    return bytes;
  }

  std::string_view text(const char* field) { return as_text(raw(varint(field), field)); }

  message_id id(const char* field) {
    const auto high = fixed<std::uint64_t>(field);
    return {high, fixed<std::uint64_t>(field)};
  }

private:
  const std::byte* at_;
  const std::byte* end_;
  const char* wrong_ = nullptr;
};

} // namespace skald
