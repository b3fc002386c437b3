#include "apps/orders/order_manager.hpp"

#include "apps/orders/order_steps.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace skald {

namespace {

using step_names = std::vector<std::string>;

step_names steps_of(const order& x, const saga_view& so_far) {
  const auto all_done = [&](const step_names& names) {
    return std::ranges::all_of(names, [&](const auto& each) { return so_far.succeeded(each); });
  };
  step_names steps{"reserve stock"};
  if (x.amount > fraud_limit)
    steps.emplace_back("check fraud");
  if (!all_done(steps))
    return steps;
  steps.emplace_back("authorise payment");
  if (!all_done(steps))
    return steps;
  steps.emplace_back("book shipment#1");
  if (x.quantity > parcel_quantity_max)
    steps.emplace_back("book shipment#2");
  return steps;
}

} // namespace

saga<order> order_manager() {
  return saga<order>("manage order")
      .starts_on<order_placed>()
      .when([](const order& x) { return x.style == order_style::managed; })
      .choose(steps_of)
      .step("reserve stock")
      .send(reserve_stock_of)
      .on_success(record_stock_reserved_of)
      .compensate(put_stock_back_of)
      .confirm(sell_stock_of)
      .step("check fraud")
      .send(check_fraud_of)
      .step("authorise payment")
      .send(authorise_payment_of)
      .on_success(record_paid_of)
      .compensate(refund_payment_of)
      .retry_compensation(few_times)
      .step("book shipment")
      .send(book_part_of)
      .compensate(cancel_shipment_of)
      .deadline(deadline_of)
      .on_failure(fail_order_of)
      .on_completed(complete_order_of)
      .on_compensated(cancel_order_of)
      .failure_reason(reason_of);
}

} // namespace skald
