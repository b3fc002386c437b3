#include "apps/skald/bank_driver.hpp"
#include "apps/skald/bank_totals.hpp"
#include "apps/skald/drive_verbs.hpp"
#include "apps/skald/figures.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace skald {

namespace {

constexpr duration longest_wait_for_rest = std::chrono::seconds{60};

struct drive_bank_options {
  std::filesystem::path account_file;
  std::filesystem::path order_file;
  std::string opening_balance;
  std::string deadline = "60s";
  bool choreography = false;
  drive_settings settings;
};

constexpr auto help =
    "An account is opened for each line of the account file, and one at zero for each receiving\n"
    "account (BANK:NUMBER); then each order of the order file pays its amount once a month. "
    "Payers\n"
    "run beside each other, the payments of one payer one after another by month, then order id.\n"
    "The id of a transfer is ORDER-MONTH. The files are semicolon-separated, with the header "
    "lines\n"
    "of account.asc and order.asc of the PKDD'99 bank data.\n\n"
    "Run again on the same store, it changes nothing and reports the same outcomes; killed and "
    "run\n"
    "again, it finishes what was begun.\n\n"
    "It reports: transfers; completed and failed, of them; events that this run wrote to the\n"
    "store; seconds, and transfers per second, from the first transfer to the last outcome; the\n"
    "sum that all accounts of the store were opened with, and the sum of their balances at the\n"
    "end; sagas that are still open. With --json, sums are in minor units.\n\n"
    "Example:\n"
    "  skald --store bank drive bank --accounts account.asc --orders order.asc \\\n"
    "        --months 12 --opening-balance 20000.00";

std::string opening_balance_error(const std::string& text) {
  const auto amount = parse_money(text);
  return amount && *amount >= minor_units{} ? "" : "'" + text + "' is no amount such as 20000.00";
}

std::string deadline_error(const std::string& text) {
  const auto parsed = parse_duration(text);
  return parsed && *parsed >= std::chrono::milliseconds{1}
             ? ""
             : "'" + text + "' is no time span such as 500ms, 60s or 10m";
}

void print_report(const drive_result& result, const bank_totals& totals, bool as_json) {
  const auto transfers = result.completed + result.failed;
  const auto seconds = result.seconds.count();
  const auto rate = seconds > 0 ? static_cast<double>(transfers) / seconds : 0;
  if (as_json) {
    const nlohmann::ordered_json report{{"transfers", transfers},
                                        {"completed", result.completed},
                                        {"failed", result.failed},
                                        {"events", totals.events},
                                        {"seconds", rounded(seconds, 3)},
                                        {"transfers_per_second", rounded(rate, 1)},
                                        {"sum_before", totals.opened.count},
                                        {"sum_after", totals.balances.count},
                                        {"open_sagas", totals.open_sagas}};
    std::printf("%s\n", report.dump().c_str());
    return;
  }
  const std::array<std::pair<std::string, std::string>, 9> rows{{
      {"transfers", grouped(transfers)},
      {"completed", grouped(result.completed)},
      {"failed", grouped(result.failed)},
      {"events", grouped(totals.events)},
      {"seconds", with_decimals(seconds, 3)},
      {"transfers per second", with_decimals(rate, 1)},
      {"sum before", to_string(totals.opened)},
      {"sum after", to_string(totals.balances)},
      {"open sagas", grouped(totals.open_sagas)},
  }};
  std::fputs(table_of(rows).c_str(), stdout);
}

void drive_bank(const drive_bank_options& options, const global_options& global) {
  auto settings = options.settings;
  settings.opening_balance = parse_money(options.opening_balance).value();
  settings.deadline = parse_duration(options.deadline).value();
  if (options.choreography)
    settings.style = transfer_style::choreographed;
  const auto bank = read_berka_bank(options.account_file, options.order_file);
  session opened{global, session::when_missing::create};
  auto& target = opened.get();
  const auto result = bank_driver{target, bank, settings}.run();
  if (!target.wait_until_idle(longest_wait_for_rest))
    throw user_error{"the store does not come to rest; run the same command again"};
  // Everything behind this was written by this process, which has the store for itself.
  const auto begun_at = target.log().last() - target.statistics().records;
  const auto totals = total_up(target.log(), begun_at);
  print_report(result, totals, global.json);
  if (const auto wrong = imbalance(totals); !wrong.empty())
    throw user_error{wrong};
}

} // namespace

void add_drive_verb(CLI::App& program, const global_options& global) {
  auto* drive = program.add_subcommand("drive", "Drive the system with real input");
  drive->require_subcommand(1);
  drive->footer("Example:\n  skald drive bank --help\n  skald drive orders --help");
  auto* bank = drive->add_subcommand("bank", "Pay the orders of a bank month by month");
  bank->footer(help);
  auto options = std::make_shared<drive_bank_options>();
  auto& settings = options->settings;
  bank->add_option("--accounts", options->account_file, "Account file")
      ->required()
      ->type_name("FILE");
  bank->add_option("--orders", options->order_file, "File of payment orders")
      ->required()
      ->type_name("FILE");
  bank->add_option("--months", settings.months, "How often each order pays")
      ->required()
      ->check(CLI::Range(1, 12'000))
      ->type_name("N");
  bank->add_option("--opening-balance", options->opening_balance, "What accounts are opened with")
      ->required()
      ->check(opening_balance_error)
      ->type_name("AMOUNT");
  bank->add_flag("--choreography", options->choreography, "Run transfers without an orchestrator");
  bank->add_option("--deadline", options->deadline, "When an unfinished transfer is cancelled")
      ->capture_default_str()
      ->check(deadline_error)
      ->type_name("TIME");
  bank->add_option("--in-flight", settings.in_flight_max, "Transfers under way at once, at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 60'000))
      ->type_name("N");
  bank->add_option("--outcomes", settings.outcome_file,
                   "File to append to as outcomes come: a transfer's id, completed or cancelled")
      ->type_name("FILE");
  bank->callback([options, &global] { drive_bank(*options, global); });
  add_drive_orders_verb(*drive, global);
}

} // namespace skald
