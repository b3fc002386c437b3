#pragma once

#include "actors/conflict_policy.hpp"
#include "actors/decision.hpp"
#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/codec.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skald {

/// The schema version of an event: 1 unless it declares `static constexpr std::uint32_t
/// schema_version`.
template <class E>
constexpr std::uint32_t schema_version_of() {
  if constexpr (requires { E::schema_version; })
    return E::schema_version;
  else
    return 1;
}

/// The version of what an aggregate's events add up to: 1 unless it declares
/// `static constexpr std::uint32_t snapshot_version`. To be raised when `evolve` gives another
/// state for the same events, so that snapshots taken before are not used.
template <class A>
constexpr std::uint32_t snapshot_version_of() {
  if constexpr (requires { A::snapshot_version; })
    return A::snapshot_version;
  else
    return 1;
}

/// Is the command `C` for sagas, reactors and the aggregate itself alone? It says so with
/// `static constexpr bool is_internal = true`; a client that sends it is refused.
template <class C>
constexpr bool is_internal_command() {
  if constexpr (requires { C::is_internal; })
    return C::is_internal;
  else
    return false;
}

/// Does the event `E` say that what was asked for is under way, and a later event of the same
/// transaction tells how it ends? It says so with `static constexpr bool is_pending = true`; a step
/// of a saga is answered by that later event.
template <class E>
constexpr bool is_pending_event() {
  if constexpr (requires { E::is_pending; })
    return E::is_pending;
  else
    return false;
}

/// May a reactor have to do something about `event`? It says so with a free function `bool
/// concerns_reactors(const E&)`; without one, yes. Spares the cost of publishing what every reactor
/// would pass over: one that has to read the journal again sees the event nevertheless.
template <class E>
bool may_concern_reactors(const E& event) {
  if constexpr (requires { concerns_reactors(event); })
    return concerns_reactors(event);
  else
    return true;
}

/// The events of one turn as they are recorded, encoded one behind the other.
class recorded_events {
public:
  struct entry {
    std::string_view type; ///< static storage
    std::uint32_t version;
    std::size_t offset;
    std::size_t size;
    bool concerns_reactors;
  };

  void clear() {
    entries_.clear();
    bytes_.clear();
    pending_ = 0;
    failure_.reset();
  }

  template <class E>
  void add(const E& event) {
    const auto offset = bytes_.size();
    encode(event, bytes_);
    entries_.push_back({E::type_name, schema_version_of<E>(), offset, bytes_.size() - offset,
                        may_concern_reactors(event)});
    pending_ += is_pending_event<E>() ? 1 : 0;
    if constexpr (failure_event<E>)
      failure_ = event.reason;
  }

  bool empty() const { return entries_.empty(); }
  const std::vector<entry>& entries() const { return entries_; }

  /// Does an event say that something is under way?
  bool pending() const { return pending_ > 0; }

  /// Does an event say how something has ended?
  bool conclusive() const { return entries_.size() > pending_; }

  /// The reason of the last event that is a failure.
  const std::optional<std::string>& failure() const { return failure_; }

  byte_span payload(const entry& x) const { return byte_span{bytes_}.subspan(x.offset, x.size); }

private:
  std::vector<entry> entries_;
  byte_buffer bytes_;
  std::size_t pending_ = 0;
  std::optional<std::string> failure_;
};

/// The verdict on a command: accepted, or why not. A command that was not understood (an unknown
/// name, data that does not fit it) is not decided and leaves no trace.
struct verdict {
  bool accepted = true;
  std::string reason;
  bool understood = true;
  bool transient = false; ///< not accepted for now: the same may be accepted later
};

/// What a command handler may want to know besides state and command. It has no clock: time comes
/// in.
struct decision_context {
  const address& self;          ///< the aggregate that decides
  std::string_view correlation; ///< the business transaction that the command belongs to
  timestamp now;
  bool from_client = false; ///< the command comes from outside, not from a saga or reactor
};

struct routing_slip;

/// The state of one live aggregate, its type erased. State is the fold of its events.
class aggregate_state {
public:
  virtual ~aggregate_state() = default;

  /// Decodes the command named `type`, decides, adds the events to `events` and evolves the state
  /// by them.
  virtual verdict decide(std::string_view type, byte_span payload, const decision_context& context,
                         recorded_events& events) = 0;

