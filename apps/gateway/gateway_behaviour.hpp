#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace skald {

/// A charge of the card with this number is refused, always.
inline constexpr std::string_view declined_card = "declined";

/// How a payment gateway treats its callers.
struct gateway_behaviour {
  std::uint32_t slow_ms = 0;        ///< before a request takes effect
  std::uint32_t answer_late_ms = 0; ///< after it has taken effect, before it is answered
  std::uint32_t fail_times = 0;     ///< how often each request is answered with 503 first
  bool refuse = false;              ///< every charge, with 402
  bool refuse_refunds = false;      ///< every refund, with 409
  bool hang = false;                ///< no request takes effect or is answered before `hang_ms`
  std::uint32_t hang_ms = 60'000;

  /// The probability that a request fails for now, is refused, hangs, takes effect late or is
  /// answered late, each of them as likely. A refund is never refused by chance.
  double chaos = 0;
  std::uint32_t chaos_delay_ms = 1'500; ///< what late means by chance
  std::uint64_t seed = 1;
};

/// What is to be done with one request.
struct gateway_fault {
  enum class kind : std::uint8_t { none, fails_for_now, refused, hangs };
  kind what = kind::none;
  std::uint32_t slow_ms = 0;
  std::uint32_t answer_late_ms = 0;
};

/// The fault of the request with the idempotency key `key`, which came `earlier` times before.
gateway_fault fault_of(const gateway_behaviour& behaviour, bool is_refund, std::string_view key,
                       std::uint64_t earlier);

/// `{"slow_ms": 100, "chaos": 0.2}`: what is not named keeps its default.
/// @throws std::invalid_argument that names what is wrong
gateway_behaviour behaviour_of(const nlohmann::json& text);

nlohmann::json json_of(const gateway_behaviour& x);

} // namespace skald
