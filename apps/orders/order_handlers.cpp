#include "apps/orders/order_handlers.hpp"

#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"

#include <vector>

namespace skald {

namespace {

using reactions = std::vector<reaction>;

// What `respond` says to an event of a choreographed order; to any other, nothing.
template <class Respond>
auto if_choreographed(Respond respond) {
  return [respond](const auto& event) {
    return event.style == order_style::choreographed ? reactions{respond(event)} : reactions{};
  };
}

// The same for an order that goes by slip: nobody else tells it what has been done.
template <class Respond>
auto if_by_slip(Respond respond) {
  return [respond](const auto& event) {
    return event.style == order_style::slip ? reactions{respond(event)} : reactions{};
  };
}

template <class Command, class Event>
reaction report(const Event& event) {
  return plainly(to<order>(event.order, Command{}));
}

template <class Event>
reaction cancel_for(const Event& event) {
  return plainly(to<order>(event.order, cancel_order{event.reason}));
}

// The participant has nothing left to do but is held no longer.
template <class Participant>
dispatch release(const std::string& id) {
  return {{std::string{Participant::type_name}, id}, {}};
}

} // namespace

reactor stock_handler() {
  return reactor("stock handler")
      .on<order, order_placed>(if_choreographed([](const order_placed& event) {
        return as_step(
            "reserve stock",
            to<product>(event.product, reserve_stock{event.order, event.quantity, event.style}));
      }))
      .emits<product, reserve_stock>()
      .on<order, order_completed>(if_choreographed([](const order_completed& event) {
        return as_confirm("reserve stock", to<product>(event.product, sell_stock{event.order}));
      }))
      .emits<product, sell_stock>()
      .on<order, order_cancelled>(if_choreographed([](const order_cancelled& event) {
        return as_cancel("reserve stock", to<product>(event.product, put_stock_back{event.order}));
      }))
      .emits<product, put_stock_back>();
}

reactor payment_handler() {
  return reactor("payment handler")
      .on<order, order_placed>(if_choreographed([](const order_placed& event) {
        return as_step("authorise payment",
                       to<payment>(event.order, authorise_payment{event.order, event.card,
                                                                  event.amount, event.style}));
      }))
      .emits<payment, authorise_payment>()
      .on<order, order_completed>(if_choreographed([](const order_completed& event) {
        return as_confirm("authorise payment", release<payment>(event.order));
      }))
      .on<order, order_cancelled>(if_choreographed([](const order_cancelled& event) {
        return as_cancel("authorise payment",
                         to<payment>(event.order, refund_payment{event.order}));
      }))
      .emits<payment, refund_payment>();
}

reactor shipment_handler() {
  return reactor("shipment handler")
      .on<order, order_placed>(if_choreographed([](const order_placed& event) {
        return as_step("book shipment",
                       to<shipment>(event.order, book_shipment{event.order, event.style}));
      }))
      .emits<shipment, book_shipment>()
      .on<order, order_completed>(if_choreographed([](const order_completed& event) {
        return as_confirm("book shipment", release<shipment>(event.order));
      }))
      .on<order, order_cancelled>(if_choreographed([](const order_cancelled& event) {
        return as_cancel("book shipment", to<shipment>(event.order, cancel_shipment{event.order}));
      }))
      .emits<shipment, cancel_shipment>();
}

reactor order_handler() {
  return reactor("order handler")
      .on<product, stock_reserved>(if_choreographed(report<record_stock_reserved, stock_reserved>))
      .emits<order, record_stock_reserved>()
      .on<payment, payment_authorised>(if_choreographed(report<record_paid, payment_authorised>))
      .emits<order, record_paid>()
      .on<shipment, shipment_booked>(if_choreographed(report<record_shipped, shipment_booked>))
      .emits<order, record_shipped>()
      .on<product, stock_refused>(if_choreographed(cancel_for<stock_refused>))
      .emits<order, cancel_order>()
      .on<shipment, ship_rejected>(if_choreographed(cancel_for<ship_rejected>))
      .emits<order, cancel_order>();
}

reactor order_watcher() {
  return reactor("order watcher")
      .on<product, stock_reserved>(if_by_slip(report<record_stock_reserved, stock_reserved>))
      .emits<order, record_stock_reserved>()
      .on<payment, payment_authorised>(if_by_slip(report<record_paid, payment_authorised>))
      .emits<order, record_paid>()
      .on<payment, payment_requested>(
          [](const payment_requested& event) { return report<record_payment_pending>(event); })
      .emits<order, record_payment_pending>()
      .on<payment, payment_failed>([](const payment_failed& event) {
        return plainly(to<order>(event.order, record_payment_failed{event.reason}));
      })
      .emits<order, record_payment_failed>()
      .on<shipment, shipment_requested>(
          [](const shipment_requested& event) { return report<record_shipping>(event); })
      .emits<order, record_shipping>();
}

} // namespace skald
