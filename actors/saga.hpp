#pragma once

#include "actors/saga_definition.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace skald {

namespace detail {

// Calls `function` with the part of the step if it wants to know it.
template <class F, class A>
auto of_part(const F& function, const A& state, std::string_view part) {
  if constexpr (std::is_invocable_v<F, const A&, std::string_view>)
    return function(state, part);
  else
    return function(state);
}

} // namespace detail

/// Says a saga of the aggregate `A` step by step:
///
///     saga<order>("order")
///         .starts_on<order_placed>()
///         .step("reserve stock").send(reserve_stock_of)
///             .succeeds_on<stock_reserved>().fails_on<stock_refused>()
///             .compensate(put_back_of).confirm(sell_of)
///         .step("authorise payment").send(authorise_of).compensate(refund_of)
///             .retry({.retries = 5, .factor = 2})
///         .parallel_step("book shipment").send(book_of).compensate(cancel_shipment_of).within(2s)
///         .deadline(5s)
///         .on_completed(complete_order_of)
///         .on_compensated(cancel_order_of);
///
/// Every function is pure and sees the state of the aggregate. Steps run one after another;
/// parallel ones together with the step before them. When one fails for good or a deadline passes,
/// those that took effect are compensated in reverse order, those whose outcome is unknown are
/// cancelled at once; when all have succeeded, every participant gets its confirm. A step that is
/// refused for now is tried again by its policy, a compensation likewise; one that fails for good
/// parks the saga for a person to see to.
///
/// With `choose` it is a process manager: the function says after each outcome which steps are to
/// have been started by now, in parts too: `ship#1` and `ship#2` are two parts of the step `ship`.
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
    last().name = std::move(name);
    return *this;
  }

  /// Runs beside the step before it; the next `step` waits for both.
  saga& parallel_step(std::string name) {
    if (definition_.steps.empty())
      throw std::logic_error("saga '" + definition_.name + "' has no step beside which '" + name +
                             "' could run");
    step(std::move(name));
    last().beside_previous = true;
    return *this;
  }

  /// `function(const A&)` or `function(const A&, std::string_view part)` gives what `to` or
  /// `to_external` makes.
  template <class F>
  saga& send(F function) {
    using made = decltype(detail::of_part(function, std::declval<const A&>(), {}));
    last().target = made::target::type_name;
    last().sends = made::command_type::type_name;
    last().send = [function](const aggregate_state& state, std::string_view part) -> dispatch {
      return detail::of_part(function, get(state), part);
    };
    return *this;
  }

  /// The step succeeds when its participant has recorded one of these events.
  template <class... Es>
  saga& succeeds_on() {
    (last().succeeds_on.push_back(Es::type_name), ...);
    return *this;
  }

  /// The step fails when its participant has recorded one of these events.
  template <class... Es>
  saga& fails_on() {
    (last().fails_on.push_back(Es::type_name), ...);
    return *this;
  }

  /// `function(const A&)` or `function(const A&, std::string_view part)` gives a command for the
  /// step's participant.
  template <class F>
  saga& compensate(F function) {
    last().compensate = command_by(function);
    return *this;
  }

  /// `function(const A&)` or `function(const A&, std::string_view part)` gives a command for the
  /// step's participant.
  template <class F>
  saga& confirm(F function) {
    last().confirm = command_by(function);
    return *this;
  }

  /// `function(const A&)` or `function(const A&, const step_result&)` gives a command of `A`, which
  /// the aggregate handles in the same turn. If it refuses, the saga fails.
  template <class F>
  saga& on_success(F function) {
    constexpr bool wants_result = std::is_invocable_v<F, const A&, const step_result&>;
    auto call = [function](const A& state, const step_result& result) {
      if constexpr (wants_result)
        return function(state, result);
      else
        return function(state);
    };
    using command = decltype(call(std::declval<const A&>(), std::declval<const step_result&>()));
    last().on_success_type = command::type_name;
    last().on_success = [call](aggregate_state& state, const step_result& result,
                               const decision_context& context, recorded_events& events) {
      return typed(state).decide_value(call(get(state), result), context, events);
    };
    return *this;
  }

  /// How often, and how far apart, the step is tried again when it is refused for now.
  saga& retry(retry_policy policy) {
    last().retry = policy;
    return *this;
  }

  /// The same for its compensation. Default: without end, 100 ms apart, then twice as long each
  /// time, up to a minute.
  saga& retry_compensation(retry_policy policy) {
    last().retry_compensation = policy;
    return *this;
  }

  /// The step's own deadline, from when it is first sent.
  saga& within(duration limit) {
    last().within = [limit](const aggregate_state&) { return limit; };
    return *this;
  }

  /// The saga goes on although this step has failed; `choose` sees that.
  saga& may_fail() {
    last().may_fail = true;
    return *this;
  }

  /// `function(const A&, const saga_view&) -> std::vector<std::string>`: the names of the steps
  /// that are to have been started by now. The saga is complete when all of them have succeeded.
  template <class F>
  saga& choose(F function) {
    definition_.choose = [function](const aggregate_state& state, const saga_view& so_far) {
      return function(get(state), so_far);
    };
    return *this;
  }

  /// All commands of all steps are decided at the start and travel as a routing slip from one
  /// participant to the next, which passes it on: nobody coordinates them. Where one fails, the
  /// slip goes back the way it came, and each compensates its part; when it has come back to `A`
  /// from the last one, it goes back to be confirmed.
  saga& as_routing_slip() {
    definition_.is_routing_slip = true;
    return *this;
  }

  /// `function(const A&) -> duration` from the start of the saga.
  template <class F>
  saga& deadline(F function) requires std::is_invocable_v<F, const A&> {
    definition_.deadline = [function](const aggregate_state& state) {
      return function(get(state));
    };
    return *this;
  }

  saga& deadline(duration limit) {
    definition_.deadline = [limit](const aggregate_state&) { return limit; };
    return *this;
  }

  /// `function(const A&, std::string_view reason)` gives a command of `A`, handled in the turn in
  /// which the saga begins to compensate.
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

  /// `function(const A&)` gives a command of `A`, handled in the turn in which the last step has
  /// succeeded. If it refuses, the saga fails.
  template <class F>
  saga& on_completed(F function) {
    definition_.on_completed = own_by(function);
    return *this;
  }

  /// `function(const A&)` gives a command of `A`, handled in the turn in which everything is
  /// undone.
  template <class F>
  saga& on_compensated(F function) {
    definition_.on_compensated = own_by(function);
    return *this;
  }

  /// The saga fails when its own aggregate records one of these events.
  template <event_of<A>... Es>
  saga& cancelled_by() {
    (definition_.cancelled_by.push_back(Es::type_name), ...);
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
    require(!definition_.steps.empty() || !definition_.completes_on.empty(),
            "has neither steps nor completes_on");
    require(definition_.steps.empty() ||
                (definition_.completes_on.empty() && definition_.compensated_on.empty()),
            "has both steps and events that end it");
    require(!definition_.choose || !definition_.steps.empty(), "chooses among no steps");
    for (const auto& each : definition_.steps) {
      require(static_cast<bool>(each.send), "lacks send in its step '" + each.name + "'");
      require(each.name.find('#') == std::string::npos,
              "has a '#' in the name of its step '" + each.name + "'");
      require(std::ranges::count(definition_.steps, each.name, &saga_step::name) == 1,
              "has two steps '" + each.name + "'");
    }
    if (definition_.is_routing_slip)
      require_linear(require);
    return definition_;
  }

