#include "apps/skald/entity_json.hpp"

#include "apps/bank/money.hpp"
#include "apps/skald/printable.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace skald {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Fields that hold money, or money by transfer.
constexpr std::array<std::string_view, 7> money_fields{
    "amount", "balance", "deposits", "opening_balance", "outgoing", "pending", "withdrawals"};

// Fields of a state that an entity's heading shows already.
bool stands_in_heading(std::string_view field) {
  return field == "status" || field == "id";
}

bool is_empty(const json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_structured() && value.empty());
}

std::string value_text(std::string_view field, const json& value) {
  if (value.is_number_integer() && std::ranges::find(money_fields, field) != money_fields.end())
    return to_string(minor_units{value.get<std::int64_t>()});
  if (value.is_string())
    return printable(value.get_ref<const std::string&>());
  if (value.is_boolean())
    return value.get<bool>() ? "yes" : "no";
  if (!value.is_object())
    return printable(value.dump(-1, ' ', false, json::error_handler_t::replace));
  std::string result;
  for (const auto& [name, part] : value.items())
    result += (result.empty() ? "" : ", ") + printable(name) + ": " + value_text(field, part);
  return result.empty() ? "none" : result;
}

std::string line_text(std::string_view name, std::string_view value) {
  return fmt::format("  {:<18} {}\n", name, value);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& each : texts)
    result += (result.empty() ? "" : ", ") + printable(each);
  return result;
}

} // namespace

ordered_json entity_json(const entity_view& x) {
  ordered_json result;
  result["type"] = x.self.type;
  result["id"] = x.self.id;
  result["status"] = x.status;
  result["state"] = json_of_cbor(x.state);
  result["version"] = x.sequence;
  result["sequence"] = x.sequence;
  result["in_saga"] = x.in_saga;
  result["deleted"] = x.deleted;
  return result;
}

std::string entity_text(const entity_view& x) {
  auto result = printable(x.self.type + " " + x.self.id) + "\n";
  result += line_text("status", printable(x.status));
  const auto state = json_of_cbor(x.state);
  for (const auto& [field, value] : state.items())
    if (!stands_in_heading(field))
      result += line_text(printable(field), value_text(field, value));
  result += line_text("version", std::to_string(x.sequence));
  result += line_text("in saga", x.in_saga.empty() ? "none" : joined(x.in_saga));
  result += line_text("deleted", x.deleted ? "yes" : "no");
  return result;
}

std::string fields_text(const json& fields) {
  std::string result;
  for (const auto& [field, value] : fields.items())
    if (!stands_in_heading(field) && !is_empty(value))
      result += (result.empty() ? "" : ", ") + printable(field) + " " + value_text(field, value);
  return result;
}

} // namespace skald
