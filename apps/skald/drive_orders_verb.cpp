#include "apps/skald/drive_verbs.hpp"
#include "apps/skald/figures.hpp"
#include "apps/skald/gateway_process.hpp"
#include "apps/skald/orders_driver.hpp"
#include "apps/skald/orders_totals.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>

namespace skald {

namespace {

using namespace std::chrono_literals;

constexpr duration longest_wait_for_rest = 10min;

// An answer that comes later is taken for a failure that may have had its effect.
constexpr duration gateway_patience = 1s;
constexpr duration carrier_patience = 2s;
constexpr unsigned calls_max = 32;

constexpr std::size_t findings_shown_max = 10;

struct drive_orders_options {
  std::filesystem::path order_file;
  std::string columns;
  std::string style{to_string(order_style::orchestrated)};
  std::string deadline = "60s";
  orders_settings settings;
};

constexpr auto help =
    "Places an order for each line of a CSV file with a header line. The status of an order says "
    "how\nit ends: 'canceled', its payment is refused; 'unavailable', there is no stock; anything "
    "else, it\nsucceeds. Product, quantity and amount follow from its id.\n\n"
    "--gateway names the payment gateway (see `skald gateway`). Without it one is started, which "
    "keeps\nits ledger beside the store, in STORE.gateway.\n\n"
    "With --chaos P the product of an order is sold out, each call of the gateway is slow, hangs, "
    "fails\nfor now, is refused or answered too late, and each call of the carrier is slow, meets "
    "silence, fails\nor is refused, with probability P.\n\n"
    "Run again on the same store, it changes nothing and reports the same totals; killed and run "
    "again,\nit finishes what was begun.\n\n"
    "It reports what became of the orders and why, and whether stock, charges and parcels add up; "
    "it\nends with 1 if they do not.\n\n"
    "Example:\n"
    "  skald --store shop drive orders --orders orders.csv --style managed --chaos 0.2";

std::string deadline_error(const std::string& text) {
  const auto parsed = parse_duration(text);
  return parsed && *parsed >= 1ms ? "" : "'" + text + "' is no time span such as 500ms, 60s or 10m";
}

order_style style_of(const std::string& name) {
  const auto found = std::ranges::find(order_style_names, name);
  return static_cast<order_style>(found - order_style_names.begin());
}

std::ifstream open_list(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw user_error{"cannot open " + file.string() + ": " + std::strerror(errno)};
  return in;
}

// Reads the whole list, so that what is wrong in it is said before anything is done.
std::uint64_t count_orders(const std::filesystem::path& file, const order_list_columns& columns) {
  auto in = open_list(file);
  order_list orders{in, file.string(), columns};
  std::uint64_t result = 0;
  while (orders.next())
    ++result;
  return result;
}

void let_misbehave(const gateway_client& gateway, const orders_settings& settings) {
  nlohmann::json behaviour{{"chaos", settings.chaos}, {"seed", settings.seed}};
  behaviour["chaos_delay_ms"] = gateway_patience * 3 / 2 / 1ms;
  gateway.behave(behaviour.dump());
}

std::vector<std::pair<std::string, std::string>> rows_of(const orders_result& result,
                                                         const orders_totals& totals) {
  const auto seconds = result.seconds.count();
  const auto orders = static_cast<double>(result.completed + result.compensated);
  std::vector<std::pair<std::string, std::string>> rows{
      {"orders", grouped(totals.books.orders)},
      {"completed", grouped(totals.books.completed)},
      {"compensated", grouped(totals.books.cancelled)},
      {"parked", grouped(totals.parked.size())},
      {"seconds", with_decimals(seconds, 3)},
      {"orders per second", with_decimals(seconds > 0 ? orders / seconds : 0, 1)},
      {"amount of completed orders", to_string(totals.books.completed_amount)},
      {"charged by the gateway", to_string(totals.gateway.charged)},
      {"given back by the gateway", to_string(totals.gateway.refunded)},
      {"parcels on their way", grouped(totals.books.parcels)},
      {"aggregates still held", grouped(totals.locks)},
      {"open sagas", grouped(totals.open_sagas)},
  };
  for (const auto& [reason, count] : totals.reasons)
    rows.emplace_back("compensated: " + printable(reason), grouped(count));
  return rows;
}

nlohmann::ordered_json json_of(const orders_result& result, const orders_totals& totals) {
  return {{"orders", totals.books.orders},
          {"completed", totals.books.completed},
          {"compensated", totals.books.cancelled},
          {"parked", totals.parked},
          {"reasons", totals.reasons},
          {"seconds", rounded(result.seconds.count(), 3)},
          {"completed_amount", totals.books.completed_amount.count},
          {"charged", totals.gateway.charged.count},
          {"refunded", totals.gateway.refunded.count},
          {"charges", totals.gateway.charges},
          {"refunds", totals.gateway.refunds},
          {"parcels", totals.books.parcels},
          {"locks", totals.locks},
          {"open_sagas", totals.open_sagas},
          {"findings", totals.findings}};
}

void print_report(const orders_result& result, const orders_totals& totals, bool as_json) {
  if (as_json) {
    std::puts(one_line(json_of(result, totals)).c_str());
    return;
  }
  std::fputs(table_of(rows_of(result, totals)).c_str(), stdout);
  for (const auto& [who, why] : totals.parked)
    std::printf("parked: %s: %s\n", printable(who).c_str(), printable(why).c_str());
  if (totals.findings.empty() && totals.parked.empty())
    std::puts("Stock, charges and parcels add up.");
}

void require_sums(const orders_totals& totals) {
  if (totals.findings.empty() && totals.open_sagas == 0)
    return;
  std::string text = std::to_string(totals.findings.size()) + " findings against the books, " +
                     std::to_string(totals.open_sagas) + " open sagas";
  for (std::size_t i = 0; i < std::min(totals.findings.size(), findings_shown_max); ++i)
    text += (i == 0 ? ": " : "; ") + totals.findings[i];
  throw user_error{text};
}

orders_world world_of(const gateway_settings& gateway, const orders_settings& settings) {
  orders_world result;
  result.gateway = [gateway] { return gateway; };
  result.parcels =
      settings.chaos > 0 ? carrier_of_chance(settings.chaos, settings.seed) : reliable_carrier();
  result.carrier_patience = carrier_patience;
  result.calls_max = calls_max;
  return result;
}

void drive_orders(const drive_orders_options& options, const global_options& global) {
  auto settings = options.settings;
  settings.deadline = parse_duration(options.deadline).value();
  settings.style = style_of(options.style);
  const auto columns = order_list_columns_of(options.columns);
  const auto order_count = count_orders(options.order_file, columns);
  std::optional<gateway_process> own_gateway;
  if (global.gateway.empty())
    own_gateway.emplace(gateway_process::ledger_beside(global.store));
  const gateway_settings where{own_gateway ? own_gateway->address() : global.gateway,
                               gateway_patience};
  const auto world = world_of(where, settings);
  const gateway_client gateway{where};
  if (own_gateway || settings.chaos > 0)
    let_misbehave(gateway, settings);
  session opened{global, session::when_missing::create, {}, world};
  auto& target = opened.get();
  auto in = open_list(options.order_file);
  order_list orders{in, options.order_file.string(), columns};
  const auto result = orders_driver{target, orders, order_count, settings}.run();
  if (!wait_for_sagas(target, longest_wait_for_rest))
    throw user_error{"the store does not come to rest; run the same command again"};
  const auto totals = total_up_orders(target, gateway);
  print_report(result, totals, global.json);
  require_sums(totals);
}

} // namespace

void add_drive_orders_verb(CLI::App& drive, const global_options& global) {
  auto* orders = drive.add_subcommand("orders", "Fulfil a list of orders");
  orders->footer(help);
  auto options = std::make_shared<drive_orders_options>();
  auto& settings = options->settings;
  orders->add_option("--orders", options->order_file, "CSV file of orders")
      ->required()
      ->type_name("FILE");
  orders
      ->add_option("--map", options->columns,
                   "Which columns mean what; default: id=order_id,status=order_status,"
                   "time=order_purchase_timestamp")
      ->type_name("NAME=COLUMN,...");
  orders->add_option("--style", options->style, "Who leads an order from step to step")
      ->capture_default_str()
      ->check(CLI::IsMember(
          std::vector<std::string>{order_style_names.begin(), order_style_names.end()}));
  orders->add_option("--chaos", settings.chaos, "How likely each participant misbehaves")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
  orders->add_option("--seed", settings.seed, "Of chaos")->capture_default_str()->type_name("N");
  orders->add_option("--limit", settings.limit, "Place no more orders than this")->type_name("N");
  orders->add_option("--deadline", options->deadline, "When an unfinished order is cancelled")
      ->capture_default_str()
      ->check(deadline_error)
      ->type_name("TIME");
  orders->add_option("--in-flight", settings.in_flight_max, "Orders under way at once, at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 60'000))
      ->type_name("N");
  orders->callback([options, &global] { drive_orders(*options, global); });
}

} // namespace skald
