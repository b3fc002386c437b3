#pragma once

#include "actors/dispatch.hpp"
#include "actors/retry_policy.hpp"
#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/command_message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// A command as a slip carries it.
struct slip_command {
  std::string type; ///< empty: nothing of the domain needs to be said
  byte_buffer payload;

  bool operator==(const slip_command&) const = default;
};

/// One processor's part of a routing slip: what it does, and how that is undone or made final.
struct slip_stop {
  std::string name; ///< no two stops of a slip share one
  address at;
  slip_command command;
  slip_command compensate;
  slip_command confirm;
  retry_policy retry; ///< of the command, where it is refused for now
  retry_policy retry_compensation{
      .retries = retry_policy::without_end, .delay = std::chrono::milliseconds{100}, .factor = 2};

  template <class C>
  slip_stop&& compensated_by(const C& undoing) && {
    compensate = {std::string{C::type_name}, encode(undoing)};
    return std::move(*this);
  }

  template <class C>
  slip_stop&& confirmed_by(const C& finishing) && {
    confirm = {std::string{C::type_name}, encode(finishing)};
    return std::move(*this);
  }
};

/// The stop `name`, which does what `does` says:
/// `stop_named("insure", to<insurer>("I", insure{...})).compensated_by(end_insurance{...})`.
template <class Target, class C>
slip_stop stop_named(std::string name, typed_dispatch<Target, C> does) {
  slip_stop result;
  result.name = std::move(name);
  result.at = std::move(does.to);
  result.command = {std::string{C::type_name}, std::move(does.command.payload)};
  return result;
}

/// Where a slip is going.
enum class slip_heading : std::uint8_t {
  forward,      ///< along its itinerary
  confirming,   ///< back along its log: what was done is final
  compensating, ///< back along its log: what was done is undone
  stuck,        ///< to its originator: the last stop in the log cannot be undone
  recalling,    ///< not the slip itself, but what is sent after it to turn it round
};

/// A business transaction that carries its own plan: which processors it is still to visit and
/// which have done their part. Whoever has handled it passes it on; nobody coordinates it.
struct routing_slip {
  std::string tracking; ///< the transaction's correlation id
  address originator;   ///< who sent it on its way and gets it back
  slip_heading heading = slip_heading::forward;
  std::string reason;               ///< why it was turned round
  std::vector<slip_stop> itinerary; ///< still to be visited, the next one first
  std::vector<slip_stop> log;       ///< done and neither confirmed nor compensated, in their order

  /// The stop that it goes to; null: back to its originator.
  const slip_stop* next() const;

  /// Goes it to the stop `name` at `self`?
  bool goes_to(const address& self, std::string_view name) const;

  /// The stop that it went to has done its part. Forward: it enters the log. Backward: it leaves
  /// the log.
  void pass();

  /// Turns round: what stands in the log is to be undone, nothing else is visited.
  void fail(std::string_view why);

  /// The stop that it went to has not undone its part, however often it was tried.
  void park(std::string_view why);

  /// Turns round: what stands in the log is to be made final.
  void accept();

  /// What is wrong with what is still to be visited, or nothing.
  std::optional<std::string> itinerary_error() const;
};

/// What is sent after the slip `tracking` that was last seen on its way to the stop `name` at `at`.
routing_slip recall_of(std::string tracking, address originator, std::string reason,
                       std::string name, address at);

/// The names of messages that are for the runtime alone.
namespace slip_messages {
inline constexpr std::string_view back = "SlipCameBack";
inline constexpr std::string_view recall = "RecallSlip";
} // namespace slip_messages

/// The message that brings a slip to where it goes.
struct slip_sending {
  address to;
  participation role = participation::none;
  std::string step;
  slip_command command;
  byte_buffer slip;
};

slip_sending sending_of(const routing_slip& x);

/// What the names of messages with a slip begin with, and so their deadlines.
inline constexpr std::string_view slip_deadline_prefix = "slip ";

/// How a message with a slip is called among those of its transaction: what it is, and the stop.
/// Only a message that takes the place of another has the same name.
std::string name_of(const command_message& message);

// -- how it is stored
// --------------------------------------------------------------------------------------

template <class Inspector>
bool inspect(Inspector& f, retry_policy& x) {
  return f.object(x).fields(f.field("retries", x.retries), f.field("delay", x.delay),
                            f.field("factor", x.factor), f.field("longest", x.longest),
                            f.field("jitter", x.jitter));
}

template <class Inspector>
bool inspect(Inspector& f, slip_command& x) {
  return f.object(x).fields(f.field("type", x.type), f.field("payload", x.payload));
}

template <class Inspector>
bool inspect(Inspector& f, slip_stop& x) {
  return f.object(x).fields(f.field("name", x.name), f.field("at_type", x.at.type),
                            f.field("at_id", x.at.id), f.field("command", x.command),
                            f.field("compensate", x.compensate), f.field("confirm", x.confirm),
                            f.field("retry", x.retry),
                            f.field("retry_compensation", x.retry_compensation));
}

template <class Inspector>
bool inspect(Inspector& f, routing_slip& x) {
  auto heading = f.field(
      "heading", [&x] { return static_cast<std::uint8_t>(x.heading); },
      [&x](std::uint8_t number) {
        x.heading = static_cast<slip_heading>(number);
        return x.heading <= slip_heading::recalling;
      });
  return f.object(x).fields(
      f.field("tracking", x.tracking), f.field("originator_type", x.originator.type),
      f.field("originator_id", x.originator.id), heading, f.field("reason", x.reason),
      f.field("itinerary", x.itinerary), f.field("log", x.log));
}

} // namespace skald
