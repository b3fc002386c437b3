#pragma once

#include "actors/external.hpp"
#include "actors/registry.hpp"
#include "actors/saga.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

// Parcels ask a carrier, which is a system outside, and so answer late; an order books one with a
// saga.

namespace sample {

struct book {
  static constexpr std::string_view type_name = "Book";
  static constexpr auto while_held = skald::conflict_policy::reject();
};

struct unbook {
  static constexpr std::string_view type_name = "Unbook";
};

struct note_answer {
  static constexpr std::string_view type_name = "NoteAnswer";
  std::string refusal; ///< empty: the carrier takes it
};

struct note_undone {
  static constexpr std::string_view type_name = "NoteUndone";
};

struct relabel {
  static constexpr std::string_view type_name = "Relabel";
  static constexpr auto while_held = skald::conflict_policy::queue(2, std::chrono::seconds{5});
  std::string label;
};

struct weigh {
  static constexpr std::string_view type_name = "Weigh";
};

struct booking_requested {
  static constexpr std::string_view type_name = "BookingRequested";
  static constexpr bool is_pending = true;
  std::string parcel;
};

struct booked {
  static constexpr std::string_view type_name = "Booked";
};

struct booking_failed {
  static constexpr std::string_view type_name = "BookingFailed";
  static constexpr bool is_failure = true;
  std::string reason;
};

struct undoing_requested {
  static constexpr std::string_view type_name = "UndoingRequested";
  static constexpr bool is_pending = true;
};

struct unbooked {
  static constexpr std::string_view type_name = "Unbooked";
};

struct relabelled {
  static constexpr std::string_view type_name = "Relabelled";
  std::string label;
};

struct weighed {
  static constexpr std::string_view type_name = "Weighed";
};

/// For the carrier.
struct carry {
  static constexpr std::string_view type_name = "Carry";
  std::string parcel;
};

struct carry_not {
  static constexpr std::string_view type_name = "CarryNot";
  std::string parcel;
};

struct parcel {
  static constexpr std::string_view type_name = "parcel";
  using command = std::variant<book, unbook, note_answer, note_undone, relabel, weigh>;
  using event = std::variant<booking_requested, booked, booking_failed, undoing_requested, unbooked,
                             relabelled, weighed>;

  std::string id;
  std::string status = "new";
  std::string label;
};

struct place {
  static constexpr std::string_view type_name = "Place";
  std::string parcel;
};

struct placed {
  static constexpr std::string_view type_name = "Placed";
  std::string parcel;
};

struct parcel_order {
  static constexpr std::string_view type_name = "order";
  using command = std::variant<place>;
  using event = std::variant<placed>;

  std::string parcel;
};

template <class Inspector, class T>
requires std::is_empty_v<T>
bool inspect(Inspector& f, T& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, note_answer& x) {
  return f.object(x).fields(f.field("refusal", x.refusal));
}

template <class Inspector>
bool inspect(Inspector& f, relabel& x) {
  return f.object(x).fields(f.field("label", x.label));
}

template <class Inspector>
bool inspect(Inspector& f, booking_failed& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, booking_requested& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

template <class Inspector>
bool inspect(Inspector& f, relabelled& x) {
  return f.object(x).fields(f.field("label", x.label));
}

template <class Inspector>
bool inspect(Inspector& f, carry& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

template <class Inspector>
bool inspect(Inspector& f, carry_not& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

template <class Inspector>
bool inspect(Inspector& f, parcel& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("status", x.status),
                            f.field("label", x.label));
}

template <class Inspector>
bool inspect(Inspector& f, place& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

template <class Inspector>
bool inspect(Inspector& f, placed& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

template <class Inspector>
bool inspect(Inspector& f, parcel_order& x) {
  return f.object(x).fields(f.field("parcel", x.parcel));
}

inline skald::decision<parcel> decide(const parcel& state, const book&,
                                      const skald::decision_context& context) {
  if (state.status != "new")
    return skald::rejection{"it is " + state.status};
  return booking_requested{context.self.id};
}

inline skald::decision<parcel> decide(const parcel&, const unbook&) {
  return undoing_requested{};
}

inline skald::decision<parcel> decide(const parcel& state, const note_answer& command) {
  if (state.status != "asked")
    return skald::rejection{"it is " + state.status};
  if (!command.refusal.empty())
    return booking_failed{command.refusal};
  return booked{};
}

inline skald::decision<parcel> decide(const parcel& state, const note_undone&) {
  if (state.status == "asked")
    return booking_failed{"the carrier could not be asked"};
  return unbooked{};
}

inline skald::decision<parcel> decide(const parcel&, const relabel& command) {
  return relabelled{command.label};
}

inline skald::decision<parcel> decide(const parcel&, const weigh&) {
  return weighed{};
}

inline void evolve(parcel& state, const booking_requested& event) {
  state.id = event.parcel;
  state.status = "asked";
}

inline void evolve(parcel& state, const booked&) {
  state.status = "booked";
}

inline void evolve(parcel& state, const booking_failed&) {
  state.status = "failed";
}

inline void evolve(parcel& state, const undoing_requested&) {
  state.status = "undoing";
}

inline void evolve(parcel& state, const unbooked&) {
  state.status = "unbooked";
}

inline void evolve(parcel& state, const relabelled& event) {
  state.label = event.label;
}

inline void evolve(parcel&, const weighed&) {}

inline std::string_view status_of(const parcel& state) {
  return state.status;
}

inline skald::decision<parcel_order> decide(const parcel_order& state, const place& command) {
  if (!state.parcel.empty())
    return skald::rejection{"placed already"};
  return placed{command.parcel};
}

inline void evolve(parcel_order& state, const placed& event) {
  state.parcel = event.parcel;
}

inline std::string_view status_of(const parcel_order& state) {
  return state.parcel.empty() ? "new" : "placed";
}

/// Asks the carrier, again if need be; undone by an event of the parcel while it is open.
inline skald::saga<parcel> carrier_saga() {
  const auto ask = [](const parcel& state) {
    return skald::to_external("carrier", carry{state.id});
  };
  const auto undo = [](const parcel& state) { return carry_not{state.id}; };
  return skald::saga<parcel>("ask the carrier")
      .starts_on<booking_requested>()
      .step("carry")
      .send(ask)
      .compensate(undo)
      .cancelled_by<undoing_requested>()
      .on_completed([](const parcel&) { return note_answer{}; })
      .on_compensated([](const parcel&) { return note_undone{}; });
}

/// Tells the carrier that a parcel that was booked is not to be carried.
inline skald::saga<parcel> undo_saga() {
  return skald::saga<parcel>("tell the carrier off")
      .starts_on<undoing_requested>()
      .step("carry not")
      .send([](const parcel& state) { return skald::to_external("carrier", carry_not{state.id}); })
      .on_completed([](const parcel&) { return note_undone{}; });
}

/// Books a parcel.
inline skald::saga<parcel_order> order_saga() {
  return skald::saga<parcel_order>("order")
      .starts_on<placed>()
      .step("parcel")
      .send([](const parcel_order& state) { return skald::to<parcel>(state.parcel, book{}); })
      .succeeds_on<booked>()
      .fails_on<booking_failed>()
      .compensate([](const parcel_order&) { return unbook{}; })
      .deadline(std::chrono::seconds{30});
}

} // namespace sample
