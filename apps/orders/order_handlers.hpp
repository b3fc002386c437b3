#pragma once

#include "actors/reactor.hpp"

namespace skald {

// The handlers that carry a choreographed order. Events of orders of another style they pass over.

/// Has the stock reserved as soon as the order is placed; sold or put back when it ends.
reactor stock_handler();

/// Has the payment authorised as soon as the order is placed, and refunded when it is cancelled.
reactor payment_handler();

/// Has the shipment booked as soon as the order is placed, and called off when it is cancelled.
reactor shipment_handler();

/// Tells the order what has become of stock, payment and shipment.
reactor order_handler();

/// Tells an order of any style what its participants are busy with, for those who look at it, and
/// one that goes by slip also what they have done.
reactor order_watcher();

} // namespace skald
