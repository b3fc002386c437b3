#include "apps/skald/bank_totals.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/bank_invariant.hpp"
#include "apps/skald/global_options.hpp"
#include "messages/codec.hpp"
#include "persistence/record.hpp"

namespace skald {

namespace {

store_error damaged_record(position at, const std::string& wrong) {
  return {store_error::cause::damaged, "the record at position " + std::to_string(at) +
                                           " is damaged: " + wrong + "; run `skald verify`"};
}

void add_openings(const record& x, minor_units& opened) {
  if (x.stream.type != account::type_name)
    return;
  for (const auto& event : x.events) {
    if (event.type != account_opened::type_name)
      continue;
    account_opened opening;
    if (const auto wrong = decode(event.payload, opening))
      throw damaged_record(x.at, *wrong);
    const auto sum = checked_add(opened, opening.opening_balance);
    if (!sum)
      throw user_error{"the sum of all opening balances does not fit into 64 bits"};
    opened = *sum;
  }
}

} // namespace

bank_totals total_up(const journal& log, position behind) {
  bank_totals result;
  bank_invariant books;
  record current;
  log.view()->scan(1, [&](position at, byte_span bytes) {
    if (const auto wrong = decode_record(bytes, at, current))
      throw damaged_record(at, *wrong);
    books.see(current);
    add_openings(current, result.opened);
    if (at > behind)
      result.events += current.events.size();
    return true;
  });
  const auto balances = books.sum_of_balances();
  if (!balances)
    throw user_error{"the sum of all balances does not fit into 64 bits"};
  result.balances = *balances;
  log.open_sagas([&](const address&, const stream_head&) { ++result.open_sagas; });
  result.violations = books.count().violations;
  if (result.violations > 0)
    result.first_violation = books.violations().front();
  return result;
}

std::string imbalance(const bank_totals& totals) {
  if (totals.violations > 0)
    return std::to_string(totals.violations) +
           " findings against the books, the first: " + totals.first_violation +
           "; run `skald verify`";
  if (totals.open_sagas == 0 && totals.balances != totals.opened)
    return "the accounts hold " + to_string(totals.balances) + ", but they were opened with " +
           to_string(totals.opened) + "; run `skald verify`";
  return {};
}

} // namespace skald
