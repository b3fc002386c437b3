#include "messages/cbor_reader.hpp"

#include <cmath>

namespace skald {

bool cbor_reader::value(float& x) {
  double number = 0;
  if (!input_.read_number(number))
    return false;
  if (std::isfinite(number) && std::abs(number) > std::numeric_limits<float>::max())
    return input_.fail("the number does not fit in 32 bits");
  x = static_cast<float>(number);
  return true;
}

bool cbor_reader::builtin_inspect(byte_buffer& x) {
  byte_span bytes;
  if (!input_.read_bytes(bytes))
    return false;
  x.assign(bytes.begin(), bytes.end());
  return true;
}

bool cbor_reader::builtin_inspect(timestamp& x) {
  std::string_view text;
  if (!input_.read_text(text, "a time"))
    return false;
  const auto time = parse_timestamp(text);
  if (!time)
    return input_.fail("expected a time like 2026-03-01T12:00:00Z");
  x = *time;
  return true;
}

} // namespace skald
