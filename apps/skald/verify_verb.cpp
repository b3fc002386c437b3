#include "apps/bank/bank_invariant.hpp"
#include "apps/orders/orders_invariant.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/verbs.hpp"
#include "persistence/lmdb_journal.hpp"
#include "persistence/verify.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <cstdio>

namespace skald {

namespace {

using nlohmann::ordered_json;

struct findings {
  verify_report log;
  bank_invariant::counts bank;
  orders_invariant::counts orders;
  std::optional<minor_units> sum_of_balances;

  std::uint64_t aggregates() const {
    std::uint64_t result = 0;
    for (const auto& [type, count] : log.streams)
      result += count;
    return result;
  }
};

// A store that cannot even be opened because it is damaged is a finding, not an error of the verb.
findings examine(const global_options& options) {
  findings result;
  try {
    const auto log = open_lmdb_journal(options.store, {.create = false});
    bank_invariant bank;
    orders_invariant orders;
    result.log = verify(*log, [&](const record& x) -> std::optional<std::string> {
      bank.see(x);
      orders.see(x);
      return std::nullopt;
    });
    result.bank = bank.count();
    result.orders = orders.count();
    result.sum_of_balances = bank.sum_of_balances();
    // Where records are lost, books that lack them say nothing.
    if (result.log.intact()) {
      result.log.damage = bank.violations();
      result.log.damage.insert(result.log.damage.end(), orders.violations().begin(),
                               orders.violations().end());
      result.log.damage_count = result.bank.violations + result.orders.violations;
    }
  } catch (const store_error& error) {
    if (error.why != store_error::cause::damaged)
      throw;
    result.log.damage.push_back(error.what());
    ++result.log.damage_count;
  }
  return result;
}

ordered_json report_json(const findings& x) {
  ordered_json result;
  result["ok"] = x.log.intact();
  result["records"] = x.log.records;
  result["events"] = x.log.events;
  result["aggregates"] = x.aggregates();
  result["sagas"] = x.log.sagas_started;
  result["sagas_open"] = x.log.sagas_open;
  result["sagas_completed"] = x.log.sagas_completed;
  result["sagas_compensated"] = x.log.sagas_compensated;
  result["accounts"] = x.bank.accounts;
  result["transfers"] = x.bank.transfers;
  result["orders"] = x.orders.orders;
  result["products"] = x.orders.products;
  if (x.sum_of_balances)
    result["sum_of_balances"] = x.sum_of_balances->count;
  result["damage"] = x.log.damage;
  result["damage_count"] = x.log.damage_count;
  return result;
}

std::string report_text(const findings& x) {
  auto result = fmt::format("records     {}\nevents      {}\naggregates  {}", x.log.records,
                            x.log.events, x.aggregates());
  for (const auto& [type, count] : x.log.streams)
    result += fmt::format("{}{} {}", &type == &x.log.streams.begin()->first ? ": " : ", ", count,
                          printable(type));
  result +=
      fmt::format("\nsagas       {}: {} completed, {} compensated, {} open\n", x.log.sagas_started,
                  x.log.sagas_completed, x.log.sagas_compensated, x.log.sagas_open);
  if (x.sum_of_balances)
    result += fmt::format("balances    {} in all\n", to_string(*x.sum_of_balances));
  if (x.log.intact())
    result += "The store is intact: checksums, sequences, links and indexes are right, and the "
              "books of bank and orders balance.\n";
  return result;
}

void print_damage(const findings& x) {
  for (const auto& each : x.log.damage)
    std::fprintf(stderr, "skald: %s\n", printable(each).c_str());
  std::fprintf(stderr, "skald: %llu finding(s); the store is damaged\n",
               static_cast<unsigned long long>(x.log.damage_count));
}

void examine_and_print(const global_options& options, int& exit_code) {
  const auto found = examine(options);
  if (options.json)
    std::puts(one_line(report_json(found)).c_str());
  else
    std::fputs(report_text(found).c_str(), stdout);
  if (found.log.intact())
    return;
  exit_code = 1;
  print_damage(found);
}

} // namespace

void add_verify_verb(CLI::App& program, const global_options& options, int& exit_code) {
  auto* verb = program.add_subcommand("verify", "Check the whole store");
  verb->footer("Reads every record and checks checksums, sequences, links, indexes and the books "
               "of bank and orders.\nNothing in the store goes on meanwhile.\n\n"
               "Example:\n"
               "  skald verify\n"
               "  skald --store /backup/store --json verify");
  verb->callback([&options, &exit_code] { examine_and_print(options, exit_code); });
}

} // namespace skald
