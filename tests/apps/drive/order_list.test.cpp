#include "apps/skald/order_list.hpp"

#include "apps/skald/global_options.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sstream>
#include <string>
#include <vector>

using namespace skald;

namespace {

using fate = listed_order::fate;

const std::string header =
    "\"order_id\",\"customer\",\"order_status\",\"order_purchase_timestamp\"\r\n";

std::vector<listed_order> orders_in(const std::string& text, const std::string& mapping = "") {
  std::istringstream in{text};
  order_list list{in, "orders.csv", order_list_columns_of(mapping)};
  std::vector<listed_order> result;
  while (auto next = list.next())
    result.push_back(*next);
  return result;
}

template <class Read>
std::string error_of(Read read) {
  try {
    read();
  } catch (const user_error& error) {
    return error.what();
  }
  return "";
}

std::string list_error(const std::string& text) {
  return error_of([&] { orders_in(text); });
}

} // namespace

TEST_CASE("the status of a listed order says how it ends") {
  const auto orders = orders_in(header + "\"a1\",\"x, y\",\"delivered\",\"2017-10-02 10:56:33\"\r\n"
                                         "a2,x,canceled,2017-10-03\n"
                                         "a3,x,unavailable,\n"
                                         "a4,x,processing,\n");
  REQUIRE(orders.size() == 4);
  CHECK(orders[0].id == "a1");
  CHECK(orders[0].purchased_at == "2017-10-02 10:56:33");
  CHECK(orders[0].ends == fate::succeeds);
  CHECK(orders[1].ends == fate::is_not_paid);
  CHECK(orders[2].ends == fate::lacks_stock);
  CHECK(orders[3].ends == fate::succeeds);
}

TEST_CASE("the columns of an order list can be named") {
  const auto orders =
      orders_in("state,number,at\ncanceled,7,now\n", "id=number,status=state,time=at");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].id == "7");
  CHECK(orders[0].ends == fate::is_not_paid);
  CHECK(orders[0].purchased_at == "now");
}

TEST_CASE("a mapping of columns that makes no sense is refused") {
  CHECK(error_of([] { order_list_columns_of("id"); }) ==
        "'id' does not map anything; write such as id=order_id");
  CHECK(error_of([] { order_list_columns_of("name=order_id"); }) ==
        "an order has no 'name' to map; there are id, status and time");
}

TEST_CASE("a column that the header of an order list lacks is named") {
  CHECK(list_error("order_id,state\n") ==
        "orders.csv, line 1, column 1: the header has no column 'order_status'; it is "
        "order_id,state");
  CHECK(list_error("").find("orders.csv is empty") == 0);
}

TEST_CASE("what is wrong in a line of an order list is named by line and column") {
  CHECK(list_error(header + "a1,x,delivered\n") ==
        "orders.csv, line 2, column 15: the line has 3 fields instead of 4");
  CHECK(list_error(header + "a1,x,delivered,t\na1,x,delivered,t\n") ==
        "orders.csv, line 3, column 1: order_id: the order 'a1' is in the list twice");
  CHECK(list_error(header + ",x,delivered,t\n").find("line 2, column 1: order_id: ''") !=
        std::string::npos);
  CHECK(list_error(header + "a1,x,,t\n") ==
        "orders.csv, line 2, column 6: order_status: the order has no status");
  CHECK(list_error(header + "a1,\"x,delivered,t\n") ==
        "orders.csv, line 2, column 4: the quote is not closed on its line");
}
