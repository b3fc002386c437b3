#include "actors/reactor_actor.hpp"

#include <caf/behavior.hpp>

#include <algorithm>

namespace skald {

reactor_actor::reactor_actor(caf::actor_config& configuration, const runtime_context& context,
                             const reactor& handler)
    : base_actor(configuration, context), handler_(handler),
      seen_(context.log.subscription(handler.name())) {}

caf::behavior reactor_actor::make_behavior() {
  return {
      [this](const published_events& events) { react(events); },
      [this](const delivery& input) {
        settlement settled{epoch_, {}, 1};
        if (auto answered = std::get_if<outcome_delivery>(&input.content))
          take_outcome(*answered->content);
        compatibility::send_to(host().directory, std::move(settled));
      },
      [this](const published_up_to& reached) {
        seen_ = std::max(seen_, reached.last);
        remember_position();
      },
      [this](const void_epoch& voided) { epoch_ = voided.current; },
      [this](go_on) { send_again(); },
  };
}

void reactor_actor::react(const published_events& events) {
  settlement settled{events.epoch, {}, events.content.size()};
  for (const auto& event : events.content) {
    seen_ = std::max(seen_, event->at);
    for (auto& message : reactions_to(*event)) {
      settled.deliveries.push_back({message->to, command_delivery{message, {}}});
      if (unanswered_.emplace(message->id, sent{message, event->at}).second)
        ++open_positions_[event->at];
    }
  }
  compatibility::send_to(host().directory, std::move(settled));
}

// An event that cannot be reacted to keeps its position open, so that it is published again after a
// restart.
std::vector<command_message_ptr> reactor_actor::reactions_to(const published_event& event) {
  try {
    return handler_.react(event);
  } catch (const std::exception& error) {
    ++open_positions_[event.at];
    report("failed on " + event.event.type + " of " + to_string(event.from) + " (position " +
           std::to_string(event.at) + "): " + error.what());
    return {};
  }
}

void reactor_actor::report(const std::string& problem) const {
  host().options.on_problem("the reactor '" + handler_.name() + "' " + problem);
}

void reactor_actor::take_outcome(const outcome& answer) {
  const auto found = unanswered_.find(answer.answers);
  if (found == unanswered_.end())
    return;
  // A failure event is an answer that the choreography itself goes on from.
  if (!answer.accepted && answer.events.empty())
    report("sent " + found->second.message->type + " to " + to_string(answer.from) +
           ", which refused it: " + answer.reason);
  const auto open = open_positions_.find(found->second.cause);
  if (--open->second == 0)
    open_positions_.erase(open);
  unanswered_.erase(found);
}

void reactor_actor::send_again() {
  settlement again{epoch_, {}, 0};
  for (const auto& [id, each] : unanswered_)
    again.deliveries.push_back({each.message->to, command_delivery{each.message, {}}});
  compatibility::send_to(host().directory, std::move(again));
}

void reactor_actor::on_exit() {
  remember_position();
  base_actor::on_exit();
}

void reactor_actor::remember_position() {
  const auto reached = open_positions_.empty() ? seen_ : open_positions_.begin()->first - 1;
  host().log.keep_subscription(handler_.name(), reached);
}

} // namespace skald
