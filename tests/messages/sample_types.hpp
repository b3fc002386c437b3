#pragma once

#include "messages/codec.hpp"

#include <caf/default_enum_inspect.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Types of every shape that a command or an event may have.
namespace skald::sample {

struct minor_units {
  std::int64_t count = 0;
  bool operator==(const minor_units&) const = default;
};

template <class Inspector>
bool inspect(Inspector& f, minor_units& x) {
  return f.apply(x.count);
}

enum class status : std::uint8_t { pending, completed };

inline std::string to_string(status x) {
  return x == status::pending ? "pending" : "completed";
}

inline bool from_string(caf::string_view text, status& x) {
  for (const auto candidate : {status::pending, status::completed})
    if (text == to_string(candidate)) {
      x = candidate;
      return true;
    }
  return false;
}

inline bool from_integer(std::underlying_type_t<status> count, status& x) {
  x = static_cast<status>(count);
  return count <= static_cast<std::underlying_type_t<status>>(status::completed);
}

template <class Inspector>
bool inspect(Inspector& f, status& x) {
  return caf::default_enum_inspect(f, x);
}

/// Its names are views, which spares an allocation.
enum class color : std::uint8_t { red, green };

inline std::string_view to_string(color x) {
  return x == color::red ? "red" : "green";
}

template <class Inspector>
bool inspect(Inspector& f, color& x) {
  const auto get = [&x] { return to_string(x); };
  const auto set = [&x](std::string_view text) {
    x = text == "green" ? color::green : color::red;
    return text == to_string(x);
  };
  return f.apply(get, set);
}

struct transfer {
  std::string from;
  std::string to;
  minor_units amount;
  status state = status::pending;
  bool operator==(const transfer&) const = default;
};

template <class Inspector>
bool inspect(Inspector& f, transfer& x) {
  return f.object(x).fields(f.field("from", x.from), f.field("to", x.to),
                            f.field("amount", x.amount), f.field("state", x.state));
}

struct nothing {
  bool operator==(const nothing&) const = default;
};

struct numbers {
  bool flag = false;
  std::int8_t i8 = 0;
  std::int16_t i16 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  float f32 = 0;
  double f64 = 0;
  bool operator==(const numbers&) const = default;
};

template <class Inspector>
bool inspect(Inspector& f, numbers& x) {
  return f.object(x).fields(f.field("flag", x.flag), f.field("i8", x.i8), f.field("i16", x.i16),
                            f.field("i32", x.i32), f.field("i64", x.i64), f.field("u8", x.u8),
                            f.field("u16", x.u16), f.field("u32", x.u32), f.field("u64", x.u64),
                            f.field("f32", x.f32), f.field("f64", x.f64));
}

struct everything {
  numbers figures;
  transfer money;
  color paint = color::red;
  nothing empty;
  std::string text;
  byte_buffer bytes;
  timestamp time = no_time;
  duration delay{0};
  std::optional<std::uint32_t> limit;
  std::optional<transfer> previous;
  std::vector<transfer> lines;
  std::vector<bool> flags;
  std::set<std::string> tags;
  std::map<std::string, minor_units> pending;
  std::map<std::int32_t, std::string> names;
  std::array<std::int32_t, 3> triple{};
  std::tuple<std::string, bool> mixed;
  std::pair<std::int32_t, color> two;
  std::int32_t priority = 7; // 7 is not written
  bool operator==(const everything&) const = default;
};

template <class Inspector>
bool inspect(Inspector& f, everything& x) {
  return f.object(x).fields(
      f.field("figures", x.figures), f.field("money", x.money), f.field("paint", x.paint),
      f.field("empty", x.empty), f.field("text", x.text), f.field("bytes", x.bytes),
      f.field("time", x.time), f.field("delay", x.delay), f.field("limit", x.limit),
      f.field("previous", x.previous), f.field("lines", x.lines), f.field("flags", x.flags),
      f.field("tags", x.tags), f.field("pending", x.pending), f.field("names", x.names),
      f.field("triple", x.triple), f.field("mixed", x.mixed), f.field("two", x.two),
      f.field("priority", x.priority).fallback(7));
}

/// Nests without end.
struct tree {
  std::vector<tree> branches;
  bool operator==(const tree&) const = default;
};

template <class Inspector>
bool inspect(Inspector& f, tree& x) {
  return f.object(x).fields(f.field("branches", x.branches));
}

/// An `everything` with no member at its default.
inline everything full() {
  everything x;
  x.figures = {true,        -128, -32768, -2147483647 - 1, -5000000000, 255, 65535, 4294967295u,
               5000000000u, 1.5f, -0.1};
  x.money = {"A-1", "A-2", {100}, status::completed};
  x.paint = color::green;
  x.text = "Grüße, 世界 🌍";
  x.bytes = {std::byte{0x00}, std::byte{0xFF}, std::byte{0x80}};
  x.time = timestamp{std::chrono::microseconds{1'772'366'400'250'001}};
  x.delay = std::chrono::milliseconds{250};
  x.limit = 3;
  x.previous = transfer{"A-3", "A-4", {-1}, status::pending};
  x.lines = {{"a", "b", {1}, status::pending}, {"c", "d", {2}, status::completed}};
  x.flags = {true, false, true};
  x.tags = {"urgent", "äöü"};
  x.pending = {{"T-1", {5}}, {"T-2", {6}}};
  x.names = {{-1, "minus one"}, {1000, "thousand"}};
  x.triple = {1, -2, 3};
  x.mixed = {"text", true};
  x.two = {42, color::green};
  x.priority = 8;
  return x;
}

} // namespace skald::sample
