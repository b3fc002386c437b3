#include "apps/skald/timeline.hpp"

#include "apps/skald/history.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <cstdio>

namespace skald {

namespace {

using nlohmann::ordered_json;

double milliseconds_between(timestamp from, timestamp to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

std::string input_name(const record& x) {
  if (x.kind == input_kind::deadline)
    return "deadline passed";
  if (!x.input_type.empty())
    return std::string{x.input_type};
  return x.kind == input_kind::outcome ? fmt::format("{} answered", x.step) : "cancel";
}

std::string_view end_of_saga(saga_transition x) {
  switch (x) {
  case saga_transition::completed:
    return "all done";
  case saga_transition::compensated:
    return "all undone";
  default:
    return {};
  }
}

} // namespace

timeline::timeline(const journal& log, bool json)
    : log_(log), json_(json), colours_(json ? terminal_colours::none() : terminal_colours{}),
      seen_(log.last()) {}

void timeline::chapter(std::string_view title) {
  start_.reset();
  if (json_)
    std::puts(one_line({{"chapter", title}}).c_str());
  else
    std::printf("\n%s\n", bold(title).c_str());
}

void timeline::note(std::string_view text) {
  if (json_)
    std::puts(one_line({{"note", text}}).c_str());
  else
    std::printf("  %s\n", colours_.in(terminal_colours::dim, text).c_str());
}

void timeline::show_new_turns() {
  record x;
  log_.view()->scan(seen_ + 1, [&](position at, byte_span bytes) {
    if (const auto wrong = decode_record(bytes, at, x))
      throw store_error(store_error::cause::damaged,
                        "the record at position " + std::to_string(at) + " is damaged: " + *wrong);
    seen_ = at;
    if (!start_)
      start_ = x.time;
    if (json_) {
      ordered_json line{{"stream", to_string(x.stream.to_address())},
                        {"milliseconds", milliseconds_between(*start_, x.time)}};
      line.update(turn_json(x));
      std::puts(one_line(line).c_str());
    } else {
      std::puts(turn_line(x).c_str());
    }
    return true;
  });
  std::fflush(stdout);
}

void timeline::conclude(const ordered_json& object, std::string_view text) {
  std::puts(json_ ? one_line(object).c_str() : std::string{text}.c_str());
}

std::string timeline::turn_line(const record& x) const {
  const auto who = fmt::format("{:<14}", to_string(x.stream.to_address()));
  return fmt::format("  {:>8.2f} ms  {}  {:<17} {}", milliseconds_between(*start_, x.time),
                     colours_.in(terminal_colours::cyan, printable(who)), printable(input_name(x)),
                     effects_text(x));
}

// What a turn did and sent.
std::string timeline::effects_text(const record& x) const {
  std::string result;
  auto add = [&](const std::string& part) { result += (result.empty() ? "" : ", ") + part; };
  for (const auto& event : x.events)
    add(printable(event_text(event)));
  if (!x.accepted)
    add(colours_.in(terminal_colours::red,
                    printable(x.events.empty() ? fmt::format("refused: {}", x.reason)
                                               : std::string{x.reason})));
  if (x.role == participation::cancel && x.accepted && x.events.empty())
    add(colours_.in(terminal_colours::dim,
                    "nothing to undo; should the step still come, it is refused"));
  std::string sent;
  for (const auto& each : x.dispatches)
    sent += fmt::format("{}{} to {}", sent.empty() ? "-> " : ", ", each.type, each.to.id);
  if (!sent.empty())
    result += (result.empty() ? "" : "  ") + colours_.in(terminal_colours::dim, printable(sent));
  if (const auto end = end_of_saga(x.saga_change); !end.empty())
    add(colours_.in(x.saga_change == saga_transition::completed ? terminal_colours::green
                                                                : terminal_colours::red,
                    end));
  return result;
}

} // namespace skald
