#pragma once

#include "actors/aggregate.hpp"
#include "apps/orders/product_messages.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

/// A product and its stock. What was ever added is in stock, reserved for an order, or sold.
struct product {
  static constexpr std::string_view type_name = "product";
  using command = std::variant<add_stock, reserve_stock, sell_stock, put_stock_back>;
  using event =
      std::variant<stock_added, stock_reserved, stock_refused, stock_sold, stock_put_back>;

  bool is_known = false;
  std::int64_t in_stock = 0;
  std::int64_t reserved = 0; ///< total of `reservations`
  std::int64_t sold = 0;
  std::map<std::string, std::int64_t> reservations; ///< by order
};

template <class Inspector>
bool inspect(Inspector& f, product& x) {
  return f.object(x).fields(f.field("is_known", x.is_known), f.field("in_stock", x.in_stock),
                            f.field("reserved", x.reserved), f.field("sold", x.sold),
                            f.field("reservations", x.reservations));
}

decision<product> decide(const product& state, const add_stock& command);
decision<product> decide(const product& state, const reserve_stock& command);
decision<product> decide(const product& state, const sell_stock& command);
decision<product> decide(const product& state, const put_stock_back& command);

void evolve(product& state, const stock_added& event);
void evolve(product& state, const stock_reserved& event);
void evolve(product& state, const stock_refused& event);
void evolve(product& state, const stock_sold& event);
void evolve(product& state, const stock_put_back& event);

std::string_view status_of(const product& state);

} // namespace skald
