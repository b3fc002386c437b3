#pragma once

#include "apps/orders/order_style.hpp"
#include "apps/skald/command_pipeline.hpp"
#include "apps/skald/order_list.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace skald {

/// What `skald drive orders` does.
struct orders_settings {
  order_style style = order_style::orchestrated;
  double chaos = 0; ///< the probability that an order meets a product that is sold out
  std::uint64_t seed = 1;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max(); ///< orders to place
  duration deadline = std::chrono::seconds{60};
  std::size_t in_flight_max = 256;
};

struct orders_result {
  std::uint64_t completed = 0;
  std::uint64_t compensated = 0;
  std::chrono::duration<double> seconds{}; ///< from the first order to the last outcome
};

/// Places the orders of a list, many at once. What an order is for, and what it costs, follows from
/// its id. Every message id says what the message is, so that driving the same store again changes
/// nothing and goes on where it ended.
class orders_driver {
public:
  /// @param order_count how many orders to expect, for the progress that is shown
  orders_driver(runtime& target, order_list& orders, std::uint64_t order_count,
                orders_settings settings);

  /// @throws user_error
  orders_result run();

private:
  void add_stock_to_products();
  client_command placement_of(const listed_order& x) const;

  runtime& target_;
  order_list& orders_;
  std::uint64_t order_count_;
  orders_settings settings_;
  command_pipeline pipeline_;
};

} // namespace skald
