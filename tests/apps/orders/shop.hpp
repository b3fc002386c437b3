#pragma once

#include "actors/runtime.hpp"
#include "apps/gateway/payment_gateway.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/orders.hpp"
#include "apps/orders/orders_invariant.hpp"
#include "apps/orders/product.hpp"
#include "persistence/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace skald {

/// A shop with ten pieces of the product P, a payment gateway of its own and a carrier, on a
/// journal in memory.
class shop {
public:
  static constexpr std::int64_t stock = 10;

  explicit shop(carrier parcels = reliable_carrier(),
                duration carrier_patience = std::chrono::seconds{30},
                duration gateway_patience = std::chrono::seconds{30}) {
    using namespace std::chrono_literals;
    static const bool types_are_known = (init_actor_types(), true);
    static_cast<void>(types_are_known);
    configuration_.set("caf.scheduler.max-threads", 2);
    system_ = std::make_unique<caf::actor_system>(configuration_);
    orders_world world;
    const gateway_settings where{"http://127.0.0.1:" + std::to_string(gateway.port()),
                                 gateway_patience};
    world.gateway = [where] { return where; };
    world.parcels = std::move(parcels);
    world.carrier_patience = carrier_patience;
    world.retry = {.retries = 3, .delay = 10ms};
    client_ = std::make_unique<gateway_client>(where);
    registry types;
    host_orders(types, world);
    runtime_ =
        std::make_unique<runtime>(*system_, std::move(types), std::make_unique<memory_journal>());
    REQUIRE(runtime_->ask(command_to<product>("P", add_stock{stock})).get()->accepted);
  }

  /// The outcome of the order O for two pieces at 5.00, changed by `change`.
  outcome_ptr order_ends(order_style style, const std::function<void(place_order&)>& change = {}) {
    place_order what{"P", 2, {500}, "4242", style, 60'000, std::nullopt};
    if (change)
      change(what);
    auto command = command_to<order>("O", what);
    command.until_saga_ends = true;
    auto result = runtime_->ask(std::move(command)).get();
    come_to_rest();
    return result;
  }

  runtime& get() { return *runtime_; }

  gateway_totals gateway_totals_now() const { return client_->totals(); }

  std::string status(const std::string& type, const std::string& id) {
    return runtime_->show({type, id}).get().status;
  }

  /// Everything has ended, adds up, and is held no longer.
  void check_sound() {
    orders_invariant books;
    std::set<address> streams;
    record current;
    runtime_->log().view()->scan(1, [&](position at, byte_span bytes) {
      REQUIRE_FALSE(decode_record(bytes, at, current));
      books.see(current);
      streams.insert(current.stream.to_address());
      return true;
    });
    books.see_rest();
    CHECK(books.violations() == std::vector<std::string>{});
    CHECK(gateway_totals_now().charged.count - gateway_totals_now().refunded.count ==
          books.count().completed_amount.count);
    for (const auto& each : streams) {
      INFO(to_string(each));
      CHECK(runtime_->show(each).get().in_saga == std::vector<std::string>{});
    }
  }

  /// Until every saga has ended or waits for a person.
  void come_to_rest() {
    using namespace std::chrono_literals;
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      if (runtime_->wait_until_idle(1s) && !waits_for_time())
        return;
      std::this_thread::yield();
    }
    FAIL("the shop does not come to rest");
  }

  payment_gateway gateway{0, {}};

private:
  bool waits_for_time() const {
    bool result = false;
    runtime_->log().open_sagas([&](const address&, const stream_head& head) {
      result = result || head.next_due != no_time;
    });
    return result;
  }

  caf::actor_system_config configuration_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<gateway_client> client_;
  std::unique_ptr<runtime> runtime_;
};

} // namespace skald
