#include "apps/orders/order_slip.hpp"

#include "apps/orders/order_steps.hpp"

namespace skald {

saga<order> order_slip() {
  return saga<order>("pass order on")
      .starts_on<order_placed>()
      .when([](const order& x) { return x.style == order_style::slip; })
      .as_routing_slip()
      .step("reserve stock")
      .send(reserve_stock_of)
      .compensate(put_stock_back_of)
      .confirm(sell_stock_of)
      .step("authorise payment")
      .send(authorise_payment_of)
      .compensate(refund_payment_of)
      .retry_compensation(few_times)
      .step("book shipment")
      .send(book_shipment_of)
      .compensate(cancel_shipment_of)
      .deadline(deadline_of)
      .on_failure(fail_order_of)
      .on_completed(complete_order_of)
      .on_compensated(cancel_order_of)
      .failure_reason(reason_of);
}

} // namespace skald
