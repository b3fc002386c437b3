#include "apps/skald/order_list.hpp"

#include "apps/skald/printable.hpp"
#include "messages/address.hpp"

#include <array>
#include <sstream>
#include <string_view>

namespace skald {

namespace {

enum column : std::size_t { id_column, status_column, time_column };

std::array<std::string_view, 3> names_of(const order_list_columns& columns) {
  return {columns.id, columns.status, columns.time};
}

listed_order::fate fate_of(std::string_view status) {
  if (status == "canceled")
    return listed_order::fate::is_not_paid;
  if (status == "unavailable")
    return listed_order::fate::lacks_stock;
  return listed_order::fate::succeeds;
}

} // namespace

order_list_columns order_list_columns_of(const std::string& mapping) {
  order_list_columns result;
  std::istringstream in{mapping};
  for (std::string each; std::getline(in, each, ',');) {
    const auto sign = each.find('=');
    const auto name = each.substr(0, sign);
    if (sign == std::string::npos || sign + 1 == each.size())
      throw user_error{"'" + each + "' does not map anything; write such as id=order_id"};
    if (name != "id" && name != "status" && name != "time")
      throw user_error{"an order has no '" + name + "' to map; there are id, status and time"};
    (name == "id"       ? result.id
     : name == "status" ? result.status
                        : result.time) = each.substr(sign + 1);
  }
  return result;
}

order_list::order_list(std::istream& in, std::string name, const order_list_columns& columns)
    : lines_(in, std::move(name), names_of(columns), ',', separated_file::header::among_others) {}

std::optional<listed_order> order_list::next() {
  if (!lines_.next())
    return std::nullopt;
  const auto& id = lines_.field(id_column);
  if (const auto wrong = id_error(id))
    throw lines_.error(id_column, "'" + printable(id) + "' is no id of an order: " + *wrong);
  if (!seen_.insert(id).second)
    throw lines_.error(id_column, "the order '" + printable(id) + "' is in the list twice");
  const auto& status = lines_.field(status_column);
  if (status.empty())
    throw lines_.error(status_column, "the order has no status");
  return listed_order{id, fate_of(status), lines_.field(time_column)};
}

} // namespace skald
