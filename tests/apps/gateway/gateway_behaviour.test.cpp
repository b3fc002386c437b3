#include "apps/gateway/gateway_behaviour.hpp"

#include "apps/gateway/chance.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <stdexcept>
#include <string>

using namespace skald;

namespace {

using kind = gateway_fault::kind;

std::string error_of(const char* text) {
  try {
    behaviour_of(nlohmann::json::parse(text, nullptr, false));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("a gateway that is told nothing has no faults") {
  const auto fault = fault_of({}, false, "k", 0);
  CHECK(fault.what == kind::none);
  CHECK(fault.slow_ms == 0);
  CHECK(fault.answer_late_ms == 0);
}

TEST_CASE("each request fails as often as the gateway is told, then no more") {
  gateway_behaviour behaviour;
  behaviour.fail_times = 2;
  CHECK(fault_of(behaviour, false, "k", 0).what == kind::fails_for_now);
  CHECK(fault_of(behaviour, false, "k", 1).what == kind::fails_for_now);
  CHECK(fault_of(behaviour, false, "k", 2).what == kind::none);
}

TEST_CASE("charges and refunds are refused apart from each other") {
  gateway_behaviour behaviour;
  behaviour.refuse = true;
  CHECK(fault_of(behaviour, false, "k", 0).what == kind::refused);
  CHECK(fault_of(behaviour, true, "k", 0).what == kind::none);
  behaviour.refuse = false;
  behaviour.refuse_refunds = true;
  CHECK(fault_of(behaviour, true, "k", 0).what == kind::refused);
}

TEST_CASE("by chance a fifth of the faults is of each kind, and a refund is never refused") {
  gateway_behaviour behaviour;
  behaviour.chaos = 0.5;
  int faults = 0;
  int refused = 0;
  std::set<int> kinds;
  for (int i = 0; i < 4'000; ++i) {
    const auto key = "k-" + std::to_string(i);
    const auto fault = fault_of(behaviour, false, key, 0);
    const auto is_late = fault.slow_ms > 0 || fault.answer_late_ms > 0;
    faults += fault.what != kind::none || is_late ? 1 : 0;
    refused += fault.what == kind::refused ? 1 : 0;
    kinds.insert(fault.slow_ms > 0          ? 10
                 : fault.answer_late_ms > 0 ? 11
                                            : static_cast<int>(fault.what));
    CHECK(fault_of(behaviour, true, key, 0).what != kind::refused);
  }
  CHECK(faults > 1'800);
  CHECK(faults < 2'200);
  CHECK(refused > 300);
  CHECK(refused < 500);
  CHECK(kinds.size() == 6);
}

TEST_CASE("chance is the same for the same seed, request and try, and another for others") {
  CHECK(chance(1, "k", 0) == chance(1, "k", 0));
  CHECK(chance(1, "k", 0) != chance(2, "k", 0));
  CHECK(chance(1, "k", 0) != chance(1, "l", 0));
  CHECK(chance(1, "k", 0) != chance(1, "k", 1));
}

TEST_CASE("a behaviour is read from JSON, and what is wrong with it is named") {
  const auto read = behaviour_of({{"slow_ms", 5}, {"refuse", true}, {"chaos", 0.25}});
  CHECK(read.slow_ms == 5);
  CHECK(read.refuse);
  CHECK(read.chaos == 0.25);
  CHECK(error_of("nonsense").find("object") != std::string::npos);
  CHECK(error_of(R"({"slow": 5})").find("no 'slow'") != std::string::npos);
  CHECK(error_of(R"({"slow_ms": -5})").find("'slow_ms'") != std::string::npos);
  CHECK(error_of(R"({"slow_ms": 5000000000})").find("'slow_ms'") != std::string::npos);
  CHECK(error_of(R"({"chaos": 1.5})").find("'chaos'") != std::string::npos);
  CHECK(error_of(R"({"refuse": 1})").find("'refuse'") != std::string::npos);
}
