#pragma once

#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/product.hpp"
#include "apps/orders/shipment.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace skald {

/// Checks a journal of orders by bookkeeping of its own: stock is neither made nor lost nor below
/// zero, and what the participants hold for an order fits how it has ended.
class orders_invariant {
public:
  struct counts {
    std::uint64_t orders = 0; ///< placed
    std::uint64_t completed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t products = 0;
    std::uint64_t parcels = 0; ///< booked and not called off
    minor_units paid;          ///< authorised and not given back
    minor_units completed_amount;
    std::uint64_t violations = 0;
  };

  /// Takes the next record of the journal. Every record has to be seen, in order, from the first.
  void see(const record& x);

  /// Finds fault with what should be settled when nothing is under way any more.
  void see_rest();

  /// What is wrong, in words: the first thousand findings.
  const std::vector<std::string>& violations() const { return violations_; }

  counts count() const { return count_; }

  /// By order: what is authorised and not given back.
  const std::map<std::string, minor_units>& payments() const { return payments_; }

  /// Why orders were cancelled, and how many for each reason.
  const std::map<std::string, std::uint64_t>& reasons() const { return reasons_; }

private:
  struct stock {
    std::int64_t added = 0;
    std::int64_t in_stock = 0;
    std::int64_t reserved = 0;
    std::int64_t sold = 0;
  };

  struct order_entry {
    minor_units amount;
    std::int64_t quantity = 0;
    order_status status = order_status::received;
    std::int64_t reserved = 0;
    std::int64_t sold = 0;
    std::uint32_t parcels = 0;
  };

  // Events of products.
  void apply(const stock_added& event);
  void apply(const stock_reserved& event);
  void apply(const stock_sold& event);
  void apply(const stock_put_back& event);

  // Events of orders.
  void apply(const order_placed& event);
  void apply(const order_completed& event);
  void apply(const order_cancelled& event);

  // Events of payments and shipments.
  void apply(const payment_authorised& event);
  void apply(const payment_refunded& event);
  void apply(const shipment_booked& event);
  void apply(const shipment_cancelled& event);

  template <class A>
  void see_events();
  void check_stock(const stock& x);
  void check_rest(const std::string& id, const order_entry& x);
  void require(bool holds, std::string_view violation);
  void report(const std::string& where, std::string_view violation);

  std::map<std::string, stock> products_;
  std::unordered_map<std::string, order_entry> orders_;
  std::map<std::string, minor_units> payments_;
  std::unordered_map<std::string, bool> parcels_; ///< by shipment: booked
  std::map<std::string, std::uint64_t> reasons_;
  counts count_;
  std::vector<std::string> violations_;

  // What is being seen.
  const record* now_ = nullptr;
};

} // namespace skald
