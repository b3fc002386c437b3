#include "apps/orders/orders_invariant.hpp"

#include <optional>
#include <variant>

namespace skald {

namespace {

constexpr std::size_t violations_kept_max = 1'000;

// Calls `visit` with the event if it is of the type `E`. Returns whether it is; `wrong` says why it
// cannot be read.
template <class E, class Visitor>
bool visit_as(const event_view& x, std::optional<std::string>& wrong, Visitor& visit) {
  if (x.type != E::type_name)
    return false;
  E event;
  wrong = detail::decode_event(x.version, x.payload, event);
  if (!wrong)
    visit(event);
  return true;
}

template <class Visitor, class... Es>
std::optional<std::string> visit_event(const event_view& x, Visitor visit,
                                       std::type_identity<std::variant<Es...>>) {
  std::optional<std::string> wrong;
  if (!(visit_as<Es>(x, wrong, visit) || ...))
    wrong = "there is no such event";
  return wrong;
}

void add(minor_units& total, minor_units amount) {
  total = checked_add(total, amount).value();
}

void subtract(minor_units& total, minor_units amount) {
  total = checked_subtract(total, amount).value();
}

} // namespace

void orders_invariant::see(const record& x) {
  now_ = &x;
  if (x.stream.type == product::type_name)
    see_events<product>();
  else if (x.stream.type == order::type_name)
    see_events<order>();
  else if (x.stream.type == payment::type_name)
    see_events<payment>();
  else if (x.stream.type == shipment::type_name)
    see_events<shipment>();
  now_ = nullptr;
}

template <class A>
void orders_invariant::see_events() {
  const auto take = [this](const auto& event) {
    if constexpr (requires { this->apply(event); })
      apply(event);
  };
  for (const auto& each : now_->events)
    if (const auto wrong = visit_event(each, take, std::type_identity<typename A::event>{}))
      require(false, std::string{each.type} + " cannot be read: " + *wrong);
}

void orders_invariant::see_rest() {
  for (const auto& [id, its] : orders_)
    check_rest(id, its);
  for (const auto& [id, its] : products_)
    if (its.reserved != 0)
      report("product/" + id, std::to_string(its.reserved) + " pieces are still reserved");
}

void orders_invariant::check_rest(const std::string& id, const order_entry& x) {
  const auto where = "order/" + id;
  const auto paid = payments_.find(id);
  const auto is_paid = paid != payments_.end() && paid->second == x.amount;
  const auto is_unpaid = paid == payments_.end() || paid->second == minor_units{};
  if (x.status == order_status::completed) {
    if (x.sold != x.quantity)
      report(where, "it is completed, but its stock is not sold");
    if (!is_paid)
      report(where, "it is completed, but not paid");
    if (x.parcels == 0)
      report(where, "it is completed, but not shipped");
  } else if (x.status == order_status::cancelled) {
    if (x.sold != 0)
      report(where, "it is cancelled, but its stock is sold");
    if (!is_unpaid)
      report(where, "it is cancelled, but paid");
    if (x.parcels != 0)
      report(where, "it is cancelled, but shipped");
  } else {
    report(where, "it is neither completed nor cancelled");
  }
}

void orders_invariant::apply(const stock_added& event) {
  const auto [found, is_new] = products_.try_emplace(std::string{now_->stream.id});
  count_.products += is_new ? 1 : 0;
  found->second.added += event.quantity;
  found->second.in_stock += event.quantity;
  check_stock(found->second);
}

void orders_invariant::apply(const stock_reserved& event) {
  auto& here = products_[std::string{now_->stream.id}];
  here.in_stock -= event.quantity;
  here.reserved += event.quantity;
  check_stock(here);
  auto& its = orders_[event.order];
  require(its.reserved == 0 && its.sold == 0, "the order has its stock already");
  its.reserved = event.quantity;
}

void orders_invariant::apply(const stock_sold& event) {
  auto& here = products_[std::string{now_->stream.id}];
  here.reserved -= event.quantity;
  here.sold += event.quantity;
  check_stock(here);
  auto& its = orders_[event.order];
  require(its.reserved == event.quantity, "another quantity was reserved");
  require(its.status == order_status::completed, "the order is not completed");
  its.sold = event.quantity;
  its.reserved = 0;
}

void orders_invariant::apply(const stock_put_back& event) {
  auto& here = products_[std::string{now_->stream.id}];
  here.reserved -= event.quantity;
  here.in_stock += event.quantity;
  check_stock(here);
  auto& its = orders_[event.order];
  require(its.reserved == event.quantity, "another quantity was reserved");
  require(its.status != order_status::completed, "the order is completed");
  its.reserved = 0;
}

void orders_invariant::check_stock(const stock& x) {
  require(x.in_stock >= 0 && x.reserved >= 0 && x.sold >= 0, "stock is below zero");
  require(x.in_stock + x.reserved + x.sold == x.added, "stock was made or lost");
}

void orders_invariant::apply(const order_placed& event) {
  ++count_.orders;
  auto& its = orders_[event.order];
  require(its.quantity == 0, "the order was placed before");
  its.amount = event.amount;
  its.quantity = event.quantity;
}

void orders_invariant::apply(const order_completed& event) {
  auto& its = orders_[event.order];
  require(its.status == order_status::received, "the order has ended already");
  its.status = order_status::completed;
  ++count_.completed;
  add(count_.completed_amount, its.amount);
}

void orders_invariant::apply(const order_cancelled& event) {
  auto& its = orders_[event.order];
  require(its.status == order_status::received, "the order has ended already");
  its.status = order_status::cancelled;
  ++count_.cancelled;
  ++reasons_[event.reason];
}

void orders_invariant::apply(const payment_authorised& event) {
  auto& paid = payments_[event.order];
  require(paid == minor_units{}, "it is paid already");
  paid = event.amount;
  add(count_.paid, event.amount);
}

void orders_invariant::apply(const payment_refunded& event) {
  subtract(count_.paid, payments_[event.order]);
  payments_[event.order] = {};
}

void orders_invariant::apply(const shipment_booked& event) {
  auto& is_booked = parcels_[event.shipment];
  require(!is_booked, "the parcel is booked already");
  is_booked = true;
  ++orders_[event.order].parcels;
  ++count_.parcels;
}

void orders_invariant::apply(const shipment_cancelled& event) {
  auto& is_booked = parcels_[std::string{now_->stream.id}];
  if (!is_booked)
    return;
  is_booked = false;
  --orders_[event.order].parcels;
  --count_.parcels;
}

void orders_invariant::require(bool holds, std::string_view violation) {
  if (!holds)
    report("record " + std::to_string(now_->at) + ", " + to_string(now_->stream.to_address()),
           violation);
}

void orders_invariant::report(const std::string& where, std::string_view violation) {
  ++count_.violations;
  if (violations_.size() < violations_kept_max)
    violations_.push_back(where + ": " + std::string{violation});
}

} // namespace skald
