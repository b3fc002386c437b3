#include "apps/orders/orders_invariant.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>

using namespace skald;

namespace {

constexpr auto style = order_style::orchestrated;

/// A journal of orders in the making, and the books that see it.
class story {
public:
  template <class A, event_of<A> E>
  story& on(const std::string& id, const E& event) {
    const address stream{std::string{A::type_name}, id};
    const auto payload = encode(event);
    record x;
    x.at = ++at_;
    x.stream = stream;
    x.events = {{E::type_name, schema_version_of<E>(), payload}};
    books_.see(x);
    return *this;
  }

  story& ordered() {
    on<product>("P", stock_added{10});
    on<order>("O", order_placed{"O", "P", 2, {500}, "4242", style, 5'000, ""});
    return on<product>("P", stock_reserved{"O", 2, style});
  }

  story& paid_and_booked() {
    on<payment>("O", payment_authorised{"O", {500}, style});
    return on<shipment>("O", shipment_booked{"O", "O", style});
  }

  story& completed() { return on<order>("O", order_completed{"O", "P", style}); }
  story& cancelled() { return on<order>("O", order_cancelled{"O", "P", style, "why"}); }
  story& sold() { return on<product>("P", stock_sold{"O", 2}); }
  story& put_back() { return on<product>("P", stock_put_back{"O", 2}); }

  bool finds(const std::string& violation) {
    books_.see_rest();
    for (const auto& each : books_.violations())
      if (each.find(violation) != std::string::npos)
        return true;
    return false;
  }

  bool is_sound() {
    books_.see_rest();
    INFO((books_.violations().empty() ? "" : books_.violations().front()));
    CHECK(books_.violations().empty());
    return books_.violations().empty();
  }

  const orders_invariant& books() const { return books_; }

private:
  orders_invariant books_;
  position at_ = 0;
};

} // namespace

TEST_CASE("the books of a completed order balance") {
  story told;
  told.ordered().paid_and_booked().completed().sold();
  CHECK(told.is_sound());
  const auto count = told.books().count();
  CHECK(count.orders == 1);
  CHECK(count.completed == 1);
  CHECK(count.products == 1);
  CHECK(count.parcels == 1);
  CHECK(count.paid == minor_units{500});
  CHECK(count.completed_amount == minor_units{500});
}

TEST_CASE("the books of a compensated order balance, and know its reason") {
  story told;
  told.ordered().paid_and_booked();
  told.on<shipment>("O", shipment_cancelled{"O"});
  told.on<payment>("O", payment_refunded{"O", {500}});
  told.put_back().cancelled();
  CHECK(told.is_sound());
  CHECK(told.books().count().parcels == 0);
  CHECK(told.books().count().paid == minor_units{});
  CHECK(told.books().reasons() == std::map<std::string, std::uint64_t>{{"why", 1}});
}

TEST_CASE("an order that completes without one of its parts is found") {
  CHECK(story{}.ordered().paid_and_booked().completed().finds("its stock is not sold"));
  CHECK(story{}.ordered().completed().sold().finds("but not paid"));
  CHECK(story{}.ordered().completed().sold().finds("but not shipped"));
}

TEST_CASE("an order that is cancelled but keeps one of its parts is found") {
  CHECK(story{}.ordered().cancelled().finds("pieces are still reserved"));
  CHECK(story{}.ordered().paid_and_booked().put_back().cancelled().finds("but paid"));
  CHECK(story{}.ordered().paid_and_booked().put_back().cancelled().finds("but shipped"));
}

TEST_CASE("an order that does not end, or ends twice, is found") {
  CHECK(story{}.ordered().finds("neither completed nor cancelled"));
  CHECK(story{}.ordered().completed().cancelled().finds("has ended already"));
}

TEST_CASE("stock that is made, lost, taken twice or given away early is found") {
  CHECK(story{}.on<product>("P", stock_reserved{"O", 2, style}).finds("below zero"));
  CHECK(story{}.ordered().on<product>("P", stock_reserved{"O", 2, style}).finds("already"));
  CHECK(story{}.ordered().sold().finds("the order is not completed"));
  CHECK(story{}.ordered().completed().put_back().finds("the order is completed"));
  CHECK(story{}.ordered().on<product>("P", stock_put_back{"O", 1}).finds("another quantity"));
}

TEST_CASE("a payment or a parcel that is taken twice is found") {
  CHECK(story{}.ordered().paid_and_booked().paid_and_booked().finds("paid already"));
  CHECK(story{}.ordered().paid_and_booked().paid_and_booked().finds("booked already"));
}
