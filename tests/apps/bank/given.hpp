#pragma once

#include "actors/saga_definition.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace skald {

/// `Withdrawn {"amount":250,...}`.
inline std::string written(std::string_view type, byte_span payload) {
  return std::string{type} + " " + json_of_cbor(payload).dump();
}

template <class E>
std::string written(const E& event) {
  return written(E::type_name, encode(event));
}

inline std::string written(const encoded_command& command) {
  return written(command.type, command.payload);
}

inline std::vector<std::string> written(const recorded_events& events) {
  std::vector<std::string> result;
  for (const auto& each : events.entries())
    result.push_back(written(each.type, events.payload(each)));
  return result;
}

/// given(events).when(command).then(events): each goes through its encoding, as in the runtime. The
/// aggregate's id is `self`.
template <class A>
class scenario {
public:
  static constexpr const char* self = "self";

  template <event_of<A> E>
  void add(const E& event) {
    const auto wrong = state_.evolve(E::type_name, schema_version_of<E>(), encode(event));
    INFO(wrong.value_or(""));
    REQUIRE_FALSE(wrong);
  }

  template <command_of<A> C>
  scenario&& when(const C& command) && {
    const address here{std::string{A::type_name}, self};
    const timestamp now{std::chrono::seconds{1'000'000'000}};
    events_.clear();
    verdict_ = state_.decide(C::type_name, encode(command), {here, "T-1", now}, events_);
    return std::move(*this);
  }

  /// The command was accepted and these are its events.
  template <event_of<A>... Es>
  scenario&& then(const Es&... events) && {
    INFO(verdict_.reason);
    CHECK(verdict_.accepted);
    CHECK(written(events_) == std::vector<std::string>{written(events)...});
    return std::move(*this);
  }

  /// The command failed, and this event says so.
  template <failure_event E>
  scenario&& then_fails(const E& event) && {
    CHECK_FALSE(verdict_.accepted);
    CHECK(verdict_.reason == event.reason);
    CHECK(written(events_) == std::vector<std::string>{written(event)});
    return std::move(*this);
  }

  /// The command was rejected and left no event.
  scenario&& then_rejected(const std::string& reason) && {
    CHECK_FALSE(verdict_.accepted);
    CHECK(verdict_.understood);
    CHECK(verdict_.reason == reason);
    CHECK(events_.empty());
    return std::move(*this);
  }

  const A& state() const { return state_.get(); }
  const aggregate_state& erased() const { return state_; }

private:
  typed_aggregate_state<A> state_;
  recorded_events events_;
  verdict verdict_;
};

template <class A, event_of<A>... Es>
scenario<A> given(const Es&... events) {
  scenario<A> result;
  (result.add(events), ...);
  return result;
}

} // namespace skald
