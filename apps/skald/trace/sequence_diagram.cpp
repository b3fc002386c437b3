#include "apps/skald/trace/sequence_diagram.hpp"

#include "actors/dispatch.hpp"
#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/history.hpp"
#include "apps/skald/trace/trace_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace skald {

namespace {

using arrow = sequence_diagram::arrow;
using note = sequence_diagram::note;

tone tone_of(participation role) {
  switch (role) {
  case participation::confirm:
    return tone::success;
  case participation::cancel:
    return tone::undoing;
  default:
    return tone::plain;
  }
}

std::string command_label(std::string_view type, participation role, std::string_view step) {
  if (!type.empty())
    return std::string{type};
  return fmt::format("{} {}", role == participation::confirm ? "confirm" : "cancel", step);
}

std::string events_label(const record& x) {
  std::string result;
  for (const auto& each : x.events)
    result += (result.empty() ? "" : ", ") + event_text(each);
  return result;
}

std::string deadline_label(std::string_view name) {
  const auto step = step_retried_at(name);
  return step.empty() ? fmt::format("deadline '{}'", name) : fmt::format("tries '{}' again", step);
}

class drawing {
public:
  explicit drawing(const transaction_trace& trace) : trace_(trace) {
    result_.title = "Transaction " + trace.correlation;
    result_.summary = summary_of(trace);
  }

  sequence_diagram draw() {
    for (std::size_t i = 0; i < trace_.turns.size(); ++i)
      draw_turn(i);
    return std::move(result_);
  }

private:
  void draw_turn(std::size_t index) {
    const auto& turn = trace_.turns[index];
    time_ = "+" + elapsed_text(turn.content.time - trace_.turns.front().content.time);
    switch (turn.content.kind) {
    case input_kind::command:
      draw_command(index);
      break;
    case input_kind::outcome:
      draw_answer(turn);
      break;
    case input_kind::deadline:
      break; // its note says it
    }
    draw_note(turn);
    draw_unheard(index);
    draw_call_again(index);
  }

  void draw_command(std::size_t index) {
    const auto& turn = trace_.turns[index];
    const auto& x = turn.content;
    auto label = command_label(x.input_type, x.role, x.step);
    if (x.source.type == reactor::address_type)
      label += fmt::format(" ({})", x.source.id);
    else if (is_late(index))
      label += " (arrives late)";
    const auto from =
        turn.cause ? lane_of(trace_.turns[*turn.cause].content.stream) : lane(sender_name(x));
    add(arrow{from, lane_of(x.stream), std::move(label), arrow::line::request, tone_of(x.role)});
  }

  void draw_answer(const traced_turn& turn) {
    const auto& x = turn.content;
    auto label = x.accepted ? std::string{x.pending ? "has begun" : "done"}
                            : fmt::format("refused{}: {}", x.transient ? " for now" : "", x.reason);
    if (x.accepted && turn.cause)
      if (auto events = events_label(trace_.turns[*turn.cause].content); !events.empty())
        label = std::move(events);
    add(arrow{lane_of(x.source), lane_of(x.stream), std::move(label), arrow::line::answer,
              x.accepted ? tone_of(turn.role) : tone::failure});
  }

  void draw_note(const traced_turn& turn) {
    const auto& x = turn.content;
    note result{lane_of(x.stream), {}};
    auto add_line = [&](std::string text, tone its_tone) {
      result.lines.push_back({std::move(text), its_tone});
    };
    if (x.kind == input_kind::deadline)
      add_line(step_retried_at(x.input_type).empty()
                   ? fmt::format("deadline '{}' has passed", x.input_type)
                   : fmt::format("tries '{}' again", step_retried_at(x.input_type)),
               tone::time);
    for (const auto& each : x.events)
      add_line(event_text(each), tone::plain);
    if (x.kind == input_kind::command && !x.accepted)
      add_line(fmt::format("refused{}: {}", x.transient ? " for now" : "", x.reason),
               tone::failure);
    else if (x.kind == input_kind::command && !x.reason.empty())
      add_line(fmt::format("because: {}", x.reason), tone::plain);
    else if (x.kind == input_kind::command && x.role == participation::cancel && x.events.empty())
      add_line("nothing to undo", tone::undoing);
    if (!x.settles.empty() && !x.settled_reason.empty())
      add_line(fmt::format("has failed: {}", x.settled_reason), tone::failure);
    for (const auto& each : x.deadlines)
      if (each.due != no_time)
        add_line(fmt::format("{} {}", deadline_label(each.name), due_in_text(x, each.due)),
                 step_retried_at(each.name).empty() ? tone::plain : tone::time);
    if (auto change = saga_change_line(x); !change.text.empty())
      add_line(std::move(change.text), change.its_tone);
    if (!result.lines.empty())
      add(std::move(result));
  }

