#include "actors/slip_desk.hpp"

namespace skald {

namespace {

bool belongs_to(const slip_desk::trail& x, std::string_view correlation) {
  return x.hold.starts_with(correlation) && x.hold[correlation.size()] == '\0';
}

} // namespace

void slip_desk::take(const record& x, const std::vector<command_message_ptr>& dispatched,
                     const std::string& from) {
  unsigned refusals = 0;
  if (x.kind == input_kind::outcome) {
    take_answer(x);
  } else if (x.kind == input_kind::deadline) {
    if (const auto* due = find(x.input_type)) {
      refusals = due->refusals;
      std::erase_if(sent_, [&](const outstanding& each) { return each.name == x.input_type; });
    }
  }
  for (const auto& message : dispatched) {
    if (message->slip.empty())
      continue;
    auto name = name_of(*message);
    std::erase_if(sent_, [&](const outstanding& each) { return each.name == name; });
    if (!from.empty() && message->role == participation::step) {
      std::erase_if(trails_, [&](const trail& each) { return each.hold == from; });
      trails_.push_back({from, message->step, message->to});
    }
    const auto tries = name == x.input_type ? refusals : 0;
    sent_.push_back({std::move(name), message, true, tries, no_time});
  }
  for (const auto& deadline : x.deadlines)
    for (auto& each : sent_)
      if (each.name == deadline.name)
        each.again = deadline.due;
}

void slip_desk::take_answer(const record& x) {
  const auto found = std::ranges::find_if(
      sent_, [&](const outstanding& each) { return each.message->id == x.input; });
  if (found == sent_.end() || !found->awaits_answer)
    return;
  if (!x.accepted && x.transient) {
    found->awaits_answer = false;
    ++found->refusals;
    return;
  }
  // A slip that could not be brought to its stop has been turned round here: it did not go there.
  const auto& message = *found->message;
  if (!x.accepted && message.role == participation::step)
    std::erase_if(trails_, [&](const trail& each) {
      return each.step == message.step && belongs_to(each, message.correlation);
    });
  sent_.erase(found);
}

// Whatever the stop still owes as an answer: it has had the slip.
void slip_desk::forget_step(const trail& left) {
  std::erase_if(sent_, [&](const outstanding& each) {
    return each.message->role == participation::step && each.message->step == left.step &&
           belongs_to(left, each.message->correlation);
  });
}

const slip_desk::outstanding* slip_desk::find(message_id id) const {
  const auto found =
      std::ranges::find_if(sent_, [&](const outstanding& each) { return each.message->id == id; });
  return found == sent_.end() ? nullptr : &*found;
}

const slip_desk::outstanding* slip_desk::find(std::string_view name) const {
  const auto found = std::ranges::find(sent_, name, &outstanding::name);
  return found == sent_.end() ? nullptr : &*found;
}

const slip_desk::trail* slip_desk::find_trail(std::string_view hold) const {
  const auto found = std::ranges::find(trails_, hold, &trail::hold);
  return found == trails_.end() ? nullptr : &*found;
}

bool slip_desk::leads_to(std::string_view correlation, std::string_view step) const {
  return std::ranges::any_of(trails_, [&](const trail& each) {
    return each.step == step && belongs_to(each, correlation);
  });
}

timestamp slip_desk::next_due() const {
  timestamp result = no_time;
  for (const auto& each : sent_)
    if (each.again != no_time && (result == no_time || each.again < result))
      result = each.again;
  return result;
}

} // namespace skald
