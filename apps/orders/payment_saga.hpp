#pragma once

#include "actors/retry_policy.hpp"
#include "actors/saga.hpp"
#include "apps/orders/payment.hpp"

#include <string>
#include <string_view>

namespace skald {

/// The name of the external participant that moves the money.
inline constexpr std::string_view payment_gateway_name = "payment gateway";

// What it is asked.

struct charge_card {
  static constexpr std::string_view type_name = "ChargeCard";
  std::string payment;
  std::string card;
  minor_units amount;
};

struct give_back {
  static constexpr std::string_view type_name = "GiveBack";
  std::string payment;
};

template <class Inspector>
bool inspect(Inspector& f, charge_card& x) {
  return f.object(x).fields(f.field("payment", x.payment), f.field("card", x.card),
                            f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, give_back& x) {
  return f.object(x).fields(f.field("payment", x.payment));
}

/// Charges the card. When that fails, or a refund is asked for meanwhile, the gateway gives back
/// what it may have charged and refuses a charge that comes later.
saga<payment> charge_saga(const retry_policy& policy);

/// Gives back what was charged.
saga<payment> refund_saga();

} // namespace skald
