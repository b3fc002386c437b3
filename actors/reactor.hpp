#pragma once

#include "actors/parked_reactions.hpp"
#include "actors/retry_policy.hpp"
#include "actors/saga.hpp"
#include "messages/command_message.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// A committed event, as handlers of a choreography see it.
struct published_event {
  position at = 0; ///< of its record
  address from;
  std::string correlation;
  std::uint64_t turn = 0;
  std::uint32_t index = 0; ///< among the events of its turn
  timestamp time = no_time;
  message_id causation; ///< the input whose turn recorded it
  stored_event event;

  event_place place() const { return {at, index}; }
};

/// The event `index` of a committed turn.
published_event published(const record& stored, std::uint32_t index);

using published_event_ptr = std::shared_ptr<const published_event>;

/// A command that a reactor sends, and what it means to the transaction.
struct reaction {
  dispatch what;
  participation role = participation::none;
  std::string step;
};

/// The receiver joins the transaction with the step `name`, until it is confirmed or cancelled.
inline reaction as_step(std::string name, dispatch what) {
  return {std::move(what), participation::step, std::move(name)};
}

inline reaction as_confirm(std::string name, dispatch what) {
  return {std::move(what), participation::confirm, std::move(name)};
}

inline reaction as_cancel(std::string name, dispatch what) {
  return {std::move(what), participation::cancel, std::move(name)};
}

inline reaction plainly(dispatch what) {
  return {std::move(what), participation::none, {}};
}

/// A handler of a choreography: reacts to events by sending commands, keeps no state.
///
///     reactor("withdraw handler")
///         .on<account, deposited>([](const deposited& event) -> std::vector<reaction> { ... })
///         .emits<account, withdraw>()
///         .retry({.retries = 5, .delay = 100ms, .factor = 2})
///
/// A reaction that throws, or whose command is refused without a failure event, is tried again;
/// later events of the same transaction wait behind it. When the tries are used up, it is parked
/// with all of them (`parked_reactions`), until an operator has them retried or skipped.
class reactor {
public:
  /// What a rule may send, as far as it says so.
  struct emission {
    std::string_view target_type;
    std::string_view command_type;
  };

  struct rule {
    std::string_view aggregate_type;
    std::string_view event_type;
    std::function<std::vector<reaction>(const published_event&)> react;
    std::vector<emission> emits;
  };

  explicit reactor(std::string name) : name_(std::move(name)) {}

  /// `function(const E&) -> std::vector<reaction>`, pure; called from any thread, also by several
  /// at once.
  template <class A, event_of<A> E, class F>
  reactor& on(F function) {
    rules_.push_back(
        {A::type_name,
         E::type_name,
         [function](const published_event& published) {
           E event;
           const auto& stored = published.event;
           if (auto wrong = detail::decode_event(stored.version, stored.payload, event))
             throw std::runtime_error("the event '" + stored.type + "' cannot be read: " + *wrong);
           return std::vector<reaction>{function(event)};
         },
         {}});
    return *this;
  }

  /// Declares that the rule given last may send `C` to a `Target`. For pictures of the flow:
  /// nothing is checked.
  template <class Target, command_of<Target> C>
  reactor& emits() {
    if (rules_.empty())
      throw std::logic_error("the reactor '" + name_ + "' says what it emits before any rule");
    rules_.back().emits.push_back({Target::type_name, C::type_name});
    return *this;
  }

  /// How often and when it tries again before it parks an event. With retries without end it never
  /// parks one, and keeps in memory what waits behind it.
  reactor& retry(retry_policy policy) {
    retry_ = policy;
    return *this;
  }

  const std::string& name() const { return name_; }
  const std::vector<rule>& rules() const { return rules_; }
  const retry_policy& retry() const { return retry_; }

  /// The address that outcomes of its commands go to.
  address self() const { return {std::string{address_type}, name_}; }

  static constexpr std::string_view address_type = "reactor";

  /// The commands that follow from `published`, with ids derived from the event, so that reacting
  /// again sends the same messages.
  std::vector<command_message_ptr> react(const published_event& published) const;

  /// The id under which a command of which `react` gave the id `first`, and which was refused, is
  /// sent again, for the `attempt`-th time from 1: its receiver would repeat its first answer.
  message_id id_of_attempt(message_id first, unsigned attempt) const;

private:
  std::string name_;
  std::vector<rule> rules_;
  retry_policy retry_;
};

} // namespace skald
