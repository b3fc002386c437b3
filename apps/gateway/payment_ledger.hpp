#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace skald {

/// What a payment gateway has charged and given back, and what it has answered. With a file it
/// outlives the process that keeps it: what was answered is in the file. (A file that outlives a
/// failure of the machine is more than the tests of a client need.)
///
/// A payment is charged once at most. One that was given back, or voided before it was charged, is
/// never charged any more.
class payment_ledger {
public:
  struct answer {
    int status = 0; ///< of HTTP
    std::string text;
  };

  struct entry {
    std::int64_t charged = 0;
    std::int64_t refunded = 0;
    bool is_closed = false; ///< given back or voided
  };

  struct totals {
    std::uint64_t charges = 0;
    std::uint64_t refunds = 0; ///< of what was charged
    std::int64_t charged = 0;
    std::int64_t refunded = 0;
  };

  payment_ledger() = default;

  /// Goes on with what is in `file`, which need not exist.
  /// @throws std::runtime_error if it cannot be read or written
  explicit payment_ledger(const std::filesystem::path& file);

  ~payment_ledger();
  payment_ledger(const payment_ledger&) = delete;
  payment_ledger& operator=(const payment_ledger&) = delete;

  // The first request with `key` takes effect; each later one gets the answer to the first.
  // @throws std::runtime_error if the file cannot be written; the request has no effect then

  answer charge(const std::string& key, const std::string& payment, std::int64_t amount);
  answer refund(const std::string& key, const std::string& payment);
  answer refuse(const std::string& key, const std::string& payment, int status,
                const std::string& why);

  totals total() const;
  std::map<std::string, entry> payments() const;

private:
  // One line of the file: the answer to a key, and what it changed.
  struct line {
    std::string key;
    std::string payment;
    answer given;
    std::int64_t charged = 0;
    std::int64_t refunded = 0;
    bool closes = false;
  };

  void read(const std::filesystem::path& file);
  answer remember(line happened);
  void apply(const line& happened);
  void write(const line& happened);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, answer> answers_;
  std::map<std::string, entry> payments_;
  totals totals_;
  int file_ = -1;
};

} // namespace skald
