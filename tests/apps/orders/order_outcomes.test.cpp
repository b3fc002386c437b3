#include "actors/saga_instruction.hpp"
#include "apps/orders/payment.hpp"
#include "tests/apps/orders/shop.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace skald;
using namespace std::chrono_literals;

// Each way that an order can end, in each style, on a runtime with a gateway over HTTP.

namespace {

order_style any_style() {
  const auto style = GENERATE(order_style::orchestrated, order_style::choreographed,
                              order_style::managed, order_style::slip);
  return style;
}

// The id of the (first) shipment of the order O.
std::string shipment_of(order_style style) {
  return style == order_style::managed ? "O-1" : "O";
}

carrier carrier_that(carrier_answer answers) {
  auto result = reliable_carrier();
  result.take = [answers](const std::string&) { return answers; };
  return result;
}

bool says(const outcome_ptr& answer, const std::string& part) {
  INFO(answer->reason);
  const bool result = answer->reason.find(part) != std::string::npos;
  CHECK(result);
  return result;
}

} // namespace

TEST_CASE("an order that nothing hinders is paid, shipped and completed") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  CHECK(it.order_ends(style)->accepted);
  CHECK(it.status("order", "O") == "completed");
  CHECK(it.status("payment", "O") == "authorised");
  CHECK(it.status("shipment", shipment_of(style)) == "booked");
  CHECK(it.gateway_totals_now().charges == 1);
  it.check_sound();
}

TEST_CASE("an order for more than there is in stock is cancelled, and nobody pays") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  const auto answer = it.order_ends(style, [](place_order& x) { x.quantity = shop::stock + 1; });
  CHECK_FALSE(answer->accepted);
  says(answer, "not enough in stock");
  CHECK(it.status("order", "O") == "cancelled");
  it.check_sound();
}

TEST_CASE("an order whose payment is refused is cancelled and deleted, its stock put back") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  const auto answer = it.order_ends(style, [](place_order& x) { x.card = declined_card; });
  CHECK_FALSE(answer->accepted);
  says(answer, "402 the card was declined");
  CHECK(it.status("order", "O") == "cancelled");
  CHECK(it.status("payment", "O") == "failed");
  CHECK(it.get().show({"order", "O"}).get().deleted);
  CHECK(it.gateway_totals_now().charges == 0);
  it.check_sound();
}

TEST_CASE("an order whose shipment is rejected is refunded, its stock put back") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it{carrier_that(carrier_answer::refused)};
  const auto answer = it.order_ends(style);
  CHECK_FALSE(answer->accepted);
  says(answer, "the carrier does not take the parcel");
  CHECK(it.status("order", "O") == "cancelled");
  CHECK_FALSE(it.get().show({"order", "O"}).get().deleted);
  CHECK(it.status("shipment", shipment_of(style)) == "rejected");
  it.check_sound();
}

TEST_CASE("a carrier that stays silent does not leave anybody half done") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it{carrier_that(carrier_answer::silent), 100ms};
  const auto answer = it.order_ends(style);
  CHECK_FALSE(answer->accepted);
  says(answer, "deadline");
  CHECK(it.status("order", "O") == "cancelled");
  it.check_sound();
}

TEST_CASE("the deadline of an order cancels it while the carrier is silent") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it{carrier_that(carrier_answer::silent), 1h};
  const auto answer = it.order_ends(style, [](place_order& x) { x.deadline_ms = 1'000; });
  CHECK_FALSE(answer->accepted);
  says(answer, "deadline");
  CHECK(it.status("order", "O") == "cancelled");
  CHECK(it.status("payment", "O") != "authorised");
  it.check_sound();
}

TEST_CASE("a gateway that fails for a while is called again, and charges once") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  it.gateway.behave({.fail_times = 2});
  CHECK(it.order_ends(style)->accepted);
  CHECK(it.gateway_totals_now().charges == 1);
  it.check_sound();
}

TEST_CASE("a gateway that fails more often than it is called again fails the order") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  it.gateway.behave({.fail_times = 4});
  const auto answer = it.order_ends(style);
  CHECK_FALSE(answer->accepted);
  says(answer, "503");
  CHECK(it.get().show({"order", "O"}).get().deleted);
  CHECK(it.gateway_totals_now().charges == 0);
  it.check_sound();
}

