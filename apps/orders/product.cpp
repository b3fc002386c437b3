#include "apps/orders/product.hpp"

#include "messages/address.hpp"

namespace skald {

namespace {

// More than anybody has; sums of it fit.
constexpr std::int64_t quantity_max = 1'000'000'000'000;

std::int64_t total(const product& state) {
  return state.in_stock + state.reserved + state.sold;
}

rejection nothing_reserved(const std::string& order) {
  return {"nothing is reserved for the order '" + order + "'"};
}

} // namespace

decision<product> decide(const product& state, const add_stock& command) {
  if (command.quantity < 0)
    return rejection{"the quantity is negative"};
  if (command.quantity > quantity_max - total(state))
    return rejection{"a product has at most " + std::to_string(quantity_max) + " pieces"};
  return stock_added{command.quantity};
}

decision<product> decide(const product& state, const reserve_stock& command) {
  if (auto wrong = id_error(command.order))
    return rejection{"the order has no valid id: " + *wrong};
  if (command.quantity <= 0)
    return rejection{"the quantity must be positive"};
  if (state.reservations.contains(command.order))
    return rejection{"stock is reserved for the order '" + command.order + "' already"};
  if (!state.is_known)
    return stock_refused{command.order, command.quantity, "no such product", command.style};
  if (command.quantity > state.in_stock)
    return stock_refused{command.order, command.quantity, "not enough in stock", command.style};
  return stock_reserved{command.order, command.quantity, command.style};
}

decision<product> decide(const product& state, const sell_stock& command) {
  const auto found = state.reservations.find(command.order);
  if (found == state.reservations.end())
    return nothing_reserved(command.order);
  return stock_sold{command.order, found->second};
}

decision<product> decide(const product& state, const put_stock_back& command) {
  const auto found = state.reservations.find(command.order);
  if (found == state.reservations.end())
    return nothing_reserved(command.order);
  return stock_put_back{command.order, found->second};
}

void evolve(product& state, const stock_added& event) {
  state.is_known = true;
  state.in_stock += event.quantity;
}

void evolve(product& state, const stock_reserved& event) {
  state.in_stock -= event.quantity;
  state.reserved += event.quantity;
  state.reservations.emplace(event.order, event.quantity);
}

void evolve(product&, const stock_refused&) {}

void evolve(product& state, const stock_sold& event) {
  state.reserved -= event.quantity;
  state.sold += event.quantity;
  state.reservations.erase(event.order);
}

void evolve(product& state, const stock_put_back& event) {
  state.reserved -= event.quantity;
  state.in_stock += event.quantity;
  state.reservations.erase(event.order);
}

std::string_view status_of(const product& state) {
  if (!state.is_known)
    return "unknown";
  return state.in_stock > 0 ? "in stock" : "sold out";
}

} // namespace skald
