#pragma once

#include "actors/aggregate.hpp"
#include "apps/orders/payment_messages.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace skald {

enum class payment_status : std::uint8_t {
  unknown,    ///< never asked for
  pending,    ///< the gateway is asked
  authorised, ///< the card is charged
  voiding,    ///< the charge has failed; should it take effect after all, it is undone
  failed,     ///< nothing is charged, nor will be
  refunding,  ///< whatever is charged is given back
  refunded,   ///< nothing is charged any more, nor will be
};

inline constexpr std::array<std::string_view, 7> payment_status_names{
    "unknown", "pending", "authorised", "voiding", "failed", "refunding", "refunded"};

/// The payment of one order. The money moves at the payment gateway; this is what is known of it.
struct payment {
  static constexpr std::string_view type_name = "payment";
  using command = std::variant<check_fraud, authorise_payment, refund_payment, record_charged,
                               record_charge_failed, record_refund_failed, record_uncharged>;
  using event = std::variant<skald::fraud_cleared, fraud_suspected, payment_requested,
                             payment_authorised, payment_voiding, payment_failed, payment_refunding,
                             refund_failed, payment_refunded>;

  payment_status status = payment_status::unknown;
  std::string order;
  std::string card;
  minor_units amount;
  order_style style = order_style::orchestrated;
  bool fraud_cleared = false;
  std::string reason; ///< why it has failed
};

/// A card with this number is suspected of fraud.
inline constexpr std::string_view stolen_card = "stolen";

template <class Inspector>
bool inspect(Inspector& f, payment_status& x) {
  return inspect_by_name(f, x, payment_status_names);
}

template <class Inspector>
bool inspect(Inspector& f, payment& x) {
  return f.object(x).fields(f.field("status", x.status), f.field("order", x.order),
                            f.field("card", x.card), f.field("amount", x.amount),
                            f.field("style", x.style), f.field("fraud_cleared", x.fraud_cleared),
                            f.field("reason", x.reason));
}

decision<payment> decide(const payment& state, const check_fraud& command);
decision<payment> decide(const payment& state, const authorise_payment& command);
decision<payment> decide(const payment& state, const refund_payment& command);
decision<payment> decide(const payment& state, const record_charged& command);
decision<payment> decide(const payment& state, const record_charge_failed& command);
decision<payment> decide(const payment& state, const record_refund_failed& command);
decision<payment> decide(const payment& state, const record_uncharged& command);

void evolve(payment& state, const fraud_cleared& event);
void evolve(payment& state, const fraud_suspected& event);
void evolve(payment& state, const payment_requested& event);
void evolve(payment& state, const payment_authorised& event);
void evolve(payment& state, const payment_voiding& event);
void evolve(payment& state, const payment_failed& event);
void evolve(payment& state, const payment_refunding& event);
void evolve(payment& state, const refund_failed& event);
void evolve(payment& state, const payment_refunded& event);

std::string_view status_of(const payment& state);

} // namespace skald
