#pragma once

#include "actors/registry.hpp"
#include "actors/runtime.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace skald {

/// Text that is not the JSON that was expected.
class json_error : public std::runtime_error {
public:
  json_error(const std::string& what, std::size_t its_column)
      : std::runtime_error(what), column(its_column) {}

  std::size_t column; ///< byte where it was noticed, from 1
};

/// Parses JSON from anybody: refuses repeated keys, text that is not UTF-8, and nesting beyond what
/// a command can have.
/// @throws json_error
nlohmann::json parse_json(std::string_view text);

/// Reads a command as `skald run` takes it:
/// `{"type":"account","id":"A-1","command":"OpenAccount","data":{"opening_balance":100000}}`, and
/// optionally `message_id`, `correlation_id`, `expected_version`, `wait`.
/// @throws json_error, which names the key.
client_command command_of_json(std::string_view text);

/// Does the command begin a saga, so that its outcome is that of the saga?
bool starts_saga(const client_command& command);

/// Says why nobody could even consider `command` (an unknown type or name, data that do not fit
/// it), or nothing.
std::optional<std::string> command_error(const registry& types, const client_command& command);

/// Name of the user who runs the program: who a command is from.
std::string current_user();

} // namespace skald
