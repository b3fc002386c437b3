#include "messages/codec.hpp"

#include "messages/cbor_cursor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace skald {

namespace {

bool nests_within(const nlohmann::json& x, std::size_t depth_max) {
  if (!x.is_structured())
    return true;
  return depth_max > 0 && std::all_of(x.begin(), x.end(), [depth_max](const auto& item) {
           return nests_within(item, depth_max - 1);
         });
}

// Throws if `bytes` are not a value that JSON has.
void check(byte_span bytes) {
  cbor_cursor input{bytes};
  if (!input.skip() || !input.finish())
    throw std::invalid_argument(input.error());
}

} // namespace

nlohmann::json json_of_cbor(byte_span bytes) {
  // nlohmann_json descends as deep as the bytes ask for, and lets integers beyond 64 bits overflow.
  check(bytes);
  const auto text = as_text(bytes);
  return nlohmann::json::from_cbor(text.begin(), text.end());
}

byte_buffer cbor_of_json(const nlohmann::json& x) {
  if (!nests_within(x, cbor_cursor::depth_max))
    throw std::invalid_argument("nested more than " + std::to_string(cbor_cursor::depth_max) +
                                " deep");
  std::vector<std::uint8_t> written;
  nlohmann::json::to_cbor(x, written);
  const auto bytes = std::as_bytes(std::span{written});
  check(bytes);
  return {bytes.begin(), bytes.end()};
}

} // namespace skald
