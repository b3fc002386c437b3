#pragma once

#include "persistence/record.hpp"
#include "tests/persistence/test_stream.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace skald::test {

struct record_sample {
  std::string name; ///< that of its fixture
  record value;
};

inline bool equal(const event_view& x, const event_view& y) {
  return x.type == y.type && x.version == y.version && as_text(x.payload) == as_text(y.payload);
}

inline bool equal(const dispatch_view& x, const dispatch_view& y) {
  return x.to == y.to && x.role == y.role && x.step == y.step && x.type == y.type &&
         as_text(x.payload) == as_text(y.payload) && as_text(x.slip) == as_text(y.slip);
}

inline bool equal(const deadline_view& x, const deadline_view& y) {
  return x.name == y.name && x.due == y.due;
}

template <class T>
bool equal(const std::vector<T>& x, const std::vector<T>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const T& a, const T& b) { return equal(a, b); });
}

inline bool equal(const record& x, const record& y) {
  return x.at == y.at && x.previous == y.previous && x.turn == y.turn && x.sequence == y.sequence &&
         x.stream == y.stream && x.time == y.time && x.kind == y.kind && x.input == y.input &&
         x.input_type == y.input_type && x.source == y.source && x.by == y.by &&
         x.correlation == y.correlation && x.causation == y.causation &&
         x.first_sent == y.first_sent && x.role == y.role && x.step == y.step &&
         x.accepted == y.accepted && x.reason == y.reason && equal(x.events, y.events) &&
         equal(x.dispatches, y.dispatches) && equal(x.deadlines, y.deadlines) &&
         x.saga_change == y.saga_change && x.saga == y.saga && x.deleted == y.deleted &&
         x.saga_open == y.saga_open && x.next_due == y.next_due && x.status == y.status &&
         x.pending == y.pending && x.transient == y.transient && x.settles == y.settles &&
         as_text(x.slip) == as_text(y.slip) && x.settled_reason == y.settled_reason;
}

