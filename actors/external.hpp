#pragma once

#include "actors/dispatch.hpp"
#include "messages/codec.hpp"
#include "messages/command_message.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// What a call of a system outside has come to.
class call_result {
public:
  enum class kind { succeeded, failed_for_now, refused, silent };

  kind what = kind::succeeded;
  std::string reason;
  std::vector<stored_event> events; ///< what the system has answered
};

/// The call has succeeded.
inline call_result call_succeeded() {
  return {};
}

/// The call has succeeded with an answer, which the saga's `on_success` sees among the events.
template <class E>
call_result call_succeeded(const E& answer) {
  return {call_result::kind::succeeded, {}, {{std::string{E::type_name}, 1, encode(answer)}}};
}

/// The call may succeed later, or has perhaps succeeded unseen: a time-out, a system that is down.
inline call_result call_failed_for_now(std::string reason) {
  return {call_result::kind::failed_for_now, std::move(reason), {}};
}

/// The call will never succeed.
inline call_result call_refused(std::string reason) {
  return {call_result::kind::refused, std::move(reason), {}};
}

/// No answer will come.
inline call_result no_answer() {
  return {call_result::kind::silent, {}, {}};
}

/// What a call may want to know besides its command.
struct call_context {
  message_id id; ///< the same for every try of one call: the idempotency key
  std::string_view correlation;
  std::string_view step;
};

/// A system outside, as a participant of sagas: calls it for each command that a saga sends it. A
/// function blocks a thread of its own, and must come back in a bounded time. It is called at least
/// once for a command, with the same id each time.
///
///     external("payment gateway").on<charge>([](const charge& command, const call_context& call) {
///       return post("/charges", command, call.id);
///     })
class external {
public:
  struct rule {
    std::string_view command_type;
    std::function<call_result(byte_span payload, const call_context&)> call;
  };

  /// `concurrency`: how many calls may be under way at once.
  explicit external(std::string name, unsigned concurrency = 4)
      : name_(std::move(name)), concurrency_(concurrency) {}

  /// `function(const C&, const call_context&) -> call_result`. What it throws is a failure for now.
  template <class C, class F>
  external& on(F function) {
    rules_.push_back(
        {C::type_name, [function](byte_span payload, const call_context& context) -> call_result {
           C command;
           if (auto wrong = decode(payload, command))
             return call_refused("the data of " + std::string{C::type_name} +
                                 " is wrong: " + *wrong);
           return function(command, context);
         }});
    return *this;
  }

  const std::string& name() const { return name_; }
  unsigned concurrency() const { return concurrency_; }
  const std::vector<rule>& rules() const { return rules_; }

  /// Does what `message` asks for. A confirm or cancel that needs nothing of the domain succeeds.
  call_result call(const command_message& message) const;

private:
  std::string name_;
  unsigned concurrency_;
  std::vector<rule> rules_;
};

} // namespace skald
