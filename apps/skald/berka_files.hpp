#pragma once

#include "apps/bank/money.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace skald {

/// A permanent payment order.
struct berka_order {
  std::uint64_t id = 0;
  std::string payer;    ///< id of an account
  std::string receiver; ///< account at some bank, `BANK:NUMBER`: never the id of an account here
  minor_units amount;
};

/// Reads a file like `account.asc` of the PKDD'99 bank data: the ids of the accounts. `name` is the
/// file's, for errors.
/// @throws user_error, which names file, line and field.
std::vector<std::string> read_berka_accounts(std::istream& in, const std::string& name);

/// Reads a file like `order.asc`.
/// @throws user_error, which names file, line and field.
std::vector<berka_order> read_berka_orders(std::istream& in, const std::string& name);

struct berka_bank {
  std::vector<std::string> accounts;
  std::vector<berka_order> orders;
};

/// Reads both files and checks that every order has its paying account.
/// @throws user_error
berka_bank read_berka_bank(const std::filesystem::path& account_file,
                           const std::filesystem::path& order_file);

} // namespace skald
