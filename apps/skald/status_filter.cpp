#include "apps/skald/status_filter.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/orders/order.hpp"
#include "apps/orders/payment.hpp"
#include "apps/orders/shipment.hpp"
#include "apps/skald/global_options.hpp"

#include <algorithm>
#include <vector>

namespace skald {

namespace {

std::vector<std::string_view> statuses_of(const entity_type& type) {
  if (type.name == account::type_name)
    return {account_status_names.begin(), account_status_names.end()};
  if (type.name == transfer::type_name)
    return {transfer_status_names.begin(), transfer_status_names.end()};
  if (type.name == order::type_name)
    return {order_status_names.begin(), order_status_names.end()};
  if (type.name == payment::type_name)
    return {payment_status_names.begin(), payment_status_names.end()};
  if (type.name == shipment::type_name)
    return {shipment_status_names.begin(), shipment_status_names.end()};
  return {};
}

} // namespace

status_filter::status_filter(const entity_type& type, std::string status)
    : status_(std::move(status)) {
  if (status_.empty())
    return;
  auto known = statuses_of(type);
  const bool is_known = std::ranges::find(known, status_) != known.end();
  by_saga_ = !is_known && !type.sagas.empty() && status_ == "open";
  if (!is_known && !type.sagas.empty() && status_ == "failed")
    status_ = transfer_status_names[static_cast<std::size_t>(transfer_status::cancelled)];
  else if (!is_known && !by_saga_) {
    if (!type.sagas.empty())
      known.insert(known.end(), {"open", "failed"});
    std::string names;
    for (const auto each : known)
      names += (names.empty() ? "" : ", ") + std::string{each};
    throw user_error("no " + type.name + " has the status '" + status_ + "'; there are " + names);
  }
}

bool status_filter::takes(const stream_head& head) const {
  if (by_saga_)
    return head.saga_open;
  return status_.empty() || head.status == status_;
}

} // namespace skald
