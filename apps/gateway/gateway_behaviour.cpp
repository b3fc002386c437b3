#include "apps/gateway/gateway_behaviour.hpp"

#include "apps/gateway/chance.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <stdexcept>

namespace skald {

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& name, const std::string& expected) {
  throw std::invalid_argument("'" + name + "' has to be " + expected);
}

void read(const std::string& name, const json& value, bool& out) {
  if (!value.is_boolean())
    fail(name, "true or false");
  out = value.get<bool>();
}

void read(const std::string& name, const json& value, double& out) {
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1)
    fail(name, "a number from 0 to 1");
  out = value.get<double>();
}

template <class Number>
void read(const std::string& name, const json& value, Number& out) {
  const bool is_count = value.is_number_unsigned() || (value.is_number_integer() && value >= 0);
  if (!is_count || value.get<std::uint64_t>() > std::numeric_limits<Number>::max())
    fail(name, "a whole number from 0 to " + std::to_string(std::numeric_limits<Number>::max()));
  out = value.get<Number>();
}

// Calls `visit` with the name and the value of each field.
template <class Behaviour, class Visitor>
void for_each_field(Behaviour& x, Visitor visit) {
  visit("slow_ms", x.slow_ms);
  visit("answer_late_ms", x.answer_late_ms);
  visit("fail_times", x.fail_times);
  visit("refuse", x.refuse);
  visit("refuse_refunds", x.refuse_refunds);
  visit("hang", x.hang);
  visit("hang_ms", x.hang_ms);
  visit("chaos", x.chaos);
  visit("chaos_delay_ms", x.chaos_delay_ms);
  visit("seed", x.seed);
}

} // namespace

gateway_fault fault_of(const gateway_behaviour& behaviour, bool is_refund, std::string_view key,
                       std::uint64_t earlier) {
  using kind = gateway_fault::kind;
  gateway_fault result{kind::none, behaviour.slow_ms, behaviour.answer_late_ms};
  if (behaviour.hang)
    result.what = kind::hangs;
  else if (earlier < behaviour.fail_times)
    result.what = kind::fails_for_now;
  else if (is_refund ? behaviour.refuse_refunds : behaviour.refuse)
    result.what = kind::refused;
  const auto drawn = chance(behaviour.seed, key, earlier);
  if (drawn >= behaviour.chaos)
    return result;
  switch (static_cast<int>(drawn / behaviour.chaos * 5)) {
  case 0:
    result.what = kind::fails_for_now;
    break;
  case 1:
    if (!is_refund)
      result.what = kind::refused;
    break;
  case 2:
    result.what = kind::hangs;
    break;
  case 3:
    result.slow_ms = behaviour.chaos_delay_ms;
    break;
  default:
    result.answer_late_ms = behaviour.chaos_delay_ms;
  }
  return result;
}

gateway_behaviour behaviour_of(const json& text) {
  if (!text.is_object())
    throw std::invalid_argument("a behaviour is an object such as {\"slow_ms\": 100}");
  gateway_behaviour result;
  for (const auto& [name, value] : text.items()) {
    bool is_known = false;
    for_each_field(result, [&](const char* field, auto& out) {
      if (name != field)
        return;
      is_known = true;
      read(name, value, out);
    });
    if (!is_known)
      throw std::invalid_argument("a behaviour has no '" + name + "'; it has " +
                                  json_of({}).dump());
  }
  return result;
}

json json_of(const gateway_behaviour& x) {
  json result;
  for_each_field(x, [&](const char* name, const auto& value) { result[name] = value; });
  return result;
}

} // namespace skald
