#pragma once

#include "actors/saga_definition.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace skald {

template <class C>
encoded_command encoded(const C& command) {
  return {C::type_name, encode(command)};
}

/// The dispatch of `command` to the `Target` named `id`.
template <class Target, command_of<Target> C>
dispatch to(std::string id, const C& command) {
  return {{std::string{Target::type_name}, std::move(id)}, encoded(command)};
}

/// Says a saga of the aggregate `A` step by step:
///
///     saga<transfer>("transfer money")
///         .starts_on<transfer_created>()
///         .step("deposit").send(deposit_of)
///             .compensate(cancel_deposit_of).confirm(confirm_deposit_of)
///         .step("withdraw").send(withdraw_of).compensate(cancel_withdraw_of)
///         .deadline(deadline_of)
///         .on_failure(cancel_transfer_of);
///
/// Every function is pure and sees the state of the aggregate. Steps run one after another. When
/// one fails or the deadline passes, those that took effect are compensated in reverse order, those
/// whose outcome is unknown are cancelled at once; when all have succeeded, every participant gets
/// its confirm.
template <class A>
class saga {
public:
  explicit saga(std::string name) { definition_.name = std::move(name); }

  template <event_of<A> E>
  saga& starts_on() {
    definition_.starts_on = E::type_name;
    return *this;
  }

  /// Only where `predicate(const A&) -> bool` holds when the starting event has happened.
  template <class F>
  saga& when(F predicate) {
    definition_.applies = [predicate](const aggregate_state& state) {
      return predicate(get(state));
    };
    return *this;
  }

  saga& step(std::string name) {
    definition_.steps.push_back({});
    definition_.steps.back().name = std::move(name);
    return *this;
  }

  /// `function(const A&) -> dispatch`.
  template <class F>
  saga& send(F function) {
    last().send = [function](const aggregate_state& state) { return function(get(state)); };
    return *this;
  }

  /// `function(const A&)` gives a command for the step's participant.
  template <class F>
  saga& compensate(F function) {
    last().compensate = encoded_by(function);
    return *this;
  }

  /// `function(const A&)` gives a command for the step's participant.
  template <class F>
  saga& confirm(F function) {
    last().confirm = encoded_by(function);
    return *this;
  }

  /// `function(const A&)` gives a command of `A`, which the aggregate handles in the same turn.
  template <class F>
  saga& on_success(F function) {
    using command = decltype(function(std::declval<const A&>()));
    last().on_success_type = command::type_name;
    last().on_success = [function](aggregate_state& state, const decision_context& context,
                                   recorded_events& events) {
      return typed(state).decide_value(function(get(state)), context, events);
    };
    return *this;
  }

  /// `function(const A&) -> duration` from the start of the saga.
  template <class F>
  saga& deadline(F function) {
    definition_.deadline = [function](const aggregate_state& state) {
      return function(get(state));
    };
    return *this;
  }

  /// `function(const A&, std::string_view reason)` gives a command of `A`.
  template <class F>
  saga& on_failure(F function) {
    using command = decltype(function(std::declval<const A&>(), std::string_view{}));
    definition_.on_failure_type = command::type_name;
    definition_.on_failure = [function](aggregate_state& state, std::string_view reason,
                                        const decision_context& context, recorded_events& events) {
      return typed(state).decide_value(function(get(state), reason), context, events);
    };
    return *this;
  }

  template <event_of<A> E>
  saga& completes_on() {
    definition_.completes_on.push_back(E::type_name);
    return *this;
  }

  template <event_of<A> E>
  saga& compensated_on() {
    definition_.compensated_on.push_back(E::type_name);
    return *this;
  }

  /// `function(const A&) -> std::string`.
  template <class F>
  saga& failure_reason(F function) {
    definition_.failure_reason = [function](const aggregate_state& state) {
      return function(get(state));
    };
    return *this;
  }

  /// @throws std::logic_error if something that a saga needs was not said.
  saga_definition build() const {
    auto require = [this](bool holds, const std::string& what) {
      if (!holds)
        throw std::logic_error("saga '" + definition_.name + "' " + what);
    };
    require(!definition_.starts_on.empty(), "lacks starts_on");
    require(static_cast<bool>(definition_.failure_reason), "lacks failure_reason");
    require(!definition_.steps.empty() || !definition_.completes_on.empty(),
            "has neither steps nor completes_on");
    require(definition_.steps.empty() ||
                (definition_.completes_on.empty() && definition_.compensated_on.empty()),
            "has both steps and events that end it");
    for (const auto& each : definition_.steps) {
      require(static_cast<bool>(each.send), "lacks send in its step '" + each.name + "'");
      require(std::ranges::count(definition_.steps, each.name, &saga_step::name) == 1,
              "has two steps '" + each.name + "'");
    }
    return definition_;
  }

private:
  static const A& get(const aggregate_state& state) {
    return static_cast<const typed_aggregate_state<A>&>(state).get();
  }

  static typed_aggregate_state<A>& typed(aggregate_state& state) {
    return static_cast<typed_aggregate_state<A>&>(state);
  }

  template <class F>
  static std::function<encoded_command(const aggregate_state&)> encoded_by(F function) {
    return [function](const aggregate_state& state) { return encoded(function(get(state))); };
  }

  saga_step& last() {
    if (definition_.steps.empty())
      throw std::logic_error("saga '" + definition_.name +
                             "' says what a step does before step(name)");
    return definition_.steps.back();
  }

  saga_definition definition_;
};

} // namespace skald
