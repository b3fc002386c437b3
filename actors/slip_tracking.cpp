#include "actors/slip_tracking.hpp"

#include "messages/codec.hpp"

#include <string>

namespace skald {

namespace {

// The slip that `x` sends on, if it is the slip itself and not what is sent after it.
std::optional<routing_slip> slip_sent_by(const record& x, address_view& to) {
  for (const auto& each : x.dispatches) {
    routing_slip slip;
    if (each.slip.empty() || decode(each.slip, slip) || slip.heading == slip_heading::recalling)
      continue;
    to = each.to;
    return slip;
  }
  return std::nullopt;
}

bool is_end(saga_transition x) {
  switch (x) {
  case saga_transition::completed:
  case saga_transition::compensated:
  case saga_transition::resolved:
  case saga_transition::terminated:
    return true;
  default:
    return false;
  }
}

void follow(const record& x, std::optional<slip_place>& found) {
  address_view to;
  if (auto slip = slip_sent_by(x, to)) {
    found = slip_place{to.to_address(), true, x.time, std::move(slip)};
  } else if (found && x.stream == address_view{found->at} && x.kind == input_kind::command &&
             !x.slip.empty()) {
    found->is_under_way = false;
    found->since = x.time;
  } else if (found && found->slip && is_end(x.saga_change) &&
             x.stream == address_view{found->slip->originator}) {
    found = slip_place{found->slip->originator, false, x.time, std::nullopt};
  }
}

} // namespace

std::optional<slip_place> find_slip(const journal& log, std::string_view tracking) {
  std::optional<slip_place> result;
  record current;
  log.view()->scan(1, [&](position at, byte_span bytes) {
    if (auto wrong = decode_record(bytes, at, current))
      throw store_error(store_error::cause::damaged,
                        "the record at position " + std::to_string(at) + " is damaged: " + *wrong +
                            "; run `skald verify`");
    if (current.correlation == tracking)
      follow(current, result);
    return true;
  });
  return result;
}

} // namespace skald
