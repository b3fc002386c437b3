#include "messages/message_id.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <random>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace skald {

namespace {

constexpr std::size_t digits_per_half = 16;

// Ids of the two kinds come from different hash functions, so that no text that a client chooses
// has the id of a dispatch.
constexpr XXH64_hash_t client_seed = 0;
constexpr XXH64_hash_t dispatch_seed = 0x736B616C645F6469; // "skald_di"

message_id hash(std::string_view bytes, XXH64_hash_t seed) {
  const auto result = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {result.high64, result.low64};
}

std::optional<std::uint64_t> parse_half(std::string_view digits) {
  std::uint64_t result = 0;
  const auto end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, result, 16);
  if (error != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

// Reads 32 hexadecimal digits of either case.
std::optional<message_id> parse_digits(std::string_view text) {
  if (text.size() != 2 * digits_per_half)
    return std::nullopt;
  const auto high = parse_half(text.substr(0, digits_per_half));
  const auto low = parse_half(text.substr(digits_per_half));
  if (!high || !low)
    return std::nullopt;
  return message_id{*high, *low};
}

template <class Integer>
void append_little_endian(std::string& out, Integer x) {
  for (std::size_t i = 0; i < sizeof(x); ++i)
    out.push_back(static_cast<char>(x >> (8 * i) & 0xFF));
}

std::mt19937_64 seeded_generator() {
  std::array<std::random_device::result_type, 8> words{};
  std::random_device device;
  std::generate(words.begin(), words.end(), std::ref(device));
  std::seed_seq seed(words.begin(), words.end());
  return std::mt19937_64{seed};
}

} // namespace

std::string to_string(message_id id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result(2 * digits_per_half, '0');
  for (std::size_t i = 0; i < digits_per_half; ++i) {
    const auto shift = 4 * (digits_per_half - 1 - i);
    result[i] = digits[id.high >> shift & 0xF];
    result[digits_per_half + i] = digits[id.low >> shift & 0xF];
  }
  return result;
}

std::optional<message_id> parse_message_id(std::string_view text) {
  const bool has_upper_case =
      std::any_of(text.begin(), text.end(), [](char x) { return 'A' <= x && x <= 'F'; });
  return has_upper_case ? std::nullopt : parse_digits(text);
}

message_id message_id_of(std::string_view text) {
  if (const auto id = parse_digits(text); id && !id->empty())
    return *id;
  return hash(text, client_seed);
}

message_id dispatch_id(const address& sender, std::uint64_t turn, std::uint32_t ordinal) {
  thread_local std::string input; // kept for its memory
  input.assign(sender.type);
  input.push_back('\0');
  input.append(sender.id);
  input.push_back('\0');
  append_little_endian(input, turn);
  append_little_endian(input, ordinal);
  return hash(input, dispatch_seed);
}

message_id random_message_id() {
  thread_local auto generator = seeded_generator();
  message_id result;
  while (result.empty())
    result = {generator(), generator()};
  return result;
}

} // namespace skald
