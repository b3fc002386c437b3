#include "apps/skald/trace/trace_json.hpp"

#include "apps/skald/history.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace skald {

using nlohmann::ordered_json;

ordered_json trace_json(const transaction_trace& trace) {
  auto entries = ordered_json::array();
  for (const auto& each : trace.turns) {
    const auto elapsed = each.content.time - trace.turns.front().content.time;
    ordered_json cause;
    if (each.cause)
      cause = trace.turns[*each.cause].content.at;
    ordered_json entry;
    entry["stream"] = to_string(each.content.stream.to_address());
    entry["milliseconds"] = std::chrono::duration<double, std::milli>(elapsed).count();
    entry["depth"] = each.depth;
    entry["caused_by"] = std::move(cause);
    entry.update(turn_json(each.content));
    entries.push_back(std::move(entry));
  }
  return {{"correlation", trace.correlation}, {"entries", std::move(entries)}};
}

} // namespace skald
