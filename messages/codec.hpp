#pragma once

#include "messages/bytes.hpp"
#include "messages/cbor_reader.hpp"
#include "messages/cbor_writer.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace skald {

/// Appends `x` to `out` as CBOR, written straight from its `inspect` overload: an object becomes a
/// map from field names to values, an enum its name. `cbor_writer` lists the rest.
/// @throws std::invalid_argument if an `inspect` overload refuses to save its value.
template <class T>
void encode(const T& x, byte_buffer& out) {
  cbor_writer writer{out};
  writer.write(x);
}

template <class T>
byte_buffer encode(const T& x) {
  byte_buffer out;
  encode(x, out);
  return out;
}

/// Reads `bytes`, one CBOR value and nothing behind it, into `out`. Returns what is wrong, with the
/// field's name, or nothing. Fields may stand in any order; a missing, unknown or repeated one is
/// an error, except that an optional field may be missing.
template <class T>
std::optional<std::string> decode(byte_span bytes, T& out) {
  cbor_reader reader{bytes};
  return reader.read(out);
}

/// CBOR as JSON, for everything that a person sees.
/// @throws std::invalid_argument if `bytes` are not CBOR, nest more than 64 deep, or hold what JSON
/// cannot (a key that is not text, a tag, an integer beyond 64 bits).
nlohmann::json json_of_cbor(byte_span bytes);

/// JSON as CBOR, for everything that a person writes. Decode the result into a type to check it.
/// @throws std::invalid_argument if `x` nests more than 64 deep or has text that is not UTF-8.
byte_buffer cbor_of_json(const nlohmann::json& x);

} // namespace skald
