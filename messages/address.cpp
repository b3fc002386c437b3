#include "messages/address.hpp"

#include "messages/utf8.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace skald {

namespace {

constexpr std::size_t id_size_max = 200;

// Offset of the first control character (C0, DEL, C1) in `text`, which is UTF-8.
std::optional<std::size_t> find_control_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F)
      return at;
    // U+0080 to U+009F.
    if (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0)
      return at;
  }
  return std::nullopt;
}

} // namespace

std::string to_string(const address& x) {
  return x.type + "/" + x.id;
}

std::optional<address> parse_address(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos)
    return std::nullopt;
  const auto type = text.substr(0, slash);
  const auto id = text.substr(slash + 1);
  if (id_error(type) || id_error(id))
    return std::nullopt;
  return address{std::string{type}, std::string{id}};
}

std::optional<std::string> id_error(std::string_view id) {
  if (id.empty())
    return "the id is empty";
  if (id.size() > id_size_max)
    return "the id is " + std::to_string(id.size()) + " bytes long, more than " +
           std::to_string(id_size_max);
  if (const auto valid = valid_utf8_size(id); valid != id.size())
    return "the id is not UTF-8 at byte " + std::to_string(valid);
  if (const auto at = find_control_character(id))
    return "the id has a control character at byte " + std::to_string(*at);
  return std::nullopt;
}

std::size_t address_hash::operator()(const address& x) const {
  const auto type_hash = XXH3_64bits(x.type.data(), x.type.size());
  return XXH3_64bits_withSeed(x.id.data(), x.id.size(), type_hash);
}

} // namespace skald
