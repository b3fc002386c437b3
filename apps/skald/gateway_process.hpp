#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>

namespace skald {

/// `skald gateway` as a child process, which ends with this process, however that ends.
class gateway_process {
public:
  /// Starts it on a port that is free. What is in `ledger` it goes on with.
  /// @throws user_error
  explicit gateway_process(const std::filesystem::path& ledger);

  ~gateway_process();
  gateway_process(const gateway_process&) = delete;
  gateway_process& operator=(const gateway_process&) = delete;

  /// Where the ledger of the gateway that belongs to `store` is kept: in `STORE.gateway`.
  /// @throws user_error if there is one, but no such store
  static std::filesystem::path ledger_beside(const std::filesystem::path& store);

  /// `http://127.0.0.1:PORT`.
  const std::string& address() const { return address_; }

private:
  void end();

  pid_t child_ = -1;
  std::string address_;
};

} // namespace skald
