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

// Given, when, then for aggregates and sagas: no actors, no disk, time that stands still until it is moved.
// Works with any test framework: an expectation that does not hold throws `expectation_failed`.

namespace skald {

class expectation_failed : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

namespace detail {

/// `Deposited {"amount":100}`.
std::string described(std::string_view type, byte_span payload);

template <class T>
std::string described(const T& message) {
  return described(T::type_name, encode(message));
}

/// @throws expectation_failed that shows both, unless they are equal.
void expect_equal(const std::string& what, const std::vector<std::string>& expected,
                  const std::vector<std::string>& actual);

} // namespace detail

/// What an aggregate decided on a command, for comparison.
class decided {
public:
  decided(verdict result, std::vector<std::string> events)
      : result_(std::move(result)), events_(std::move(events)) {}

  /// Exactly these events, in this order.
  template <class... Es>
  void then(const Es&... expected) const {
    if (!result_.accepted && events_.empty())
      throw expectation_failed("expected events, but the command was rejected: " + result_.reason);
    detail::expect_equal("events", {detail::described(expected)...}, events_);
  }

  /// Accepted, and nothing happened.
  void then_nothing() const { then(); }

  /// Rejected, with a reason that contains `part`.
  void then_rejected(std::string_view part = {}) const;

private:
  verdict result_;
  std::vector<std::string> events_;
};

/// The past of an aggregate: `given<account>(account_opened{...}).when(withdraw{...}).then(...)`.
template <class A>
class given {
public:
  template <event_of<A>... Es>
  explicit given(const Es&... past) {
    (detail::call_evolve(state_, past), ...);
  }

  /// The aggregate has the id `id`, and the command comes at `now`.
  given& as(std::string id, timestamp now = no_time) {
    self_.id = std::move(id);
    now_ = now;
    return *this;
  }

  template <command_of<A> C>
  decided when(const C& command) const {
    const decision_context context{self_, self_.id, now_};
    const decision<A> result = detail::call_decide(state_, command, context);
    if (auto refused = result.refused())
      return {{false, refused->reason, true}, {}};
    std::vector<std::string> events;
    result.for_each_event([&](const typename A::event& each) {
      std::visit([&](const auto& event) { events.push_back(detail::described(event)); }, each);
    });
    return {{}, std::move(events)};
  }

  const A& state() const { return state_; }

private:
  A state_;
  address self_{std::string{A::type_name}, "test"};
  timestamp now_ = no_time;
};

/// One saga with simulated participants: what it sends is looked at instead of delivered, and the test says
/// what comes back, in any order, as often as it likes.
class saga_scenario {
public:
  saga_scenario(const registry& types, address self, timestamp start = timestamp{duration{1}});

  template <class C>
  saga_scenario& when(const C& command) {
    return when_command(C::type_name, encode(command));
  }

  /// The participant of `step` answers the last command that it was sent for it.
  saga_scenario& when_succeeded(std::string_view step);
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
    detail::expect_equal("events", {detail::described(expected)...}, events_);
    return *this;
  }

  /// The commands that the last input caused to be sent, each as `step: role type {data} to type/id`, as
  /// `sent` builds it; of a command that needs nothing of the domain type and data are left out.
  saga_scenario& then_sends(const std::vector<std::string>& expected) {
    detail::expect_equal("commands sent", expected, sent_);
    return *this;
  }

  saga_scenario& then_sends_nothing() { return then_sends({}); }

  saga_scenario& then_is(saga_progress::phase expected);

  const entity& get() const { return *entity_; }

private:
  saga_scenario& when_command(std::string_view type, byte_buffer payload);
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
std::string sent(std::string_view step, std::string_view role, const C& command, const address& to) {
  return std::string{step} + ": " + std::string{role} + " " + detail::described(command) + " to " +
         to_string(to);
}

} // namespace skald
