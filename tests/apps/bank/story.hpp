#pragma once

#include "apps/bank/account.hpp"
#include "apps/bank/bank_invariant.hpp"
#include "apps/bank/transfer.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace skald {

/// A record that owns what it says.
struct owned_record {
  address stream;
  std::vector<stored_event> events;
  std::string correlation;
  participation role = participation::none;
  saga_transition saga_change = saga_transition::none;
  bool accepted = true;
};

/// A journal in the making.
class story {
public:
  template <class A, event_of<A>... Es>
  story& turn(const std::string& id, const Es&... events) {
    owned_record next;
    next.stream = {std::string{A::type_name}, id};
    next.events = {{std::string{Es::type_name}, schema_version_of<Es>(), encode(events)}...};
    records.push_back(next);
    return *this;
  }

  // The last record handled a cancel of `transfer`.
  story& on_cancel_of(const std::string& transfer) {
    records.back().correlation = transfer;
    records.back().role = participation::cancel;
    return *this;
  }

  story& refused() {
    records.back().accepted = false;
    return *this;
  }

  story& saga_ends(const std::string& id, saga_transition how) {
    turn<transfer>(id);
    records.back().saga_change = how;
    return *this;
  }

  bank_invariant told() const {
    bank_invariant result;
    std::map<address, std::uint64_t> sequences;
    position at = 0;
    for (const auto& each : records) {
      record x;
      x.at = ++at;
      x.stream = each.stream;
      x.sequence = sequences[each.stream];
      x.correlation = each.correlation;
      x.role = each.role;
      x.accepted = each.accepted;
      x.saga_change = each.saga_change;
      for (const auto& event : each.events)
        x.events.push_back({event.type, event.version, event.payload});
      sequences[each.stream] += each.events.size();
      result.see(x);
    }
    return result;
  }

  std::vector<owned_record> records;
};

/// A has 100, B nothing, a transfer of 60 from A to B is asked for.
inline story beginning(transfer_style style) {
  story result;
  result.turn<account>("A", account_opened{{100}});
  result.turn<account>("B", account_opened{});
  result.turn<transfer>("T", transfer_created{"T", "A", "B", {60}, style, 5'000});
  return result;
}

inline const deposited paid_in{"T", "A", "B", {60}, transfer_style::orchestrated};
inline const withdrawn paid_out{"T", "B", {60}, transfer_style::orchestrated};
inline const transfer_completed complete{"T", "A", "B", transfer_style::orchestrated};
inline const transfer_canceled cancel{"T", "A", "B", transfer_style::orchestrated, "why"};

inline story after_both_steps(transfer_style style) {
  return beginning(style)
      .turn<account>("B", paid_in)
      .turn<transfer>("T", deposit_completed{})
      .turn<account>("A", paid_out);
}

inline story after_completion(transfer_style style) {
  return after_both_steps(style).turn<transfer>("T", withdraw_completed{}, complete);
}

inline story success(transfer_style style) {
  auto result = after_completion(style)
                    .turn<account>("B", deposit_confirmed{"T", {60}})
                    .turn<account>("A", withdraw_confirmed{"T", {60}});
  if (style == transfer_style::orchestrated)
    result.saga_ends("T", saga_transition::completed);
  return result;
}

inline story orchestrated_failure_before_compensation() {
  return beginning(transfer_style::orchestrated)
      .turn<account>("B", paid_in)
      .turn<transfer>("T", deposit_completed{})
      .turn<account>("A", withdraw_failed{"T", {60}, "why", transfer_style::orchestrated})
      .turn<transfer>("T", cancel);
}

inline story orchestrated_failure() {
  return orchestrated_failure_before_compensation()
      .turn<account>("B", deposit_cancelled{"T", {60}})
      .on_cancel_of("T")
      .saga_ends("T", saga_transition::compensated);
}

/// The deadline passes while the withdrawal is on its way; it comes before the cancel does.
inline story choreographed_failure() {
  return beginning(transfer_style::choreographed)
      .turn<account>("B", paid_in)
      .turn<transfer>("T", deposit_completed{})
      .turn<transfer>("T", cancel)
      .turn<account>("A", paid_out)
      .turn<account>("A", withdraw_cancelled{"T", {60}})
      .on_cancel_of("T")
      .turn<account>("B", deposit_cancelled{"T", {60}})
      .on_cancel_of("T");
}

/// Both accounts are told to cancel what they never did.
inline story choreographed_failure_at_once() {
  return beginning(transfer_style::choreographed)
      .turn<transfer>("T", cancel)
      .turn<account>("A")
      .on_cancel_of("T")
      .turn<account>("B")
      .on_cancel_of("T");
}

} // namespace skald