/// A saga begins: a client's command, an event, a dispatch, a deadline.
inline record started_saga() {
  record x;
  x.at = 7;
  x.turn = 1;
  x.stream = {"transfer", "T-1"};
  x.time = at_micros(1'772'366'400'250'000);
  x.input = {0x0123456789abcdef, 0xfedcba9876543210};
  x.input_type = "TransferMoney";
  x.by = "teller";
  x.correlation = "T-1";
  x.first_sent = at_micros(1'772'366'400'000'000);
  x.events = {{"TransferCreated", 1,
               as_bytes("\xa1\x66"
                        "amount"
                        "\x18\x64")}};
  x.dispatches = {
      {{"account", "A-2"}, participation::step, "deposit", "Deposit", as_bytes("\xa0")}};
  x.deadlines = {{"transfer", at_micros(1'772'366'405'250'000)}};
  x.saga_change = saga_transition::started;
  x.saga = "transfer";
  x.saga_open = true;
  x.next_due = at_micros(1'772'366'405'250'000);
  x.status = "pending";
  return x;
}

/// A step of a saga is refused by its receiver, for a reason.
inline record refused_step() {
  record x;
  x.at = 123'456'789;
  x.previous = 123'000'000;
  x.turn = 300;
  x.sequence = 70'000;
  x.stream = {"account", "A-1"};
  x.time = at_micros(1'772'366'400'300'000);
  x.input = {1, 2};
  x.input_type = "Withdraw";
  x.source = {"transfer", "T-1"};
  x.correlation = "T-1";
  x.causation = {3, 4};
  x.first_sent = at_micros(1'772'366'400'290'000);
  x.role = participation::step;
  x.step = "withdraw";
  x.accepted = false;
  x.reason = "insufficient funds";
  x.events = {{"WithdrawFailed", 3, as_bytes("\xa0")}};
  x.status = "open";
  return x;
}

/// A deadline passes: several dispatches, deadlines cleared and set, no event.
inline record passed_deadline() {
  record x;
  x.at = std::numeric_limits<position>::max();
  x.previous = std::numeric_limits<position>::max() - 1;
  x.turn = std::numeric_limits<std::uint64_t>::max();
  x.sequence = 9;
  x.stream = {"order", "2026/000017"};
  x.time = at_micros(-5);
  x.kind = input_kind::deadline;
  x.input_type = "shipment";
  x.correlation = "basket-4";
  x.source = {"clock", "elsewhere"};
  x.dispatches = {{{"payment", "P-1"}, participation::cancel, "pay", "", {}},
                  {{"stock", "S-1"}, participation::confirm, "reserve", "", {}},
                  {{"mail", "M-1"}, participation::none, "", "SendMail", as_bytes("\xa0")}};
  x.deadlines = {{"shipment", no_time},
                 {"retry", at_micros(1'000'000)},
                 {"give up", at_micros(std::numeric_limits<std::int64_t>::max())}};
  x.saga_change = saga_transition::compensating;
  x.saga_open = true;
  x.next_due = at_micros(1'000'000);
  x.status = "cancelling";
  return x;
}

/// The least that a turn can be: everything optional left out.
inline record bare_turn() {
  record x;
  x.at = 1;
  x.turn = 1;
  x.stream = {"a", "1"};
  x.accepted = false;
  return x;
}

/// An aggregate is deleted, with several events of one turn, one without a payload.
inline record deleted_aggregate() {
  record x;
  x.at = 2;
  x.previous = 1;
  x.turn = 2;
  x.stream = {"order", "O-1"};
  x.time = at_micros(1'772'366'400'300'000);
  x.kind = input_kind::outcome;
  x.input = {0, 1};
  x.causation = x.input;
  x.input_type = "ship";
  x.source = {"shipment", "S-1"};
  x.correlation = "O-1";
  x.events = {{"OrderCancelled", 1, as_bytes("\xa0")}, {"OrderDeleted", 4'000'000'000, {}}};
  x.dispatches = {{{"payment", "P-1"}, participation::cancel, "pay", "Refund", as_bytes("\xa0")}};
  x.saga_change = saga_transition::compensated;
  x.deleted = true;
  x.status = "cancelled: \xc3\xbc"
             "berzogen";
  return x;
}

/// A command that was pending is answered; a routing slip came with the input and goes on.
inline record settled_with_slip() {
  record x;
  x.at = 3;
  x.previous = 2;
  x.turn = 3;
  x.sequence = 2;
  x.stream = {"shipment", "S-1"};
  x.time = at_micros(1'772'366'400'400'000);
  x.input = {5, 6};
  x.input_type = "CarrierAnswered";
  x.correlation = "O-1";
  x.accepted = false;
  x.reason = "no van is free";
  x.pending = true;
  x.transient = true;
  x.slip = as_bytes("\xa1\x61s\x01");
  x.settles = {7, 8};
  x.settled_reason = "no van came";
  x.saga_change = saga_transition::terminated;
  x.dispatches = {{{"payment", "P-1"},
                   participation::step,
                   "pay",
                   "Pay",
                   as_bytes("\xa0"),
                   as_bytes("\xa1\x61s\x02")}};
  x.status = "waiting";
  return x;
}

inline std::vector<record_sample> record_samples() {
  return {{"started_saga", started_saga()},           {"refused_step", refused_step()},
          {"passed_deadline", passed_deadline()},     {"bare_turn", bare_turn()},
          {"deleted_aggregate", deleted_aggregate()}, {"settled_with_slip", settled_with_slip()}};
}

/// The bytes of the fixture `name`: hexadecimal digits, with line breaks.
inline byte_buffer read_fixture(const std::string& name) {
  const auto path = std::string{SKALD_FIXTURES} + "/" + name + ".v1.hex";
  std::ifstream file{path};
  if (!file)
    throw std::runtime_error("cannot read " + path);
  byte_buffer bytes;
  std::string digits;
  for (char c = 0; file.get(c);)
    if (c != '\n')
      digits.push_back(c);
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

} // namespace skald::test
