#include "actors/reaction_flow.hpp"

#include "actors/rebuild.hpp"
#include "messages/codec.hpp"
#include "messages/utf8.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace skald {

namespace {

constexpr std::size_t reason_size_max = 1'000;

// What a handler throws may be anything; what is kept in the journal is text of bounded size.
std::string as_reason(std::string text) {
  text.resize(std::min(text.size(), reason_size_max));
  for (auto wrong = valid_utf8_size(text); wrong < text.size(); wrong = valid_utf8_size(text))
    text[wrong] = '?';
  return text;
}

std::int64_t milliseconds(timestamp time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// Evolves `state` if `published` is an `E`, which `out` then holds.
template <class E>
bool follow(const published_event& published, parked_reactions& state, E& out) {
  const auto& stored = published.event;
  if (stored.type != E::type_name)
    return false;
  if (auto wrong = detail::decode_event(stored.version, stored.payload, out))
    throw std::runtime_error("the event '" + stored.type + "' of " + to_string(published.from) +
                             " cannot be read: " + *wrong);
  evolve(state, out);
  return true;
}

} // namespace

parked_so_far read_parked(const entity_type& type, const journal& log, const std::string& reactor) {
  const address self{type.name, reactor};
  const auto head = log.head(self);
  if (!head)
    return {};
  const auto found = rebuild(type, log, self);
  if (!found.content)
    throw store_error(store_error::cause::damaged, found.error);
  parked_so_far result;
  result.at = head->last;
  if (auto wrong = decode(found.content->view().state, result.content))
    throw store_error(store_error::cause::damaged, to_string(self) + " cannot be read: " + *wrong);
  return result;
}

reaction_flow::reaction_flow(const reactor& handler, parked_so_far parked, position done,
                             position last)
    : handler_(handler), parked_address_{std::string{parked_reactions::type_name}, handler.name()},
      parked_(std::move(parked.content)), parked_at_(parked.at), start_(done), begun_(last),
      seen_(done) {}

// -- what comes in
// ------------------------------------------------------------------------------------------

void reaction_flow::take_event(const published_event_ptr& event, timestamp now, output& out) {
  if (event->at <= start_) // published for another reactor, which is not as far
    return;
  seen_ = std::max(seen_, event->at);
  if (event->from.type != parked_reactions::type_name)
    accept(event, now, out);
  else if (event->from == parked_address_ && event->at > parked_at_)
    follow_parking(*event, now, out);
}

void reaction_flow::accept(const published_event_ptr& event, timestamp now, output& out) {
  const auto place = event->place();
  const auto& correlation = event->correlation;
  if (parked_.skipped.contains(place) || parked_.contains(correlation, place))
    return;
  const auto [at, is_new] = open_.try_emplace(place);
  if (!is_new)
    return;
  at->second.event = event;
  at->second.correlation = correlation;
  if (event->at <= begun_ || lines_.contains(correlation) || parked_.find(correlation)) {
    lines_[correlation].members.insert(place);
    advance(correlation, now, out);
  } else if (react(place, now, out)) {
    forget(place);
  }
}

void reaction_flow::take_outcome(const outcome& answer, timestamp now, output& out) {
  const auto found = unanswered_.find(answer.answers);
  if (found == unanswered_.end())
    return;
  const auto place = found->second.cause;
  if (found->second.message->to == parked_address_)
    return answer_parking(answer, place, now, out);
  const auto open = open_.find(place);
  if (open == open_.end())
    return;
  auto& x = open->second;
  // A failure event is an answer that the choreography itself goes on from.
  if (!answer.accepted && answer.events.empty()) {
    x.refused = true;
    x.reason = "sent " + found->second.message->type + " to " + to_string(answer.from) +
               ", which refused it: " + answer.reason;
  }
  unanswered_.erase(found);
  if (--x.unanswered > 0)
    return;
  if (x.refused)
    fail(place, x.reason, now, out);
  else
    finish(place, now, out);
}

void reaction_flow::take_reading(const reaction_reading& reading, timestamp now, output& out) {
  const auto found = open_.find(reading.place);
  if (found == open_.end() || found->second.at != stage::reading)
    return;
  auto& x = found->second;
  x.refused = false;
  if (!x.event)
    x.event = reading.event;
  if (!reading.error.empty() && x.sends_when_read)
    return fail(reading.place, reading.error, now, out);
  if (!reading.error.empty())
    return try_later(reading.place, now, out);
  if (reading.unsettled.empty())
    return finish(reading.place, now, out);
  if (x.sends_when_read)
    return send(reading.place, reading.unsettled, out);
  x.next = reading.unsettled;
  try_later(reading.place, now, out);
}

void reaction_flow::resume(timestamp now, output& out) {
  for (const auto& [correlation, its_line] : parked_.transactions)
    advance(correlation, now, out);
}

void reaction_flow::wake(timestamp now, output& out) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto place = due_.extract(due_.begin()).value().second;
    auto& x = open_.at(place);
    if (x.next.empty())
      read(place, true, out);
    else
      send(place, std::exchange(x.next, {}), out);
  }
}