  /// What the command named `type` declares of itself; the default if there is no such command.
  virtual command_traits traits_of(std::string_view type) const = 0;

  /// Evolves the state by a stored event. Returns why that cannot be done (an unknown type or
  /// version, bytes that are not such an event), or nothing.
  virtual std::optional<std::string> evolve(std::string_view type, std::uint32_t version,
                                            byte_span payload) = 0;

  /// Appends the state as a CBOR map of the domain's fields.
  virtual void encode_state(byte_buffer& out) const = 0;

  /// Replaces the state by what `encode_state` wrote. Returns why that cannot be done, or nothing.
  virtual std::optional<std::string> decode_state(byte_span bytes) = 0;

  /// The version of the state that `encode_state` writes.
  virtual std::uint32_t snapshot_version() const = 0;

  /// Lets the aggregate change what a routing slip, whose stop here is done, is still to visit.
  virtual void revise_slip(routing_slip& slip) const = 0;

  /// The soft state that readers see, in one word: `open`, `completed`, ...
  virtual std::string_view status() const = 0;

  /// The delete mark: a deleted aggregate rejects commands and stays in the journal.
  virtual bool deleted() const = 0;
};

namespace detail {

// The names make the compiler's message say which aggregate lacks the handler of which command or
// event.
template <class A, class C>
concept decides_in_context = requires(const A& state, const C& command,
                                      const decision_context& context) {
  { decide(state, command, context) } -> std::convertible_to<decision<A>>;
};

template <class A, class C>
concept decide_handles_command = decides_in_context<A, C> ||
    requires(const A& state, const C& command) {
  { decide(state, command) } -> std::convertible_to<decision<A>>;
};

template <class A, class E>
concept evolve_handles_event = requires(A& state, const E& event) {
  evolve(state, event);
};

template <class A, class C>
constexpr void require_command_handler() {
  static_assert(
      decide_handles_command<A, C>,
      "an aggregate needs `decision<A> decide(const A&, const Command&)` for each of its commands");
}

template <class A, class E>
constexpr void require_event_handler() {
  static_assert(evolve_handles_event<A, E>,
                "an aggregate needs `void evolve(A&, const Event&)` for each of its events");
}

// Free functions, because the member functions of typed_aggregate_state hide the domain's.
template <class A, class C>
decision<A> call_decide(const A& state, const C& command, const decision_context& context) {
  require_command_handler<A, C>();
  if constexpr (decides_in_context<A, C>)
    return decide(state, command, context);
  else if constexpr (decide_handles_command<A, C>)
    return decide(state, command);
}

template <class A, class E>
void call_evolve(A& state, const E& event) {
  require_event_handler<A, E>();
  if constexpr (evolve_handles_event<A, E>)
    evolve(state, event);
}

// Decodes an event of any version up to the present one: an older one by the upcaster from its
// predecessor.
template <class E>
std::optional<std::string> decode_event(std::uint32_t version, byte_span payload, E& out) {
  if (version == schema_version_of<E>())
    return skald::decode(payload, out);
  if constexpr (requires { typename E::previous_version; }) {
    typename E::previous_version older;
    if (auto wrong = decode_event(version, payload, older))
      return wrong;
    out = upcast(older);
    return std::nullopt;
  } else {
    return "this program does not know version " + std::to_string(version) + " of it";
  }
}

} // namespace detail

/// The state of an aggregate of the domain type `A`, which is a plain struct with
/// - `static constexpr std::string_view type_name`, `using command` and `using event` (variants of
/// structs
///   that have a `type_name` and an `inspect` overload), an `inspect` overload of its own,
/// - `decision<A> decide(const A&, const Command&)` for each command: pure; may take a
///   `const decision_context&` as third argument,
/// - `void evolve(A&, const Event&)` for each event: cannot fail,
/// - where an event's schema has changed: `using previous_version = OlderEvent` in the event and a
/// free
///   function `Event upcast(const OlderEvent&)`, from each version to the next,
/// - `bool concerns_reactors(const Event&)` for an event of which reactors often need know nothing,
/// - `std::string_view status_of(const A&)`, and `bool is_deleted(const A&)` if it can be deleted,
/// - `void revise(const A&, routing_slip&)` if it changes the itinerary of slips that come by.
template <class A>
class typed_aggregate_state final : public aggregate_state {
public:
  const A& get() const { return state_; }

