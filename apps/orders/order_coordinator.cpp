#include "apps/orders/order_coordinator.hpp"

#include "apps/orders/order_steps.hpp"

namespace skald {

saga<order> order_coordinator() {
  return saga<order>("order coordinator")
      .starts_on<order_placed>()
      .when([](const order& x) { return x.style == order_style::choreographed; })
      .completes_on<order_completed>()
      .compensated_on<order_cancelled>()
      .deadline(deadline_of)
      .on_failure(cancel_order_because)
      .failure_reason(reason_of);
}

} // namespace skald
