#include "apps/skald/orders_driver.hpp"

#include "apps/gateway/chance.hpp"
#include "apps/gateway/gateway_behaviour.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/product.hpp"
#include "apps/skald/progress_bar.hpp"

#include <algorithm>
#include <string>

namespace skald {

namespace {

// A repetition, however late, is the same message: the journal is searched for it from here on.
constexpr timestamp first_sent = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

constexpr std::int64_t product_count = 20;
constexpr std::int64_t stock_of_each = 1'000'000'000;
constexpr const char* sold_out_product = "sold-out";

constexpr std::int64_t quantity_max = 4;
constexpr std::int64_t amount_max = 600'00; // so that a half exceeds the limit for fraud checks

client_command identified(client_command command, std::string message_id) {
  command.message_id = std::move(message_id);
  command.first_sent = first_sent;
  command.by = "skald drive orders";
  return command;
}

std::string product_name(std::int64_t number) {
  return "P-" + std::to_string(number);
}

// 1 to `most`, the same for the same order ever after.
std::int64_t drawn(const std::string& order, std::uint64_t draw, std::int64_t most) {
  return 1 + static_cast<std::int64_t>(chance(0, order, draw) * static_cast<double>(most));
}

} // namespace

orders_driver::orders_driver(runtime& target, order_list& orders, std::uint64_t order_count,
                             orders_settings settings)
    : target_(target), orders_(orders), order_count_(std::min(order_count, settings.limit)),
      settings_(settings), pipeline_(target, settings.in_flight_max) {}

orders_result orders_driver::run() {
  add_stock_to_products();
  orders_result result;
  progress_bar progress{"orders", order_count_};
  std::uint64_t placed = 0;
  const auto start = command_pipeline::steady_clock::now();
  pipeline_.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (placed == settings_.limit)
          return std::nullopt;
        const auto next = orders_.next();
        if (!next)
          return std::nullopt;
        return command_pipeline::item{placement_of(*next), placed++};
      },
      [&](std::uint64_t, const outcome& answer, auto) {
        ++(answer.accepted ? result.completed : result.compensated);
        progress.advance();
      });
  result.seconds = command_pipeline::steady_clock::now() - start;
  return result;
}

void orders_driver::add_stock_to_products() {
  std::int64_t next = 0;
  pipeline_.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (next > product_count)
          return std::nullopt;
        const auto number = next++;
        const auto id = number == 0 ? sold_out_product : product_name(number);
        const add_stock what{number == 0 ? 0 : stock_of_each};
        return command_pipeline::item{identified(command_to<product>(id, what), "stock:" + id),
                                      static_cast<std::uint64_t>(number)};
      },
      [](std::uint64_t, const outcome& answer, auto) {
        if (!answer.accepted)
          throw user_error{"no stock could be added to " + to_string(answer.from) + ": " +
                           answer.reason};
      });
}

client_command orders_driver::placement_of(const listed_order& x) const {
  const bool lacks_stock = x.ends == listed_order::fate::lacks_stock ||
                           chance(settings_.seed, "stock " + x.id, 0) < settings_.chaos;
  const auto deadline_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(settings_.deadline);
  place_order what;
  what.product = lacks_stock ? sold_out_product : product_name(drawn(x.id, 0, product_count));
  what.quantity = drawn(x.id, 1, quantity_max);
  what.amount = {drawn(x.id, 2, amount_max)};
  what.card = x.ends == listed_order::fate::is_not_paid ? std::string{declined_card} : "4242";
  what.style = settings_.style;
  what.deadline_ms = deadline_ms.count();
  if (!x.purchased_at.empty())
    what.purchased_at = x.purchased_at;
  auto command = identified(command_to<order>(x.id, what), "order:" + x.id);
  command.until_saga_ends = true;
  return command;
}

} // namespace skald