  verdict decide(std::string_view type, byte_span payload, const decision_context& context,
                 recorded_events& events) override {
    return decide_named(type, payload, context, events, std::type_identity<typename A::command>{});
  }

  /// Decides a command that is at hand as a value.
  template <command_of<A> C>
  verdict decide_value(const C& command, const decision_context& context, recorded_events& events) {
    const decision<A> decided = detail::call_decide(state_, command, context);
    if (auto refused = decided.refused())
      return {false, refused->reason, true, refused->is_transient};
    verdict result;
    decided.for_each_event([&](const typename A::event& each) {
      std::visit([&](const auto& event) { record(event, events, result); }, each);
    });
    return result;
  }

  command_traits traits_of(std::string_view type) const override {
    return traits_named(type, std::type_identity<typename A::command>{});
  }

  std::optional<std::string> evolve(std::string_view type, std::uint32_t version,
                                    byte_span payload) override {
    return evolve_named(type, version, payload, std::type_identity<typename A::event>{});
  }

  void encode_state(byte_buffer& out) const override { encode(state_, out); }

  std::optional<std::string> decode_state(byte_span bytes) override {
    return decode(bytes, state_);
  }

  std::uint32_t snapshot_version() const override { return snapshot_version_of<A>(); }

  void revise_slip(routing_slip& slip) const override {
    if constexpr (requires { revise(state_, slip); })
      revise(state_, slip);
  }

  std::string_view status() const override { return status_of(state_); }

  bool deleted() const override {
    if constexpr (requires { is_deleted(state_); })
      return is_deleted(state_);
    else
      return false;
  }

private:
  template <class E>
  void record(const E& event, recorded_events& events, verdict& result) {
    events.add(event);
    detail::call_evolve(state_, event);
    if constexpr (failure_event<E>)
      result = {false, event.reason};
  }

  template <class... Cs>
  verdict decide_named(std::string_view type, byte_span payload, const decision_context& context,
                       recorded_events& events, std::type_identity<std::variant<Cs...>>) {
    verdict result;
    auto try_one = [&]<class C>(std::type_identity<C>) {
      if (type != C::type_name)
        return false;
      C command;
      if (is_internal_command<C>() && context.from_client)
        result = {false, std::string{type} + " is sent by sagas and reactors alone", false};
      else if (auto wrong = skald::decode(payload, command))
        result = {false, "the data of " + std::string{type} + " is wrong: " + *wrong, false};
      else
        result = decide_value(command, context, events);
      return true;
    };
    if (!(try_one(std::type_identity<Cs>{}) || ...))
      result = {false,
                "there is no command '" + std::string{type} + "' for " + std::string{A::type_name} +
                    "; its commands are " + names_of<Cs...>(),
                false};
    return result;
  }

  template <class... Cs>
  static command_traits traits_named(std::string_view type,
                                     std::type_identity<std::variant<Cs...>>) {
    command_traits result;
    (void)((type == Cs::type_name && (result = traits_of_command<Cs>(), true)) || ...);
    return result;
  }

  template <class... Es>
  std::optional<std::string> evolve_named(std::string_view type, std::uint32_t version,
                                          byte_span payload,
                                          std::type_identity<std::variant<Es...>>) {
    std::optional<std::string> wrong;
    auto try_one = [&]<class E>(std::type_identity<E>) {
      if (type != E::type_name)
        return false;
      E event;
      wrong = detail::decode_event(version, payload, event);
      if (wrong)
        wrong = "the event '" + std::string{type} + "' cannot be read: " + *wrong;
      else
        detail::call_evolve(state_, event);
      return true;
    };
    if (!(try_one(std::type_identity<Es>{}) || ...))
      wrong = "this program does not know the event '" + std::string{type} + "' of " +
              std::string{A::type_name};
    return wrong;
  }

  template <class... Ts>
  static std::string names_of() {
    std::string result;
    ((result += (result.empty() ? "" : ", ") + std::string{Ts::type_name}), ...);
    return result;
  }

  A state_;
};

} // namespace skald