// -- one event
// ----------------------------------------------------------------------------------------------

// Returns whether there is nothing to wait for.
bool reaction_flow::react(event_place place, timestamp now, output& out) {
  std::vector<command_message_ptr> messages;
  try {
    messages = handler_.react(*open_.at(place).event);
  } catch (const std::exception& error) {
    fail(place, error.what(), now, out);
    return false;
  }
  if (messages.empty())
    return true;
  send(place, std::move(messages), out);
  return false;
}

void reaction_flow::send(event_place place, std::vector<command_message_ptr> messages,
                         output& out) {
  auto& x = open_.at(place);
  x.at = stage::sent;
  x.refused = false;
  x.unanswered = messages.size();
  for (auto& each : messages) {
    unanswered_[each->id] = {each, place};
    out.sends.push_back(std::move(each));
  }
}

void reaction_flow::read(event_place place, bool sends_when_read, output& out) {
  auto& x = open_.at(place);
  x.at = stage::reading;
  x.sends_when_read = sends_when_read;
  out.reads.push_back(place);
}

void reaction_flow::fail(event_place place, std::string reason, timestamp now, output& out) {
  auto& x = open_.at(place);
  ++x.failures;
  x.reason = as_reason(std::move(reason));
  auto& its_line = lines_[x.correlation];
  if (its_line.current == place)
    return follow_failure(place, now, out);
  x.at = stage::queued;
  its_line.members.insert(place);
  advance(x.correlation, now, out);
}

// A refusal may settle the matter: the step was cancelled before it arrived, or it is the repeated
// answer to a try that was not the last.
void reaction_flow::follow_failure(event_place place, timestamp now, output& out) {
  if (open_.at(place).refused)
    read(place, false, out);
  else
    try_later(place, now, out);
}

void reaction_flow::try_later(event_place place, timestamp now, output& out) {
  auto& x = open_.at(place);
  const auto& policy = handler_.retry();
  if (!policy.allows_after(x.failures)) {
    x.next.clear();
    return park(place, x.failures, now, out);
  }
  x.at = stage::waiting;
  const auto chance = dispatch_id(handler_.self(), place.at, x.failures).low;
  x.due = now + policy.delay_before(x.failures, chance);
  due_.emplace(x.due, place);
}

void reaction_flow::finish(event_place place, timestamp now, output& out) {
  auto& x = open_.at(place);
  if (x.parked) {
    x.at = stage::unparking;
    send_parking(unpark_event::type_name, encode(unpark_event{x.correlation, place}), place, now,
                 out);
    return;
  }
  auto correlation = x.correlation;
  forget(place);
  advance(std::move(correlation), now, out);
}

void reaction_flow::forget(event_place place) {
  const auto found = open_.find(place);
  if (found == open_.end())
    return;
  if (const auto at = lines_.find(found->second.correlation); at != lines_.end()) {
    at->second.members.erase(place);
    if (at->second.current == place)
      at->second.current.reset();
  }
  due_.erase({found->second.due, place});
  open_.erase(found);
}

// -- lines
// ---------------------------------------------------------------------------------------------

// Goes on with the first of the line, unless one of it is being tried.
void reaction_flow::advance(std::string correlation, timestamp now, output& out) {
  const auto* parked = parked_.find(correlation);
  if (!parked && !lines_.contains(correlation))
    return;
  auto& its_line = lines_[correlation];
  while (!its_line.current) {
    if (parked && parked->retried)
      return start_parked(parked->waiting.front(), its_line, out);
    if (its_line.members.empty()) {
      lines_.erase(correlation);
      return;
    }
    if (parked) {
      for (const auto& each : its_line.members)
        if (open_.at(each).at == stage::queued)
          park(each, 0, now, out);
      return;
    }
    const auto first = *its_line.members.begin();
    if (open_.at(first).at == stage::parking)
      return;
    its_line.current = first;
    if (open_.at(first).failures > 0)
      return follow_failure(first, now, out);
    if (!react(first, now, out))
      return;
    forget(first);
  }
}

