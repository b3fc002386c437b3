#include "actors/routing_slip.hpp"

#include "messages/codec.hpp"

#include <algorithm>

namespace skald {

namespace {

// What a person who follows the transaction reads.
struct slip_note {
  std::string_view heading;
  std::string reason;
};

template <class Inspector>
bool inspect(Inspector& f, slip_note& x) {
  return f.object(x).fields(f.field("heading", x.heading), f.field("reason", x.reason));
}

std::string_view text_of(slip_heading x) {
  switch (x) {
  case slip_heading::forward:
    return "forward";
  case slip_heading::confirming:
    return "confirming";
  case slip_heading::compensating:
    return "compensating";
  case slip_heading::stuck:
    return "stuck";
  case slip_heading::recalling:
    break;
  }
  return "recalling";
}

participation role_of(slip_heading x) {
  switch (x) {
  case slip_heading::forward:
    return participation::step;
  case slip_heading::confirming:
    return participation::confirm;
  default:
    return participation::cancel;
  }
}

bool goes_on(slip_heading x) {
  return x == slip_heading::forward || x == slip_heading::recalling;
}

} // namespace

const slip_stop* routing_slip::next() const {
  if (heading == slip_heading::stuck)
    return nullptr;
  if (goes_on(heading))
    return itinerary.empty() ? nullptr : &itinerary.front();
  return log.empty() ? nullptr : &log.back();
}

bool routing_slip::goes_to(const address& self, std::string_view name) const {
  const auto* stop = next();
  return stop ? stop->name == name && stop->at == self : name.empty() && originator == self;
}

void routing_slip::pass() {
  if (!next())
    return;
  if (!goes_on(heading)) {
    log.pop_back();
  } else {
    log.push_back(std::move(itinerary.front()));
    itinerary.erase(itinerary.begin());
  }
}

void routing_slip::fail(std::string_view why) {
  heading = slip_heading::compensating;
  reason = why;
  itinerary.clear();
}

void routing_slip::park(std::string_view why) {
  heading = slip_heading::stuck;
  reason = why;
}

void routing_slip::accept() {
  heading = slip_heading::confirming;
}

std::optional<std::string> routing_slip::itinerary_error() const {
  for (const auto& each : itinerary) {
    if (each.name.empty())
      return "a stop at " + to_string(each.at) + " has no name";
    if (std::ranges::count(itinerary, each.name, &slip_stop::name) +
            std::ranges::count(log, each.name, &slip_stop::name) >
        1)
      return "two stops are named '" + each.name + "'";
    if (is_external(each.at))
      return "the stop '" + each.name + "' is a system outside, which cannot pass a slip on";
  }
  return std::nullopt;
}

routing_slip recall_of(std::string tracking, address originator, std::string reason,
                       std::string name, address at) {
  routing_slip result;
  result.tracking = std::move(tracking);
  result.originator = std::move(originator);
  result.heading = slip_heading::recalling;
  result.reason = std::move(reason);
  auto& target = result.itinerary.emplace_back();
  target.name = std::move(name);
  target.at = std::move(at);
  return result;
}

slip_sending sending_of(const routing_slip& x) {
  slip_sending result;
  const auto* stop = x.next();
  const slip_note note{text_of(x.heading), x.reason};
  if (!stop) {
    result.to = x.originator;
    result.command = {std::string{slip_messages::back}, encode(note)};
  } else {
    result.to = stop->at;
    result.role = role_of(x.heading);
    result.step = stop->name;
    if (x.heading == slip_heading::recalling)
      result.command = {std::string{slip_messages::recall}, encode(note)};
    else
      result.command = x.heading == slip_heading::forward      ? stop->command
                       : x.heading == slip_heading::confirming ? stop->confirm
                                                               : stop->compensate;
  }
  result.slip = encode(x);
  return result;
}

std::string name_of(const command_message& message) {
  const auto what = message.type == slip_messages::recall    ? "recall"
                    : message.role == participation::step    ? "step"
                    : message.role == participation::confirm ? "confirm"
                    : message.role == participation::cancel  ? "cancel"
                                                             : "return";
  auto result = std::string{slip_deadline_prefix} + message.correlation + ": " + what;
  if (!message.step.empty())
    result.append(" ").append(message.step);
  return result;
}

} // namespace skald
