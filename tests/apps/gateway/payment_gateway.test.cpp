#include "apps/gateway/payment_gateway.hpp"

#include "apps/orders/gateway_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

using namespace skald;
using namespace std::chrono_literals;

namespace {

using kind = gateway_answer::kind;

// Long enough for a machine that is busy with other things.
constexpr duration patience = 20s;
// Long enough for a request to arrive there.
constexpr duration no_patience = 2s;

gateway_client client_of(const payment_gateway& gateway, duration timeout = patience) {
  return gateway_client{{"http://127.0.0.1:" + std::to_string(gateway.port()), timeout}};
}

gateway_behaviour hanging() {
  gateway_behaviour result;
  result.hang = true;
  return result;
}

} // namespace

TEST_CASE("a charge and its refund go through the gateway and show in its totals") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::done);
  CHECK(client.charge("k-2", "O-2", "4242", {300}).what == kind::done);
  CHECK(client.refund("k-3", "O-2").what == kind::done);
  const auto totals = client.totals();
  CHECK(totals.charges == 2);
  CHECK(totals.refunds == 1);
  CHECK(totals.charged == minor_units{800});
  CHECK(totals.refunded == minor_units{300});
  CHECK(totals.kept.at("O-1") == minor_units{500});
  CHECK(totals.kept.at("O-2") == minor_units{});
}

TEST_CASE("the same key charges once, however often it comes") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  for (int i = 0; i < 3; ++i)
    CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::done);
  CHECK(client.totals().charges == 1);
}

TEST_CASE(
    "a gateway that fails for a while is transient, with the same key it succeeds in the end") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  client.behave(R"({"fail_times": 2})");
  const auto first = client.charge("k-1", "O-1", "4242", {500});
  CHECK(first.what == kind::failed_for_now);
  CHECK(first.reason.find("503") != std::string::npos);
  CHECK(first.reason.find(std::to_string(gateway.port())) != std::string::npos);
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::failed_for_now);
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::done);
  CHECK(client.totals().charges == 1);
}

TEST_CASE("a gateway that refuses, or a card that is declined, is refused for good") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  const auto declined = client.charge("k-1", "O-1", std::string{declined_card}, {500});
  CHECK(declined.what == kind::refused);
  CHECK(declined.reason.find("402 the card was declined") != std::string::npos);
  client.behave(R"({"refuse": true})");
  CHECK(client.charge("k-2", "O-2", "4242", {500}).what == kind::refused);
  client.behave(R"({"refuse_refunds": true})");
  CHECK(client.refund("k-3", "O-2").what == kind::refused);
  CHECK(client.totals().charges == 0);
}

TEST_CASE("a slow gateway succeeds if its caller has the patience") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  client.behave(R"({"slow_ms": 100})");
  const auto start = std::chrono::steady_clock::now();
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::done);
  CHECK(std::chrono::steady_clock::now() - start >= 100ms);
}

TEST_CASE("a caller gives up on a gateway that hangs, and nothing has happened") {
  payment_gateway gateway{0, {}, hanging()};
  CHECK(client_of(gateway, no_patience).charge("k-1", "O-1", "4242", {500}).what ==
        kind::failed_for_now);
  gateway.behave({});
  CHECK(client_of(gateway).totals().charges == 0);
}

TEST_CASE("an answer that came too late is given again to the same key") {
  gateway_behaviour late;
  late.answer_late_ms = 60'000;
  payment_gateway gateway{0, {}, late};
  CHECK(client_of(gateway, no_patience).charge("k-1", "O-1", "4242", {500}).what ==
        kind::failed_for_now);
  gateway.behave({});
  const auto client = client_of(gateway);
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::done);
  CHECK(client.totals().charges == 1);
}

TEST_CASE("a charge that comes behind its refund is refused") {
  payment_gateway gateway{0, {}};
  const auto client = client_of(gateway);
  CHECK(client.refund("k-2", "O-1").what == kind::done);
  CHECK(client.charge("k-1", "O-1", "4242", {500}).what == kind::refused);
  CHECK(client.totals().charged == minor_units{});
}

TEST_CASE("a gateway that is not there is transient for calls, and an error for totals") {
  std::uint16_t port = 0;
  { port = payment_gateway{0, {}}.port(); }
  const auto address = "http://127.0.0.1:" + std::to_string(port);
  const gateway_client client{{address, patience}};
  const auto answer = client.charge("k-1", "O-1", "4242", {500});
  CHECK(answer.what == kind::failed_for_now);
  CHECK(answer.reason.find(address) != std::string::npos);
  CHECK_THROWS_AS(client.totals(), std::runtime_error);
}

TEST_CASE("a behaviour that the gateway does not know is refused by name") {
  payment_gateway gateway{0, {}};
  std::string why;
  try {
    client_of(gateway).behave(R"({"slow": 100})");
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  CHECK(why.find("400") != std::string::npos);
  CHECK(why.find("no 'slow'") != std::string::npos);
}

TEST_CASE("an address that is none is refused") {
  for (const auto* wrong : {"", "127.0.0.1:8402", "https://127.0.0.1", "http://"})
    CHECK_THROWS_AS((gateway_client{{wrong, patience}}), std::invalid_argument);
}

TEST_CASE("two gateways cannot listen on one port") {
  payment_gateway gateway{0, {}};
  CHECK_THROWS_AS((payment_gateway{gateway.port(), {}}), std::runtime_error);
}