void reaction_flow::start_parked(const parked_event& first, line& its_line, output& out) {
  auto& x = open_[first.place];
  x.correlation = first.correlation;
  x.parked = true;
  its_line.current = first.place;
  read(first.place, true, out);
}

// `attempts` is 0 where it stands behind another. It is parked when that is published.
void reaction_flow::park(event_place place, unsigned attempts, timestamp now, output& out) {
  auto& x = open_.at(place);
  x.at = stage::parking;
  parked_event what;
  what.place = place;
  what.correlation = x.correlation;
  what.since_ms = milliseconds(now);
  what.attempts = attempts;
  if (x.event) {
    what.event = x.event->event.type;
    what.from = to_string(x.event->from);
  } else { // it cannot be read, but it was parked before
    const auto& before = parked_.find(x.correlation)->waiting.front();
    what.event = before.event;
    what.from = before.from;
  }
  what.reason = x.reason.empty() ? "it stands behind an event that is parked" : x.reason;
  if (attempts > 0)
    out.problems.push_back("parked " + named(what) + " after " + std::to_string(attempts) +
                           (attempts == 1 ? " try: " : " tries: ") + what.reason);
  send_parking(park_event::type_name, encode(park_event{std::move(what)}), place, now, out);
}

std::string reaction_flow::named(const parked_event& x) const {
  return x.event + " of " + x.from + " (position " + std::to_string(x.place.at) + ", transaction " +
         x.correlation + ")";
}

void reaction_flow::send_parking(std::string_view type, byte_buffer payload, event_place cause,
                                 timestamp now, output& out) {
  const auto& x = open_.at(cause);
  auto message = std::make_shared<command_message>();
  message->id = random_message_id();
  message->to = parked_address_;
  message->source = handler_.self();
  message->correlation = x.correlation;
  if (x.event)
    message->causation = x.event->causation;
  message->first_sent = now;
  message->type = type;
  message->payload = std::move(payload);
  unanswered_[message->id] = {message, cause};
  out.sends.push_back(std::move(message));
}

// That something was parked or is no longer has been published before this answer. Otherwise there
// was no need: what it was to stand behind is gone.
void reaction_flow::answer_parking(const outcome& answer, event_place place, timestamp now,
                                   output& out) {
  if (!answer.accepted) { // it is sent again when the runtime starts or the journal goes on
    out.problems.push_back("cannot park or unpark an event (position " + std::to_string(place.at) +
                           "): " + answer.reason);
    return;
  }
  unanswered_.erase(answer.answers);
  const auto found = open_.find(place);
  if (found == open_.end() ||
      (found->second.at != stage::parking && found->second.at != stage::unparking))
    return;
  found->second.at = stage::queued;
  const auto correlation = found->second.correlation;
  if (found->second.parked)
    forget(place);
  advance(correlation, now, out);
}

void reaction_flow::follow_parking(const published_event& event, timestamp now, output& out) {
  event_parked added;
  event_unparked taken;
  parked_retried retried;
  parked_skipped skipped;
  if (follow(event, parked_, added)) {
    forget(added.what.place);
    advance(added.what.correlation, now, out);
  } else if (follow(event, parked_, taken)) {
    forget(taken.place);
    advance(taken.correlation, now, out);
  } else if (follow(event, parked_, retried)) {
    advance(retried.correlation, now, out);
  } else if (follow(event, parked_, skipped)) {
    advance(skipped.correlation, now, out);
  }
}

// -- what there is
// ------------------------------------------------------------------------------------------

timestamp reaction_flow::next_due() const {
  return due_.empty() ? no_time : due_.begin()->first;
}

position reaction_flow::done_up_to() const {
  const auto first = std::ranges::find_if(open_, [](const auto& x) { return !x.second.parked; });
  return first == open_.end() ? seen_ : first->first.at - 1;
}

std::vector<command_message_ptr> reaction_flow::unanswered() const {
  std::vector<command_message_ptr> result;
  for (const auto& [id, each] : unanswered_)
    result.push_back(each.message);
  return result;
}

} // namespace skald
