#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace skald {

/// Why a command is refused. Nothing is recorded but the refusal itself.
struct rejection {
  std::string reason;
  bool is_transient = false; ///< for now only: the same command may be accepted later
};

namespace detail {

template <class T, class Variant>
struct is_alternative : std::false_type {};

template <class T, class... Ts>
struct is_alternative<T, std::variant<Ts...>> : std::disjunction<std::is_same<T, Ts>...> {};

} // namespace detail

/// Is `T` one of the events of the aggregate `A`?
template <class T, class A>
concept event_of = detail::is_alternative<T, typename A::event>::value;

/// Is `T` one of the commands of the aggregate `A`?
template <class T, class A>
concept command_of = detail::is_alternative<T, typename A::command>::value;

/// An event that says that the command's purpose failed (`WithdrawFailed`): it is recorded, and
/// whoever sent the command sees a failure. Such an event declares `static constexpr bool
/// is_failure = true` and has a `std::string reason`.
template <class E>
concept failure_event = requires(const E& event) {
  requires E::is_failure;
  { event.reason } -> std::convertible_to<std::string>;
};

/// What a command handler decides: events (possibly none) or a rejection.
template <class A>
class decision {
public:
  using event = typename A::event;

  /// Accepts, and nothing happens.
  decision() = default;

  decision(rejection refused) : content_(std::move(refused)) {}

  template <event_of<A> E>
  decision(E happened) : content_(event{std::move(happened)}) {}

  decision(std::initializer_list<event> happened) : content_(std::vector<event>{happened}) {}

  decision(std::vector<event> happened) : content_(std::move(happened)) {}

  const rejection* refused() const { return std::get_if<rejection>(&content_); }

  /// Calls `visit` with each event, in order.
  template <class Visitor>
  void for_each_event(Visitor&& visit) const {
    if (auto one = std::get_if<event>(&content_))
      visit(*one);
    else if (auto many = std::get_if<std::vector<event>>(&content_))
      for (const auto& each : *many)
        visit(each);
  }

private:
  std::variant<std::monostate, event, std::vector<event>, rejection> content_;
};

} // namespace skald
