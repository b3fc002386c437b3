#pragma once

#include "actors/saga.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"

#include <chrono>
#include <string_view>

namespace skald {

// What the sagas of an order say to its participants and to the order itself.

typed_dispatch<product, reserve_stock> reserve_stock_of(const order& state);
put_stock_back put_stock_back_of(const order& state);
sell_stock sell_stock_of(const order& state);

typed_dispatch<payment, check_fraud> check_fraud_of(const order& state);
typed_dispatch<payment, authorise_payment> authorise_payment_of(const order& state);
refund_payment refund_payment_of(const order& state);

typed_dispatch<shipment, book_shipment> book_shipment_of(const order& state);
typed_dispatch<shipment, book_shipment> book_part_of(const order& state, std::string_view part);
cancel_shipment cancel_shipment_of(const order& state);

record_stock_reserved record_stock_reserved_of(const order& state);
record_paid record_paid_of(const order& state);
complete_order complete_order_of(const order& state);
fail_order fail_order_of(const order& state, std::string_view reason);
cancel_order cancel_order_of(const order& state);
cancel_order cancel_order_because(const order& state, std::string_view reason);

/// A refund that the gateway refuses for good is asked for a few times more; then a person has to
/// see to it.
inline constexpr retry_policy few_times{
    .retries = 3, .delay = std::chrono::milliseconds{100}, .factor = 2};

duration deadline_of(const order& state);
std::string reason_of(const order& state);

} // namespace skald
