#pragma once

#include "actors/aggregate.hpp"

#include <string_view>
#include <variant>

namespace shop {

struct send_parcel {
  static constexpr std::string_view type_name = "SendParcel";
};

struct lose_parcel {
  static constexpr std::string_view type_name = "LoseParcel";
};

struct parcel_sent {
  static constexpr std::string_view type_name = "ParcelSent";
};

struct parcel_lost {
  static constexpr std::string_view type_name = "ParcelLost";
};

/// A domain outside the project's own namespace, as an embedder writes it.
struct parcel {
  static constexpr std::string_view type_name = "parcel";
  using command = std::variant<send_parcel, lose_parcel>;
  using event = std::variant<parcel_sent, parcel_lost>;
};

template <class Inspector>
bool inspect(Inspector& f, send_parcel& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, lose_parcel& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, parcel_sent& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, parcel_lost& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, parcel& x) {
  return f.object(x).fields();
}

inline skald::decision<parcel> decide(const parcel&, const send_parcel&) {
  return parcel_sent{};
}

inline void evolve(parcel&, const parcel_sent&) {}

inline std::string_view status_of(const parcel&) {
  return "somewhere";
}

} // namespace shop
