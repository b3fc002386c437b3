#pragma once

#include "apps/bank/money.hpp"
#include "apps/orders/order_style.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skald {

// Commands. A payment has the id of its order.

struct check_fraud {
  static constexpr std::string_view type_name = "CheckFraud";
  static constexpr bool is_internal = true;
  std::string order;
  std::string card;
  minor_units amount;
};

struct authorise_payment {
  static constexpr std::string_view type_name = "AuthorisePayment";
  static constexpr bool is_internal = true;
  std::string order;
  std::string card;
  minor_units amount;
  order_style style = order_style::orchestrated;
};

/// Nothing is to be charged, or to stay charged, whatever has happened so far.
struct refund_payment {
  static constexpr std::string_view type_name = "RefundPayment";
  static constexpr bool is_internal = true;
  std::string order;
};

struct record_charged {
  static constexpr std::string_view type_name = "RecordCharged";
  static constexpr bool is_internal = true;
};

struct record_charge_failed {
  static constexpr std::string_view type_name = "RecordChargeFailed";
  static constexpr bool is_internal = true;
  std::string reason;
};

struct record_refund_failed {
  static constexpr std::string_view type_name = "RecordRefundFailed";
  static constexpr bool is_internal = true;
  std::string reason;
};

/// The gateway has nothing of the payment, and will refuse to charge it from now on.
struct record_uncharged {
  static constexpr std::string_view type_name = "RecordUncharged";
  static constexpr bool is_internal = true;
};

// Events.

struct fraud_cleared {
  static constexpr std::string_view type_name = "FraudCleared";
  std::string order;
  minor_units amount;
};

struct fraud_suspected {
  static constexpr std::string_view type_name = "FraudSuspected";
  static constexpr bool is_failure = true;
  std::string order;
  minor_units amount;
  std::string reason;
};

/// The gateway is asked; how that ended a later event tells.
/// Before orders had styles.
struct payment_requested_v1 {
  std::string order;
  std::string card;
  minor_units amount;
};

struct payment_requested {
  static constexpr std::string_view type_name = "PaymentRequested";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = payment_requested_v1;
  static constexpr bool is_pending = true;
  std::string order;
  std::string card;
  minor_units amount;
  order_style style = order_style::orchestrated;
};

inline payment_requested upcast(const payment_requested_v1& x) {
  return {x.order, x.card, x.amount, order_style::orchestrated};
}

struct payment_authorised {
  static constexpr std::string_view type_name = "PaymentAuthorised";
  std::string order;
  minor_units amount;
  order_style style = order_style::orchestrated;
};

/// The charge has failed as far as one can see. Should it take effect after all, it is undone.
struct payment_voiding {
  static constexpr std::string_view type_name = "PaymentVoiding";
  static constexpr bool is_pending = true;
  std::string order;
  std::string reason;
};

struct payment_failed {
  static constexpr std::string_view type_name = "PaymentFailed";
  static constexpr bool is_failure = true;
  std::string order;
  minor_units amount;
  std::string reason;
  order_style style = order_style::orchestrated;
};

struct payment_refunding {
  static constexpr std::string_view type_name = "PaymentRefunding";
  static constexpr bool is_pending = true;
  std::string order;
  minor_units amount;
};

/// The gateway refuses to give it back: it stays charged.
struct refund_failed {
  static constexpr std::string_view type_name = "RefundFailed";
  static constexpr bool is_failure = true;
  std::string order;
  std::string reason;
};

struct payment_refunded {
  static constexpr std::string_view type_name = "PaymentRefunded";
  std::string order;
  minor_units amount;
};

template <class Inspector>
bool inspect(Inspector& f, check_fraud& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("card", x.card),
                            f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, authorise_payment& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("card", x.card),
                            f.field("amount", x.amount), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, refund_payment& x) {
  return f.object(x).fields(f.field("order", x.order));
}

template <class Inspector>
bool inspect(Inspector& f, record_charged& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, record_charge_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, record_refund_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, record_uncharged& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, fraud_cleared& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, fraud_suspected& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount),
                            f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, payment_requested_v1& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("card", x.card),
                            f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, payment_requested& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("card", x.card),
                            f.field("amount", x.amount), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, payment_authorised& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount),
                            f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, payment_voiding& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, payment_failed& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount),
                            f.field("reason", x.reason), f.field("style", x.style));
}

template <class Inspector>
bool inspect(Inspector& f, payment_refunding& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount));
}

template <class Inspector>
bool inspect(Inspector& f, refund_failed& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, payment_refunded& x) {
  return f.object(x).fields(f.field("order", x.order), f.field("amount", x.amount));
}

} // namespace skald
