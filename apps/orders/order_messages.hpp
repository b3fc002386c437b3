#pragma once

#include "apps/bank/money.hpp"
#include "apps/orders/order_style.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

// Commands. Those that report are sent by sagas and handlers; one that comes late, or tells what is
// known, changes nothing.

struct place_order {
  static constexpr std::string_view type_name = "PlaceOrder";
  std::string product;
  std::int64_t quantity = 0;
  minor_units amount;
  std::string card;
  std::optional<order_style> style;        ///< missing: orchestrated
  std::optional<std::int64_t> deadline_ms; ///< missing: 30000
  std::optional<std::string> purchased_at; ///< when the customer bought, as the shop says it
};

struct record_stock_reserved {
  static constexpr std::string_view type_name = "RecordStockReserved";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
};

struct record_payment_pending {
  static constexpr std::string_view type_name = "RecordPaymentPending";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
};

struct record_paid {
  static constexpr std::string_view type_name = "RecordPaid";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
};

struct record_payment_failed {
  static constexpr std::string_view type_name = "RecordPaymentFailed";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
  std::string reason;
};

struct record_shipping {
  static constexpr std::string_view type_name = "RecordShipping";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
};

struct record_shipped {
  static constexpr std::string_view type_name = "RecordShipped";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
};

struct complete_order {
  static constexpr std::string_view type_name = "CompleteOrder";
  static constexpr bool is_internal = true;
};

/// Something has failed: what was done for the order is being undone.
struct fail_order {
  static constexpr std::string_view type_name = "FailOrder";
  static constexpr bool is_internal = true;
  std::string reason;
};

struct cancel_order {
  static constexpr std::string_view type_name = "CancelOrder";
  static constexpr bool is_internal = true;
  static constexpr bool is_for_deleted_too = true;
  std::string reason;
};

// Events.

/// Before orders had styles.
struct order_placed_v1 {
  std::string order;
  std::string product;
  std::int64_t quantity = 0;
  minor_units amount;
  std::string card;
  std::int64_t deadline_ms = 0;
  std::string purchased_at;
};

struct order_placed {
  static constexpr std::string_view type_name = "OrderPlaced";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = order_placed_v1;
  std::string order;
  std::string product;
  std::int64_t quantity = 0;
  minor_units amount;
  std::string card;
  order_style style = order_style::orchestrated;
  std::int64_t deadline_ms = 0;
  std::string purchased_at;
};

inline order_placed upcast(const order_placed_v1& x) {
  return {x.order,       x.product,     x.quantity, x.amount, x.card, order_style::orchestrated,
          x.deadline_ms, x.purchased_at};
}

struct order_stock_reserved {
  static constexpr std::string_view type_name = "OrderStockReserved";
};

struct order_payment_pending {
  static constexpr std::string_view type_name = "OrderPaymentPending";
};

struct order_paid {
  static constexpr std::string_view type_name = "OrderPaid";
};

struct order_payment_failed {
  static constexpr std::string_view type_name = "OrderPaymentFailed";
  std::string reason;
};

struct order_shipping {
  static constexpr std::string_view type_name = "OrderShipping";
};

struct order_shipped {
  static constexpr std::string_view type_name = "OrderShipped";
};

struct order_completed {
  static constexpr std::string_view type_name = "OrderCompleted";
  std::string order;
  std::string product;
  order_style style = order_style::orchestrated;
};

struct order_failing {
  static constexpr std::string_view type_name = "OrderFailing";
  std::string reason;
};

struct order_cancelled {
  static constexpr std::string_view type_name = "OrderCancelled";
  std::string order;
  std::string product;
  order_style style = order_style::orchestrated;
  std::string reason;
};

template <class Inspector>
bool inspect(Inspector& f, place_order& x) {
  return f.object(x).fields(f.field("product", x.product), f.field("quantity", x.quantity),
                            f.field("amount", x.amount), f.field("card", x.card),
                            f.field("style", x.style), f.field("deadline_ms", x.deadline_ms),
                            f.field("purchased_at", x.purchased_at));
}

template <class Inspector>
bool inspect(Inspector& f, record_stock_reserved& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_payment_pending& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_paid& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_payment_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, record_shipping& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_shipped& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, complete_order& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, fail_order& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, cancel_order& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, order_placed_v1& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("product", x.product),
                            f.field("quantity", x.quantity), f.field("amount", x.amount),
                            f.field("card", x.card), f.field("deadline_ms", x.deadline_ms),
                            f.field("purchased_at", x.purchased_at));
}

template <class Inspector>
bool inspect(Inspector& f, order_placed& x) {
  return f.object(x).fields(
      f.field("order", x.order), f.field("product", x.product), f.field("quantity", x.quantity),
      f.field("amount", x.amount), f.field("card", x.card), f.field("style", x.style),
      f.field("deadline_ms", x.deadline_ms), f.field("purchased_at", x.purchased_at));
}

template <class Inspector>
bool inspect(Inspector& f, order_stock_reserved& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, order_payment_pending& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, order_paid& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, order_payment_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, order_shipping& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, order_shipped& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, order_completed& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("product", x.product),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, order_failing& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, order_cancelled& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("product", x.product),
                            f.field("style", x.style), f.field("reason", x.reason));
}

} // namespace skald
