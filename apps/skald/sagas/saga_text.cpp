#include "apps/skald/sagas/saga_text.hpp"

#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/printable.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

namespace skald {

namespace {

using nlohmann::ordered_json;

std::string row(std::string_view id, std::string_view saga, std::string_view phase,
                std::string_view since, std::string_view rest) {
  return fmt::format("{:<24}  {:<22}  {:<13}  {:<12}  {}\n", id, saga, phase, since, rest);
}

ordered_json step_json(const step_overview& x) {
  ordered_json result{{"name", x.name}, {"status", x.status}};
  if (!x.participant.empty())
    result["participant"] = to_string(x.participant);
  if (x.sent != no_time)
    result["sent"] = to_string(x.sent);
  result["awaits_answer"] = x.awaits_answer;
  result["refusals"] = x.refusals;
  return result;
}

std::string step_text(const step_overview& x, timestamp now) {
  auto result = fmt::format("{} {}", x.name, x.status);
  if (x.awaits_answer)
    result += fmt::format(", waits for {} since {}", to_string(x.participant),
                          elapsed_text(now - x.sent));
  else if (x.refusals > 0 && x.remains)
    result += fmt::format(", refused {} times by {}", x.refusals, to_string(x.participant));
  return result;
}

std::string joined(const std::vector<std::string_view>& texts) {
  std::string result;
  for (const auto each : texts)
    result += (result.empty() ? "" : ", ") + std::string{each};
  return result.empty() ? "nothing" : result;
}

std::string deadline_text(const std::pair<std::string, timestamp>& x, timestamp now) {
  return x.second >= now
             ? fmt::format("next deadline '{}' in {}", x.first, elapsed_text(x.second - now))
             : fmt::format("deadline '{}' is past since {}", x.first, elapsed_text(now - x.second));
}

} // namespace

ordered_json saga_json(const saga_overview& x) {
  ordered_json result{{"type", x.self.type},
                      {"id", x.self.id},
                      {"saga", x.saga},
                      {"phase", x.phase},
                      {"open", x.open},
                      {"parked", x.parked},
                      {"correlation", x.correlation},
                      {"since", to_string(x.since)}};
  if (!x.reason.empty())
    result["reason"] = x.reason;
  result["steps"] = ordered_json::array();
  for (const auto& each : x.steps)
    result["steps"].push_back(step_json(each));
  result["deadlines"] = ordered_json::array();
  for (const auto& [name, due] : x.deadlines)
    result["deadlines"].push_back({{"name", name}, {"due", to_string(due)}});
  result["took_effect"] = x.took_effect();
  result["remains"] = x.remains();
  return result;
}

std::string saga_text(const saga_overview& x, timestamp now) {
  std::string rest;
  auto add = [&](const std::string& part) { rest += (rest.empty() ? "" : "; ") + part; };
  if (!x.reason.empty())
    add(x.reason);
  if (x.open)
    for (const auto& each : x.steps)
      add(step_text(each, now));
  if (x.open && x.steps.empty())
    add("carried by handlers");
  if (x.open && !x.deadlines.empty())
    add(deadline_text(x.deadlines.front(), now));
  if (!x.steps.empty())
    add("took effect: " + joined(x.took_effect()));
  if (x.open && !x.steps.empty())
    add("remains: " + joined(x.remains()));
  return row(printable(to_string(x.self)), printable(x.saga), x.phase, elapsed_text(now - x.since),
             printable(rest));
}

std::string saga_heading() {
  return row("ID", "SAGA", "PHASE", "SINCE", "STEPS");
}

} // namespace skald
