#pragma once

#include "actors/decision.hpp"
#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "messages/codec.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace skald {

/// A command as it is sent: its name and its CBOR map.
struct encoded_command {
  std::string_view type; ///< static storage
  byte_buffer payload;
};

template <class C>
encoded_command encoded(const C& command) {
  return {C::type_name, encode(command)};
}

/// A command and who it goes to.
struct dispatch {
  address to;
  encoded_command command;
};

/// A dispatch that knows the types of receiver and command, so that the flow of a saga can be drawn
/// before it has run.
template <class Target, class C>
struct typed_dispatch : dispatch {
  using target = Target;
  using command_type = C;
};

/// The dispatch of `command` to the `Target` named `id`.
template <class Target, command_of<Target> C>
typed_dispatch<Target, C> to(std::string id, const C& command) {
  return {{{std::string{Target::type_name}, std::move(id)}, encoded(command)}};
}

/// The type of the addresses of external participants.
struct external_participant {
  static constexpr std::string_view type_name = "external";
};

/// Is it the address of a system outside, which keeps no record of what it has handled?
inline bool is_external(const address& x) {
  return x.type == external_participant::type_name;
}

/// The dispatch of `command` to the external participant `name`.
template <class C>
typed_dispatch<external_participant, C> to_external(std::string name, const C& command) {
  return {{{std::string{external_participant::type_name}, std::move(name)}, encoded(command)}};
}

} // namespace skald
