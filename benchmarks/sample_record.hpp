#pragma once

#include "apps/bank/account_messages.hpp"
#include "messages/codec.hpp"
#include "persistence/record.hpp"

#include <chrono>

namespace skald {

inline const deposited sample_event{"1234567", "12345", "54321", minor_units{4'711}, {}};

/// The turn in which an account takes a deposit of an orchestrated transfer. It refers to itself.
struct sample_record {
  byte_buffer payload = encode(sample_event);
  record value;

  sample_record() {
    value.turn = 12;
    value.sequence = 11;
    value.stream = {"account", "54321"};
    value.time = timestamp{std::chrono::seconds{1'772'366'400}};
    value.input = message_id_of("a dispatch");
    value.input_type = deposit::type_name;
    value.source = {"transfer", "1234567"};
    value.correlation = "1234567";
    value.causation = message_id_of("a command");
    value.first_sent = value.time;
    value.role = participation::step;
    value.step = "deposit";
    value.events = {{deposited::type_name, deposited::schema_version, payload}};
    value.status = "open";
  }

  sample_record(const sample_record&) = delete;
  sample_record& operator=(const sample_record&) = delete;
};

} // namespace skald
