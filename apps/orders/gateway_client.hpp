#pragma once

#include "apps/bank/money.hpp"
#include "messages/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace skald {

/// Where a payment gateway is, and how long its answers are waited for.
struct gateway_settings {
  std::string address = "http://127.0.0.1:8402";
  duration timeout = std::chrono::seconds{2};
};

/// What a payment gateway answers.
struct gateway_answer {
  enum class kind : std::uint8_t {
    done,
    failed_for_now, ///< it may have taken effect; the same request may be sent again
    refused,        ///< for good, without effect
  };
  kind what = kind::done;
  std::string reason; ///< why it is not done; names the gateway's address
};

/// What a payment gateway says that it has charged and given back.
struct gateway_totals {
  std::uint64_t charges = 0;
  std::uint64_t refunds = 0;
  minor_units charged;
  minor_units refunded;
  std::map<std::string, minor_units> kept; ///< by payment: charged and not given back
};

/// Asks a payment gateway over HTTP. Each function waits for the answer, on the thread that calls
/// it; any number of threads may. `key` is the idempotency key: the same request has the same, so
/// that however often it is sent it takes effect once.
class gateway_client {
public:
  /// @throws std::invalid_argument if the address is none such as `http://127.0.0.1:8402`
  explicit gateway_client(gateway_settings settings);

  gateway_answer charge(const std::string& key, const std::string& payment, const std::string& card,
                        minor_units amount) const;

  /// Whatever was charged is given back, and what was not charged yet is never charged.
  gateway_answer refund(const std::string& key, const std::string& payment) const;

  /// @throws std::runtime_error if the gateway does not answer
  gateway_totals totals() const;

  /// Tells a gateway that is there for tests how to behave, as JSON.
  /// @throws std::runtime_error if it does not take that
  void behave(const std::string& behaviour) const;

private:
  gateway_answer post(const std::string& path, const std::string& key,
                      const std::string& content) const;

  gateway_settings settings_;
};

} // namespace skald