TEST_CASE("a charge whose answer comes too late takes effect once") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it{reliable_carrier(), 30s, 3s};
  it.gateway.behave({.answer_late_ms = 60'000});
  place_order what{"P", 2, {500}, "4242", style, 60'000, std::nullopt};
  auto command = command_to<order>("O", what);
  command.until_saga_ends = true;
  auto ending = it.get().ask(std::move(command));
  while (it.gateway_totals_now().charges == 0)
    std::this_thread::yield();
  it.gateway.behave({});
  const auto answer = ending.get();
  it.come_to_rest();
  CHECK(it.gateway_totals_now().charges == 1);
  // On a slow machine the tries may be used up before the gateway mends its ways.
  CHECK(it.status("order", "O") == (answer->accepted ? "completed" : "cancelled"));
  it.check_sound();
}

TEST_CASE("an order that is placed again gets the first answer, and nothing happens twice") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  for (int i = 0; i < 3; ++i) {
    auto command =
        command_to<order>("O", place_order{"P", 2, {500}, "4242", style, 60'000, std::nullopt});
    command.message_id = "the order O";
    command.until_saga_ends = true;
    CHECK(it.get().ask(std::move(command)).get()->accepted);
  }
  it.come_to_rest();
  CHECK(it.gateway_totals_now().charges == 1);
  it.check_sound();
}

TEST_CASE("a large managed order is checked for fraud before it is paid") {
  shop it;
  const auto large = [](place_order& x) {
    x.amount = {500'00};
    x.card = stolen_card;
  };
  const auto answer = it.order_ends(order_style::managed, large);
  CHECK_FALSE(answer->accepted);
  says(answer, "reported stolen");
  CHECK(it.gateway_totals_now().charges == 0);
  it.check_sound();
}

TEST_CASE("a small managed order is not checked for fraud, a large honest one passes") {
  {
    shop it;
    CHECK(it.order_ends(order_style::managed, [](place_order& x) {
              x.card = stolen_card;
            })->accepted);
    it.check_sound();
  }
  shop it;
  CHECK(it.order_ends(order_style::managed, [](place_order& x) { x.amount = {500'00}; })->accepted);
  it.check_sound();
}

TEST_CASE("a managed order of many pieces ships in two parts") {
  shop it;
  CHECK(it.order_ends(order_style::managed, [](place_order& x) { x.quantity = 3; })->accepted);
  CHECK(it.status("shipment", "O-1") == "booked");
  CHECK(it.status("shipment", "O-2") == "booked");
  it.check_sound();
}

TEST_CASE("when one part of a shipment is rejected, the other is called off") {
  auto parcels = reliable_carrier();
  parcels.take = [](const std::string& shipment) {
    return shipment == "O-2" ? carrier_answer::refused : carrier_answer::done;
  };
  shop it{parcels};
  const auto answer = it.order_ends(order_style::managed, [](place_order& x) { x.quantity = 3; });
  CHECK_FALSE(answer->accepted);
  CHECK(it.status("shipment", "O-2") == "rejected");
  CHECK(it.status("shipment", "O-1") != "booked");
  CHECK(it.status("payment", "O") == "refunded");
  it.check_sound();
}

TEST_CASE("a refund that the gateway refuses parks the order until a person has it tried again") {
  const auto style = GENERATE(order_style::orchestrated, order_style::managed, order_style::slip);
  INFO(to_string(style));
  shop it{carrier_that(carrier_answer::refused)};
  it.gateway.behave({.refuse_refunds = true});
  const auto answer = it.order_ends(style);
  CHECK_FALSE(answer->accepted);
  CHECK(it.status("order", "O") == "cancelling");
  CHECK(it.status("payment", "O") == "authorised");
  it.gateway.behave({});
  client_command again;
  again.to = {"order", "O"};
  again.type = saga_instructions::retry;
  encode(saga_instruction{"the gateway is mended", std::nullopt}, again.payload);
  again.by = "the tester";
  const auto told = it.get().ask(std::move(again)).get();
  INFO(told->reason);
  CHECK(told->accepted);
  it.come_to_rest();
  CHECK(it.status("order", "O") == "cancelled");
  CHECK(it.status("payment", "O") == "refunded");
  it.check_sound();
}

TEST_CASE("stock never goes below zero, however many orders want the last piece at once") {
  const auto style = any_style();
  INFO(to_string(style));
  shop it;
  std::vector<std::future<outcome_ptr>> endings;
  for (int i = 0; i < 15; ++i) {
    auto command = command_to<order>(
        "O-" + std::to_string(i), place_order{"P", 1, {500}, "4242", style, 60'000, std::nullopt});
    command.until_saga_ends = true;
    endings.push_back(it.get().ask(std::move(command)));
  }
  int completed = 0;
  for (auto& each : endings)
    completed += each.get()->accepted ? 1 : 0;
  it.come_to_rest();
  CHECK(completed == shop::stock);
  it.check_sound();
}
