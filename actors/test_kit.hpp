#pragma once

#include "actors/entity.hpp"
#include "actors/registry.hpp"
#include "actors/saga.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Given, when, then for aggregates and sagas: no actors, no disk, time that stands still until it
// is moved. Works with any test framework: an expectation that does not hold throws
// `expectation_failed`.

namespace skald {

class expectation_failed : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// A command or event as text, for comparison: `Deposited {"amount":100}`.
std::string written(std::string_view type, byte_span payload);
std::string written(const encoded_command& command);
std::vector<std::string> written(const recorded_events& events);

template <class T>
requires requires {
  T::type_name;
}
std::string written(const T& message) {
  return written(T::type_name, encode(message));
}

namespace detail {

/// @throws expectation_failed that shows both, unless they are equal.
void expect_equal(const std::string& what, const std::vector<std::string>& expected,
                  const std::vector<std::string>& actual);

void expect_rejected(const verdict& actual, const std::vector<std::string>& events,
                     std::string_view part);

} // namespace detail

/// One aggregate in a test: `given<account>(account_opened{...}).when(withdraw{...}).then(...)`.
/// Commands, events and state go through their encoding, as in the runtime.
template <class A>
class scenario {
public:
  /// The aggregate's id, unless `as` gives another.
  static constexpr const char* self = "self";

  /// The aggregate has the id `id`, and commands come at `now`.
  scenario&& as(std::string id, timestamp now = no_time) && {
    self_.id = std::move(id);
    now_ = now;
    return std::move(*this);
  }

  template <event_of<A> E>
  scenario&& after(const E& event) && {
    if (auto wrong = state_.evolve(E::type_name, schema_version_of<E>(), encode(event)))
      throw expectation_failed(*wrong);
    return std::move(*this);
  }

  template <command_of<A> C>
  scenario&& when(const C& command) && {
    events_.clear();
    verdict_ = state_.decide(C::type_name, encode(command), {self_, self_.id, now_}, events_);
    return std::move(*this);
  }

  /// Exactly these events, in this order. None: the command was accepted, and nothing happened.
  template <event_of<A>... Es>
  scenario&& then(const Es&... expected) && {
    constexpr bool is_failure = (failure_event<Es> || ...);
    if (!verdict_.accepted && !is_failure)
      throw expectation_failed("expected events, but the command was rejected: " + verdict_.reason);
    detail::expect_equal("events", {written(expected)...}, written(events_));
    return std::move(*this);
  }

  /// Rejected, with a reason that contains `part`, and without an event.
  scenario&& then_rejected(std::string_view part = {}) && {
    detail::expect_rejected(verdict_, written(events_), part);
    return std::move(*this);
  }

  const A& state() const { return state_.get(); }
  const aggregate_state& erased() const { return state_; }

private:
  typed_aggregate_state<A> state_;
  address self_{std::string{A::type_name}, self};
  timestamp now_ = no_time;
  recorded_events events_;
  verdict verdict_;
};

/// The past of an aggregate.
template <class A, event_of<A>... Es>
scenario<A> given(const Es&... past) {
  scenario<A> result;
  (std::move(result).after(past), ...);
  return result;
}

/// One saga with simulated participants: what it sends is looked at instead of delivered, and the
/// test says what comes back, in any order, as often as it likes.
class saga_scenario {
public:
  saga_scenario(const registry& types, address self, timestamp start = timestamp{duration{1}});

  template <class C>
  saga_scenario& when(const C& command) {
    return when_command(C::type_name, encode(command));
  }

  /// The participant of `step` answers the last command that it was sent for it.
  saga_scenario& when_succeeded(std::string_view step);

  /// It answers with `event`.
  template <class E>
  saga_scenario& when_succeeded(std::string_view step, const E& event) {
    return answer(step, {}, true, {}, false,
                  {{std::string{E::type_name}, schema_version_of<E>(), encode(event)}});
  }

  /// It is refused for now, and may be tried again.
  saga_scenario& when_refused_for_now(std::string_view step, std::string_view reason);

  saga_scenario& when_failed(std::string_view step, std::string_view reason);

  /// The answer to the command `type` of `step` comes (again).
  saga_scenario& when_answered(std::string_view step, std::string_view type, bool accepted,
                               std::string_view reason = {});

  saga_scenario& when_time_passes(duration time);

  /// The process crashes and the saga is rebuilt from what it has recorded.
  saga_scenario& when_restarted();

  /// The events that the last input caused.
  template <class... Es>
  saga_scenario& then(const Es&... expected) {
    detail::expect_equal("events", {written(expected)...}, events_);
    return *this;
  }

  /// The commands that the last input caused to be sent, each as `step: role type {data} to
  /// type/id`, as `sent` builds it; of a command that needs nothing of the domain type and data are
  /// left out.
  saga_scenario& then_sends(const std::vector<std::string>& expected) {
    detail::expect_equal("commands sent", expected, sent_);
    return *this;
  }

  saga_scenario& then_sends_nothing() { return then_sends({}); }

  /// A person steps in with one of `saga_instructions`.
  saga_scenario& when_told(std::string_view instruction, const saga_instruction& said);

  saga_scenario& then_is(saga_progress::phase expected);

  const entity& get() const { return *entity_; }

private:
  saga_scenario& when_command(std::string_view type, byte_buffer payload);
  saga_scenario& answer(std::string_view step, std::string_view type, bool accepted,
                        std::string_view reason, bool transient, std::vector<stored_event> events);
  saga_scenario& handle(delivery_content input);
  void look_at(turn& result);

  const entity_type& type_;
  address self_;
  timestamp now_;
  std::unique_ptr<entity> entity_;
  std::vector<byte_buffer> records_;
  std::vector<command_message_ptr> commands_; ///< everything that was ever sent
  std::vector<std::string> events_;
  std::vector<std::string> sent_;
  std::uint64_t commands_given_ = 0;
};

/// How `saga_scenario::then_sends` shows a command.
template <class C>
std::string sent(std::string_view step, std::string_view role, const C& command,
                 const address& to) {
  return std::string{step} + ": " + std::string{role} + " " + written(command) + " to " +
         to_string(to);
}

} // namespace skald
