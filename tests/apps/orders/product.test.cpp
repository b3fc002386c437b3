#include "apps/orders/product.hpp"

#include "actors/test_kit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace skald;

namespace {

constexpr auto orchestrated = order_style::orchestrated;

std::int64_t total(const product& x) {
  return x.in_stock + x.reserved + x.sold;
}

} // namespace

TEST_CASE("stock that is reserved for an order is not in stock for others") {
  const auto after = given<product>(stock_added{10})
                         .when(reserve_stock{"O-1", 4, orchestrated})
                         .then(stock_reserved{"O-1", 4, orchestrated});
  CHECK(after.state().in_stock == 6);
  CHECK(after.state().reserved == 4);
  CHECK(total(after.state()) == 10);
}

TEST_CASE("stock never goes below zero: what is not there is refused") {
  given<product>(stock_added{10}, stock_reserved{"O-1", 8, orchestrated})
      .when(reserve_stock{"O-2", 3, orchestrated})
      .then(stock_refused{"O-2", 3, "not enough in stock", orchestrated});
  given<product>()
      .when(reserve_stock{"O-1", 1, orchestrated})
      .then(stock_refused{"O-1", 1, "no such product", orchestrated});
}

TEST_CASE("reserved stock is sold, or put back, and the sum stays what it was") {
  const auto reserved = [] {
    return given<product>(stock_added{10}, stock_reserved{"O-1", 4, orchestrated});
  };
  const auto sold = reserved().when(sell_stock{"O-1"}).then(stock_sold{"O-1", 4});
  CHECK(sold.state().sold == 4);
  CHECK(sold.state().reserved == 0);
  CHECK(total(sold.state()) == 10);
  const auto back = reserved().when(put_stock_back{"O-1"}).then(stock_put_back{"O-1", 4});
  CHECK(back.state().in_stock == 10);
  CHECK(back.state().reserved == 0);
  CHECK(total(back.state()) == 10);
}

TEST_CASE("what is not reserved is neither sold nor put back") {
  given<product>(stock_added{10}).when(sell_stock{"O-1"}).then_rejected("nothing is reserved");
  given<product>(stock_added{10}).when(put_stock_back{"O-1"}).then_rejected("nothing is reserved");
}

TEST_CASE("stock is reserved once for an order, and in a positive quantity") {
  given<product>(stock_added{10}, stock_reserved{"O-1", 4, orchestrated})
      .when(reserve_stock{"O-1", 4, orchestrated})
      .then_rejected("already");
  given<product>(stock_added{10})
      .when(reserve_stock{"O-1", 0, orchestrated})
      .then_rejected("must be positive");
}

TEST_CASE("stock cannot be added in negative or absurd quantities") {
  given<product>().when(add_stock{-1}).then_rejected("negative");
  given<product>(stock_added{1'000'000'000'000}).when(add_stock{1}).then_rejected("at most");
}

TEST_CASE("a product shows whether there is any left") {
  CHECK(given<product>().erased().status() == "unknown");
  CHECK(given<product>(stock_added{1}).erased().status() == "in stock");
  CHECK(given<product>(stock_added{1}, stock_reserved{"O-1", 1, orchestrated}).erased().status() ==
        "sold out");
}