  // Commands are drawn when they are handled. Those that no turn handles, or only when their sender
  // has gone on without, are drawn here too.
  void draw_unheard(std::size_t index) {
    const auto& x = trace_.turns[index].content;
    const auto fates = fates_of(trace_, index);
    for (std::size_t i = 0; i < fates.size(); ++i) {
      const auto& sent = x.dispatches[i];
      const auto& fate = fates[i];
      if (fate.handled && !goes_on_between(x.stream, index, *fate.handled))
        continue;
      // Who answers without a turn is outside: no aggregate of this journal.
      const bool is_outside = !fate.handled && fate.answered;
      add(arrow{lane_of(x.stream), lane_of(sent.to),
                command_label(sent.type, sent.role, sent.step) +
                    (is_outside ? "" : " (no answer yet)"),
                is_outside ? arrow::line::request : arrow::line::lost, tone_of(sent.role)});
      if (fate.handled)
        late_.push_back(*fate.handled);
    }
  }

  // A system outside that is tried again gets the same message, of which this turn says nothing.
  void draw_call_again(std::size_t index) {
    const auto& x = trace_.turns[index].content;
    const auto step = step_retried_at(x.input_type);
    if (x.kind != input_kind::deadline || step.empty() || !x.dispatches.empty())
      return;
    for (auto i = index; i-- > 0;)
      if (const auto& each = trace_.turns[i].content; each.stream == x.stream)
        for (const auto& sent : each.dispatches)
          if (sent.step == step && sent.to.type == external_participant::type_name) {
            add(arrow{lane_of(x.stream), lane_of(sent.to),
                      command_label(sent.type, sent.role, sent.step), arrow::line::request,
                      tone_of(sent.role)});
            return;
          }
  }

  // Has the stream a deadline that passes between the two turns?
  bool goes_on_between(const address_view& stream, std::size_t first, std::size_t last) const {
    return std::any_of(
        trace_.turns.begin() + static_cast<std::ptrdiff_t>(first) + 1,
        trace_.turns.begin() + static_cast<std::ptrdiff_t>(last), [&](const traced_turn& each) {
          return each.content.stream == stream && each.content.kind == input_kind::deadline;
        });
  }

  bool is_late(std::size_t index) const { return std::ranges::find(late_, index) != late_.end(); }

  static std::string sender_name(const record& x) {
    if (!x.source.type.empty())
      return to_string(x.source.to_address());
    return x.by.empty() ? "client" : std::string{x.by};
  }

  std::size_t lane_of(const address_view& x) { return lane(to_string(x.to_address())); }

  std::size_t lane(const std::string& name) {
    const auto found = std::ranges::find(result_.lanes, name);
    const auto index = static_cast<std::size_t>(found - result_.lanes.begin());
    if (found == result_.lanes.end())
      result_.lanes.push_back(name);
    return index;
  }

  void add(std::variant<arrow, note> what) {
    result_.rows.push_back({std::exchange(time_, {}), std::move(what)});
  }

  const transaction_trace& trace_;
  sequence_diagram result_;
  std::string time_;
  std::vector<std::size_t> late_; ///< turns whose command had been given up
};

} // namespace

tone sequence_diagram::note::its_tone() const {
  const auto found = std::ranges::find_if(
      lines, [](const story_line& each) { return each.its_tone != tone::plain; });
  return found == lines.end() ? tone::plain : found->its_tone;
}

sequence_diagram diagram_of(const transaction_trace& trace) {
  return drawing{trace}.draw();
}

} // namespace skald
