#include "apps/skald/command_json.hpp"

#include "apps/bank/transfer.hpp"
#include "apps/orders/order.hpp"
#include "apps/skald/printable.hpp"
#include "messages/cbor_cursor.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <pwd.h>
#include <set>
#include <unistd.h>
#include <vector>

namespace skald {

namespace {

using nlohmann::json;

constexpr std::size_t message_size_max = 300;

// What nlohmann_json says, without its own name and the place, and with no more of the input than
// is needed.
std::string plain_message(const json::exception& error) {
  const std::string_view whole = error.what();
  constexpr std::string_view place = ", column ";
  auto begin = whole.find(place);
  begin = whole.find(begin == std::string_view::npos ? "] " : ": ",
                     begin == std::string_view::npos ? 0 : begin);
  const auto text = begin == std::string_view::npos ? whole : whole.substr(begin + 2);
  return printable(text.substr(0, message_size_max)) +
         (text.size() > message_size_max ? "..." : "");
}

// Refuses while the text is being parsed what nlohmann_json would let through.
class json_guard {
public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    switch (event) {
    case json::parse_event_t::object_start:
      keys_.emplace_back();
      [[fallthrough]];
    case json::parse_event_t::array_start:
      if (static_cast<std::size_t>(depth) >= cbor_cursor::depth_max)
        throw json_error("nested more than " + std::to_string(cbor_cursor::depth_max) + " deep", 1);
      break;
    case json::parse_event_t::object_end:
      keys_.pop_back();
      break;
    case json::parse_event_t::key:
      if (const auto& key = parsed.get_ref<const std::string&>(); !keys_.back().insert(key).second)
        throw json_error("the key '" + printable(key) + "' is repeated", 1);
      break;
    default:
      break;
    }
    return true;
  }

private:
  std::vector<std::set<std::string>> keys_;
};

constexpr std::array<std::string_view, 8> known_keys{
    "type", "id", "command", "data", "message_id", "correlation_id", "expected_version", "wait"};

[[noreturn]] void fail_on(std::string_view key, std::string_view what) {
  throw json_error("'" + printable(key) + "' " + std::string{what}, 1);
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end())
    return {};
  if (!found->is_string())
    fail_on(key, "must be a text");
  auto text = found->get<std::string>();
  if (text.empty())
    fail_on(key, "must not be empty");
  return text;
}

std::string required_text(const json& object, const char* key) {
  if (!object.contains(key))
    fail_on(key, "is missing");
  return text_at(object, key);
}

byte_buffer data_of(const json& object) {
  const auto found = object.find("data");
  if (found == object.end())
    return cbor_of_json(json::object());
  if (!found->is_object())
    fail_on("data", "must be an object");
  return cbor_of_json(*found);
}

std::optional<std::uint64_t> version_of(const json& object) {
  const auto found = object.find("expected_version");
  if (found == object.end())
    return std::nullopt;
  if (!found->is_number_unsigned())
    fail_on("expected_version", "must be an integer that is not negative");
  return found->get<std::uint64_t>();
}

bool waits(const json& object) {
  const auto found = object.find("wait");
  if (found != object.end() && !found->is_boolean())
    fail_on("wait", "must be true or false");
  return found == object.end() || found->get<bool>();
}

client_command read_command(const json& object) {
  if (!object.is_object())
    throw json_error("a command must be an object", 1);
  for (const auto& [key, value] : object.items())
    if (std::ranges::find(known_keys, key) == known_keys.end())
      fail_on(key, "is no key of a command");
  client_command result;
  result.to = {required_text(object, "type"), required_text(object, "id")};
  if (auto wrong = id_error(result.to.id))
    fail_on("id", "is not valid: " + *wrong);
  result.type = required_text(object, "command");
  result.payload = data_of(object);
  result.message_id = text_at(object, "message_id");
  result.correlation = text_at(object, "correlation_id");
  if (auto wrong = id_error(result.correlation); wrong && !result.correlation.empty())
    fail_on("correlation_id", "is not valid: " + *wrong);
  result.expected_version = version_of(object);
  result.until_saga_ends = waits(object) && starts_saga(result);
  return result;
}

} // namespace

json parse_json(std::string_view text) {
  try {
    return json::parse(text.begin(), text.end(), json_guard{});
  } catch (const json::parse_error& error) {
    throw json_error(plain_message(error), std::max<std::size_t>(error.byte, 1));
  } catch (const json::exception& error) {
    throw json_error(plain_message(error), 1);
  }
}

client_command command_of_json(std::string_view text) {
  const auto parsed = parse_json(text);
  try {
    return read_command(parsed);
  } catch (const std::invalid_argument& error) {
    fail_on("data", error.what());
  }
}

bool starts_saga(const client_command& command) {
  return (command.to.type == transfer::type_name && command.type == transfer_money::type_name) ||
         (command.to.type == order::type_name && command.type == place_order::type_name);
}

std::optional<std::string> command_error(const registry& types, const client_command& command) {
  const auto* type = types.find(command.to.type);
  if (!type)
    return "there is no aggregate type '" + command.to.type + "'; the types are " +
           types.type_names();
  // Whether a command is understood does not depend on the state, so an empty one will do.
  recorded_events ignored;
  const decision_context context{command.to, command.to.id, no_time};
  auto decided = type->make_state()->decide(command.type, command.payload, context, ignored);
  return decided.understood ? std::nullopt : std::optional{std::move(decided.reason)};
}

std::string current_user() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry ? entry->pw_name : std::to_string(::geteuid());
}

} // namespace skald
