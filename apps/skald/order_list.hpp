#pragma once

#include "apps/skald/separated_file.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <unordered_set>

namespace skald {

/// Which columns of an order list mean what.
struct order_list_columns {
  std::string id = "order_id";
  std::string status = "order_status";
  std::string time = "order_purchase_timestamp";
};

/// Reads `id=number,status=state`: what is not named keeps its column.
/// @throws user_error
order_list_columns order_list_columns_of(const std::string& mapping);

/// One order of a list.
struct listed_order {
  enum class fate : std::uint8_t {
    succeeds,
    is_not_paid, ///< the card is declined
    lacks_stock,
  };
  std::string id;
  fate ends = fate::succeeds;
  std::string purchased_at; ///< as the list says it
};

/// Reads a list of orders from a CSV file, one after another: `canceled` orders are not paid,
/// `unavailable` ones lack stock, those of any other status succeed.
class order_list {
public:
  /// `name` is the file's, for errors.
  /// @throws user_error
  order_list(std::istream& in, std::string name, const order_list_columns& columns);

  /// The next order; empty at the end.
  /// @throws user_error that names line and column
  std::optional<listed_order> next();

private:
  separated_file lines_;
  std::unordered_set<std::string> seen_;
};

} // namespace skald
