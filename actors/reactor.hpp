#pragma once

#include "actors/saga.hpp"
#include "messages/command_message.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
};

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
class reactor {
public:
  struct rule {
    std::string_view aggregate_type;
    std::string_view event_type;
    std::function<std::vector<reaction>(const published_event&)> react;
  };

  explicit reactor(std::string name) : name_(std::move(name)) {}

  /// `function(const E&) -> std::vector<reaction>`, pure.
  template <class A, event_of<A> E, class F>
  reactor& on(F function) {
    rules_.push_back(
        {A::type_name, E::type_name, [function](const published_event& published) {
           E event;
           const auto& stored = published.event;
           if (auto wrong = detail::decode_event(stored.version, stored.payload, event))
             throw std::runtime_error("the event '" + stored.type + "' cannot be read: " + *wrong);
           return std::vector<reaction>{function(event)};
         }});
    return *this;
  }

  const std::string& name() const { return name_; }
  const std::vector<rule>& rules() const { return rules_; }

  /// The address that outcomes of its commands go to.
  address self() const { return {std::string{address_type}, name_}; }

  static constexpr std::string_view address_type = "reactor";

  /// The commands that follow from `published`, with ids derived from the event, so that reacting
  /// again sends the same messages.
  std::vector<command_message_ptr> react(const published_event& published) const;

private:
  std::string name_;
  std::vector<rule> rules_;
};

} // namespace skald
