#pragma once

#include "apps/orders/order_style.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skald {

// Commands. What is reserved is known by the id of its order.

struct add_stock {
  static constexpr std::string_view type_name = "AddStock";
  std::int64_t quantity = 0;
};

struct reserve_stock {
  static constexpr std::string_view type_name = "ReserveStock";
  static constexpr bool is_internal = true;
  std::string order;
  std::int64_t quantity = 0;
  order_style style = order_style::orchestrated;
};

/// What is reserved for the order leaves the house.
struct sell_stock {
  static constexpr std::string_view type_name = "SellStock";
  static constexpr bool is_internal = true;
  std::string order;
};

struct put_stock_back {
  static constexpr std::string_view type_name = "PutStockBack";
  static constexpr bool is_internal = true;
  std::string order;
};

// Events.

struct stock_added {
  static constexpr std::string_view type_name = "StockAdded";
  std::int64_t quantity = 0;
};

/// Before orders had styles.
struct stock_reserved_v1 {
  std::string order;
  std::int64_t quantity = 0;
};

struct stock_reserved {
  static constexpr std::string_view type_name = "StockReserved";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = stock_reserved_v1;
  std::string order;
  std::int64_t quantity = 0;
  order_style style = order_style::orchestrated;
};

inline stock_reserved upcast(const stock_reserved_v1& x) {
  return {x.order, x.quantity, order_style::orchestrated};
}

struct stock_refused {
  static constexpr std::string_view type_name = "StockRefused";
  static constexpr bool is_failure = true;
  std::string order;
  std::int64_t quantity = 0;
  std::string reason;
  order_style style = order_style::orchestrated;
};

struct stock_sold {
  static constexpr std::string_view type_name = "StockSold";
  std::string order;
  std::int64_t quantity = 0;
};

struct stock_put_back {
  static constexpr std::string_view type_name = "StockPutBack";
  std::string order;
  std::int64_t quantity = 0;
};

template <class Inspector>
bool inspect(Inspector& f, add_stock& x) {
  return f.object(x).fields(f.field("quantity", x.quantity));
}

template <class Inspector>
bool inspect(Inspector& f, reserve_stock& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, sell_stock& x) {
  return f.object(x).fields(f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, put_stock_back& x) {
  return f.object(x).fields(f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, stock_added& x) {
  return f.object(x).fields(f.field("quantity", x.quantity));
}

template <class Inspector>
bool inspect(Inspector& f, stock_reserved_v1& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity));
}

template <class Inspector>
bool inspect(Inspector& f, stock_reserved& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, stock_refused& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity),
                            f.field("reason", x.reason), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, stock_sold& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity));
}

template <class Inspector>
bool inspect(Inspector& f, stock_put_back& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("quantity", x.quantity));
}

} // namespace skald
