#pragma once

#include "actors/aggregate.hpp"
#include "apps/orders/order_messages.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

enum class order_status : std::uint8_t {
  unknown, ///< never placed
  received,
  stock_reserved,
  payment_pending, ///< the gateway is asked
  paid,
  shipping,   ///< paid, and the carrier is asked
  cancelling, ///< something has failed: what was done is being undone
  completed,
  cancelled,
};

inline constexpr std::array<std::string_view, 9> order_status_names{
    "unknown",  "received",   "stock reserved", "payment pending", "paid",
    "shipping", "cancelling", "completed",      "cancelled"};

/// An order for some pieces of one product. Its id is the correlation id of everything that is done
/// for it.
struct order {
  static constexpr std::string_view type_name = "order";
  using command = std::variant<place_order, record_stock_reserved, record_payment_pending,
                               record_paid, record_payment_failed, record_shipping, record_shipped,
                               complete_order, fail_order, cancel_order>;
  using event = std::variant<order_placed, order_stock_reserved, order_payment_pending, order_paid,
                             order_payment_failed, order_shipping, order_shipped, order_completed,
                             order_failing, order_cancelled>;

  std::string id;
  order_status status = order_status::unknown;
  std::string product;
  std::int64_t quantity = 0;
  minor_units amount;
  std::string card;
  order_style style = order_style::orchestrated;
  std::int64_t deadline_ms = 0;
  std::string purchased_at; ///< as the shop says it; may be empty
  bool stock_reserved = false;
  bool payment_pending = false;
  bool paid = false;
  bool payment_failed = false;
  bool shipping = false;
  bool shipped = false;
  std::string reason; ///< why it is cancelled
};

template <class Inspector>
bool inspect(Inspector& f, order_status& x) {
  return inspect_by_name(f, x, order_status_names);
}

template <class Inspector>
bool inspect(Inspector& f, order& x) {
  return f.object(x).fields(
      f.field("id", x.id), f.field("status", x.status), f.field("product", x.product),
      f.field("quantity", x.quantity), f.field("amount", x.amount), f.field("card", x.card),
      f.field("style", x.style), f.field("deadline_ms", x.deadline_ms),
      f.field("purchased_at", x.purchased_at), f.field("stock_reserved", x.stock_reserved),
      f.field("payment_pending", x.payment_pending), f.field("paid", x.paid),
      f.field("payment_failed", x.payment_failed), f.field("shipping", x.shipping),
      f.field("shipped", x.shipped), f.field("reason", x.reason));
}

decision<order> decide(const order& state, const place_order& command,
                       const decision_context& context);
decision<order> decide(const order& state, const record_stock_reserved& command);
decision<order> decide(const order& state, const record_payment_pending& command);
decision<order> decide(const order& state, const record_paid& command);
decision<order> decide(const order& state, const record_payment_failed& command);
decision<order> decide(const order& state, const record_shipping& command);
decision<order> decide(const order& state, const record_shipped& command);
decision<order> decide(const order& state, const complete_order& command);
decision<order> decide(const order& state, const fail_order& command);
decision<order> decide(const order& state, const cancel_order& command);

void evolve(order& state, const order_placed& event);
void evolve(order& state, const order_stock_reserved& event);
void evolve(order& state, const order_payment_pending& event);
void evolve(order& state, const order_paid& event);
void evolve(order& state, const order_payment_failed& event);
void evolve(order& state, const order_shipping& event);
void evolve(order& state, const order_shipped& event);
void evolve(order& state, const order_completed& event);
void evolve(order& state, const order_failing& event);
void evolve(order& state, const order_cancelled& event);

std::string_view status_of(const order& state);

/// An order that could not be paid is deleted.
bool is_deleted(const order& state);

} // namespace skald
