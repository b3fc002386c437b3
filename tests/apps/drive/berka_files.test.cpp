#include "apps/skald/berka_files.hpp"

#include "apps/skald/global_options.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <sstream>
#include <string>

using namespace skald;

namespace {

const std::string account_header = "\"account_id\";\"district_id\";\"frequency\";\"date\"\r\n";
const std::string order_header =
    "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\"k_symbol\"\r\n";

std::vector<std::string> accounts_in(const std::string& text) {
  std::istringstream in{text};
  return read_berka_accounts(in, "account.asc");
}

std::vector<berka_order> orders_in(const std::string& text) {
  std::istringstream in{text};
  return read_berka_orders(in, "order.asc");
}

template <class Read>
std::string error_of(Read read) {
  try {
    read();
  } catch (const user_error& error) {
    return error.what();
  }
  return "no error";
}

std::string account_error(const std::string& lines) {
  return error_of([&] { accounts_in(account_header + lines); });
}

std::string order_error(const std::string& lines) {
  return error_of([&] { orders_in(order_header + lines); });
}

} // namespace

TEST_CASE("accounts are read in the order of the file") {
  const auto accounts = accounts_in(account_header + "576;55;\"POPLATEK MESICNE\";930101\r\n"
                                                     "3;74;\"POPLATEK PO OBRATU\";930101\r\n");
  CHECK(accounts == std::vector<std::string>{"576", "3"});
}

TEST_CASE("an order is read with its exact amount and the receiver as BANK:NUMBER") {
  const auto orders = orders_in(order_header + "29401;1;\"YZ\";\"87144583\";2452.00;\"SIPO\"\r\n"
                                               "29402;2;\"ST\";\"89597016\";0.07;\" \"\r\n");
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].id == 29'401);
  CHECK(orders[0].payer == "1");
  CHECK(orders[0].receiver == "YZ:87144583");
  CHECK(orders[0].amount == minor_units{245'200});
  CHECK(orders[1].amount == minor_units{7});
}

TEST_CASE("a bank file may have LF line ends, unquoted text and no end of its last line") {
  const auto orders = orders_in("order_id;account_id;bank_to;account_to;amount;k_symbol\n"
                                "1;2;AB;3;4.50;\"a \"\"b\"\";c\"");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].receiver == "AB:3");
  CHECK(orders[0].amount == minor_units{450});
}

TEST_CASE("a file that is not the expected table is refused by its header") {
  CHECK(error_of([] { accounts_in(""); }) ==
        "account.asc is empty; it has to begin with the line "
        "\"account_id\";\"district_id\";\"frequency\";\"date\"");
  CHECK(error_of([] { accounts_in(order_header); }) ==
        "account.asc, line 1, column 1: this is not the header of such a file, which is "
        "\"account_id\";\"district_id\";\"frequency\";\"date\"");
}

TEST_CASE("an error in a bank file names line, column and field") {
  CHECK(account_error("1;2;\"x\";3\r\nA;2;\"x\";3\r\n") ==
        "account.asc, line 3, column 1: account_id: 'A' is not a whole number of at most 64 bits");
  CHECK(account_error("18446744073709551616;2;\"x\";3\r\n") ==
        "account.asc, line 2, column 1: account_id: '18446744073709551616' is not a whole number "
        "of at most 64 bits");
  CHECK(account_error("1;2;3\r\n") ==
        "account.asc, line 2, column 6: the line has 3 fields instead of 4");
  CHECK(account_error("\r\n") ==
        "account.asc, line 2, column 1: the line has 1 fields instead of 4");
  CHECK(order_error("1;2;\"YZ\";\"3\";12,50;\"\"\r\n") ==
        "order.asc, line 2, column 14: amount: '12,50' is not an amount; write digits with at most "
        "two decimals behind a point, as 2452.00");
  CHECK(order_error("1;2;\"YZ\";\"3\";1.005;\"\"\r\n").find("'1.005' is not an amount") !=
        std::string::npos);
  CHECK(order_error("1;2;\"YZ\";\"3\";0.00;\"\"\r\n") ==
        "order.asc, line 2, column 14: amount: an order pays more than nothing, not 0.00");
  CHECK(order_error("1;2;\"YZ\";\"3\";-5;\"\"\r\n").find("not -5") != std::string::npos);
  CHECK(order_error("1;2;\"\";\"3\";5;\"\"\r\n") ==
        "order.asc, line 2, column 5: bank_to: '' cannot be a part of BANK:NUMBER");
  CHECK(order_error("1;2;\"A:B\";\"3\";5;\"\"\r\n").find("bank_to: 'A:B'") != std::string::npos);
}

TEST_CASE("a misplaced quote in a bank file is named by its column") {
  CHECK(account_error("1;2;\"x;3\r\n") ==
        "account.asc, line 2, column 5: the quote is not closed on its line");
  CHECK(account_error("1;2;x\"y;3\r\n") ==
        "account.asc, line 2, column 6: a quote can only open a field");
  CHECK(account_error("1;2;\"x\"y;3\r\n") ==
        "account.asc, line 2, column 8: behind the closing quote there has to be a ';'; "
        "a quote inside the text is written twice");
}

TEST_CASE("an account or an order that is in its file twice is refused") {
  CHECK(account_error("1;2;\"x\";3\r\n1;2;\"x\";3\r\n") ==
        "account.asc, line 3, column 1: account_id: the account 1 is in the file twice");
  CHECK(order_error("7;2;\"YZ\";\"3\";5;\"\"\r\n7;3;\"YZ\";\"3\";5;\"\"\r\n") ==
        "order.asc, line 3, column 1: order_id: the order 7 is in the file twice");
}

TEST_CASE("a bank file that cannot be opened is named") {
  CHECK(error_of([] { read_berka_bank("no-such-folder/account.asc", "order.asc"); }) ==
        "cannot open no-such-folder/account.asc: No such file or directory");
}
