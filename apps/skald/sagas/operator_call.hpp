#pragma once

#include "actors/parked_reactions.hpp"
#include "actors/runtime.hpp"
#include "apps/skald/sagas/saga_overview.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// What a person has to say about a saga.
struct operator_words {
  std::string id;   ///< of the aggregate that hosts the saga; for reactors the correlation id
  std::string step; ///< may be empty
  std::string type; ///< of the aggregate; may be empty
  std::string reason;
  std::string by; ///< who says it
};

/// Tells the saga what to do, by one of `saga_instructions`, and waits until it has been heard.
/// Returns the saga's address.
/// @throws user_error if there is no such saga, or with the reason why it does not do so.
address instruct_saga(runtime& target, std::string_view instruction, const operator_words& said);

namespace detail {

void ask_or_throw(runtime& target, client_command command, const operator_words& said);

std::vector<std::string> reactors_meant(const runtime& target, const operator_words& said);

} // namespace detail

/// Sends `C`, `retry_parked` or `skip_parked`, to every reactor that has parked something of the
/// transaction. Returns their names: none if nothing is parked, or if the words are about a step or
/// a type of aggregate.
/// @throws user_error with the reason why one does not do so.
template <class C>
std::vector<std::string> instruct_reactors(runtime& target, const operator_words& said) {
  auto result = detail::reactors_meant(target, said);
  for (const auto& each : result)
    detail::ask_or_throw(target, command_to<parked_reactions>(each, C{said.id, said.reason}), said);
  return result;
}

} // namespace skald
