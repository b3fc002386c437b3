#pragma once

#include "messages/address.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// Identifies a message. Derived from what the message is, so that a message that is sent again is
/// recognisably the same.
struct message_id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool empty() const { return high == 0 && low == 0; }

  auto operator<=>(const message_id&) const = default;
};

/// 32 hexadecimal digits.
std::string to_string(message_id id);

/// Reads what `to_string` writes. Empty if `text` is anything else.
std::optional<message_id> parse_message_id(std::string_view text);

/// The id that a client's own text stands for: 32 hexadecimal digits are taken as they are (but not
/// 32 zeros, which would be no id), anything else is hashed (XXH3, 128 bits).
message_id message_id_of(std::string_view text);

/// The id of the `ordinal`-th message that `sender` dispatches in its turn number `turn`.
message_id dispatch_id(const address& sender, std::uint64_t turn, std::uint32_t ordinal);

/// An id that nothing else has, for a client that brings none.
message_id random_message_id();

struct message_id_hash {
  std::size_t operator()(message_id id) const { return static_cast<std::size_t>(id.low); }
};

} // namespace skald