private:
  // What needs somebody who coordinates cannot be said of a routing slip.
  template <class Require>
  void require_linear(Require require) const {
    require(!definition_.steps.empty(), "is a routing slip without steps");
    require(!definition_.choose, "is a routing slip, which cannot choose; let a step revise it");
    for (const auto& each : definition_.steps) {
      const auto which = "' of its routing slip ";
      require(!each.name.empty(), "has a step without a name in its routing slip");
      require(!each.beside_previous, "lets the step '" + each.name + which + "run in parallel");
      require(each.target != external_participant::type_name,
              "sends the step '" + each.name + which +
                  "to a system outside, which cannot pass it on");
      require(!each.on_success && each.succeeds_on.empty() && each.fails_on.empty() &&
                  !each.may_fail && !each.within,
              "says of the step '" + each.name + which +
                  "what only somebody who gets its answer could do");
    }
  }

  static const A& get(const aggregate_state& state) {
    return static_cast<const typed_aggregate_state<A>&>(state).get();
  }

  static typed_aggregate_state<A>& typed(aggregate_state& state) {
    return static_cast<typed_aggregate_state<A>&>(state);
  }

  template <class F>
  static step_command command_by(F function) {
    using command = decltype(detail::of_part(function, std::declval<const A&>(), {}));
    return {command::type_name, [function](const aggregate_state& state, std::string_view part) {
              return encoded(detail::of_part(function, get(state), part));
            }};
  }

  template <class F>
  static own_command own_by(F function) {
    using command = decltype(function(std::declval<const A&>()));
    return {command::type_name, [function](aggregate_state& state, const decision_context& context,
                                           recorded_events& events) {
              return typed(state).decide_value(function(get(state)), context, events);
            }};
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
