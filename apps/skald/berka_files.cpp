#include "apps/skald/berka_files.hpp"

#include "apps/skald/printable.hpp"
#include "apps/skald/separated_file.hpp"
#include "messages/address.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <unordered_set>

namespace skald {

namespace {

enum account_column : std::size_t { account_id };
constexpr std::array<std::string_view, 4> account_columns{"account_id", "district_id", "frequency",
                                                          "date"};

enum order_column : std::size_t { order_id, paying_account, bank_to, account_to, amount };
constexpr std::array<std::string_view, 6> order_columns{"order_id",   "account_id", "bank_to",
                                                        "account_to", "amount",     "k_symbol"};

std::ifstream open_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw user_error{"cannot open " + file.string() + ": " + std::strerror(errno)};
  return in;
}

std::string receiver_of(const separated_file& line) {
  for (const auto column : {bank_to, account_to}) {
    const auto& text = line.field(column);
    if (text.empty() || text.find_first_of(": ") != std::string::npos)
      throw line.error(column, "'" + printable(text) + "' cannot be a part of BANK:NUMBER");
  }
  auto receiver = line.field(bank_to) + ":" + line.field(account_to);
  if (const auto wrong = id_error(receiver))
    throw line.error(bank_to, "the receiving account has no valid id: " + *wrong);
  return receiver;
}

minor_units amount_of(const separated_file& line) {
  const auto& text = line.field(amount);
  const auto result = parse_money(text);
  if (!result)
    throw line.error(amount, "'" + printable(text) +
                                 "' is not an amount; write digits with at most two " +
                                 "decimals behind a point, as 2452.00");
  if (*result <= minor_units{})
    throw line.error(amount, "an order pays more than nothing, not " + text);
  return *result;
}

} // namespace

std::vector<std::string> read_berka_accounts(std::istream& in, const std::string& name) {
  separated_file line{in, name, account_columns};
  std::vector<std::string> accounts;
  std::unordered_set<std::string> known;
  while (line.next()) {
    auto id = std::to_string(line.number(account_id));
    if (!known.insert(id).second)
      throw line.error(account_id, "the account " + id + " is in the file twice");
    accounts.push_back(std::move(id));
  }
  return accounts;
}

std::vector<berka_order> read_berka_orders(std::istream& in, const std::string& name) {
  separated_file line{in, name, order_columns};
  std::vector<berka_order> orders;
  std::unordered_set<std::uint64_t> known;
  while (line.next()) {
    const auto id = line.number(order_id);
    if (!known.insert(id).second)
      throw line.error(order_id, "the order " + std::to_string(id) + " is in the file twice");
    orders.push_back(
        {id, std::to_string(line.number(paying_account)), receiver_of(line), amount_of(line)});
  }
  return orders;
}

berka_bank read_berka_bank(const std::filesystem::path& account_file,
                           const std::filesystem::path& order_file) {
  berka_bank result;
  auto accounts = open_file(account_file);
  result.accounts = read_berka_accounts(accounts, account_file.string());
  auto orders = open_file(order_file);
  result.orders = read_berka_orders(orders, order_file.string());
  const std::unordered_set<std::string_view> known{result.accounts.begin(), result.accounts.end()};
  for (const auto& each : result.orders)
    if (!known.contains(each.payer))
      throw user_error{order_file.string() + ": the order " + std::to_string(each.id) +
                       " pays from the account " + each.payer + ", which is not in " +
                       account_file.string() + "; give the two files that belong together"};
  return result;
}

} // namespace skald
