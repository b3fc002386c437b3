#pragma once

#include "apps/gateway/gateway_behaviour.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace skald {

/// A payment gateway over HTTP on the loopback address, for trying what its callers do when it is
/// slow, fails, refuses or is silent.
///
///     POST /charges    Idempotency-Key: KEY   {"payment": "O-1", "card": "4242", "amount": 1000}
///     POST /refunds    Idempotency-Key: KEY   {"payment": "O-1"}
///     GET  /payments   what was charged and given back, in all and by payment
///     GET, PUT /behaviour                     {"fail_times": 2}
///
/// A repeated key gets the first answer. 2xx: done. 4xx: refused for good. 5xx: fails for now.
class payment_gateway {
public:
  /// Listens on `port`; 0: on one that is free.
  /// @param ledger_file where the ledger is kept; empty: in memory
  /// @throws std::runtime_error
  payment_gateway(std::uint16_t port, const std::filesystem::path& ledger_file,
                  const gateway_behaviour& behaviour = {});

  /// Ends what hangs, and stops.
  ~payment_gateway();

  std::uint16_t port() const;

  void behave(const gateway_behaviour& behaviour);

  /// Returns when another thread has called `stop`.
  void wait();
  void stop();

private:
  class server;
  std::unique_ptr<server> server_;
};

} // namespace skald
