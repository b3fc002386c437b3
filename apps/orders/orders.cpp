#include "apps/orders/orders.hpp"

#include "actors/external.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/order_coordinator.hpp"
#include "apps/orders/order_handlers.hpp"
#include "apps/orders/order_manager.hpp"
#include "apps/orders/order_saga.hpp"
#include "apps/orders/order_slip.hpp"
#include "apps/orders/payment_saga.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment_saga.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace skald {

namespace {

call_result result_of(const gateway_answer& answer) {
  switch (answer.what) {
  case gateway_answer::kind::done:
    return call_succeeded();
  case gateway_answer::kind::failed_for_now:
    return call_failed_for_now(answer.reason);
  case gateway_answer::kind::refused:
    break;
  }
  return call_refused(answer.reason);
}

// Connects when it is called for the first time.
class gateway_on_demand {
public:
  explicit gateway_on_demand(std::function<gateway_settings()> where) : where_(std::move(where)) {}

  const gateway_client& get() {
    std::call_once(connected_, [this] { client_.emplace(where_()); });
    return *client_;
  }

private:
  std::function<gateway_settings()> where_;
  std::once_flag connected_;
  std::optional<gateway_client> client_;
};

external payment_gateway_participant(const orders_world& world) {
  external result{std::string{payment_gateway_name}, world.calls_max};
  if (!world.gateway) {
    result.on<charge_card>([](const charge_card&, const call_context&) { return no_answer(); });
    result.on<give_back>([](const give_back&, const call_context&) { return no_answer(); });
    return result;
  }
  const auto gateway = std::make_shared<gateway_on_demand>(world.gateway);
  result.on<charge_card>([gateway](const charge_card& command, const call_context& call) {
    return result_of(
        gateway->get().charge(to_string(call.id), command.payment, command.card, command.amount));
  });
  result.on<give_back>([gateway](const give_back& command, const call_context& call) {
    return result_of(gateway->get().refund(to_string(call.id), command.payment));
  });
  return result;
}

call_result result_of(carrier_answer answer) {
  switch (answer) {
  case carrier_answer::done:
    return call_succeeded();
  case carrier_answer::failed_for_now:
    return call_failed_for_now("the carrier fails for now");
  case carrier_answer::refused:
    return call_refused("the carrier does not take the parcel");
  case carrier_answer::silent:
    break;
  }
  return no_answer();
}

external carrier_participant(const orders_world& world) {
  external result{std::string{carrier_name}, world.calls_max};
  const auto parcels = world.parcels;
  result.on<take_parcel>([parcels](const take_parcel& command, const call_context&) {
    return result_of(parcels.take(command.shipment));
  });
  result.on<call_off_parcel>([parcels](const call_off_parcel& command, const call_context&) {
    return result_of(parcels.call_off(command.shipment));
  });
  return result;
}

} // namespace

void host_orders(registry& types, const orders_world& world) {
  types.host<product>()
      .host<payment>(charge_saga(world.retry), refund_saga())
      .host<shipment>(booking_saga(world.retry, world.carrier_patience), call_off_saga())
      .host<order>(order_saga(), order_coordinator(), order_manager(), order_slip())
      .host(stock_handler())
      .host(payment_handler())
      .host(shipment_handler())
      .host(order_handler())
      .host(order_watcher())
      .host(payment_gateway_participant(world))
      .host(carrier_participant(world));
}

} // namespace skald
