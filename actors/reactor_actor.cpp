#include "actors/reactor_actor.hpp"

#include <caf/behavior.hpp>

#include <utility>

namespace skald {

reactor_actor::reactor_actor(caf::actor_config& configuration, const runtime_context& context,
                             const reactor& handler, parked_so_far parked)
    : base_actor(configuration, context), handler_(handler),
      flow_(handler, std::move(parked), context.log.subscription(handler.name()),
            context.log.last()) {}

caf::behavior reactor_actor::make_behavior() {
  return {
      [this](const published_events& events) {
        reaction_flow::output next;
        const auto now = host().time.now();
        for (const auto& each : events.content)
          flow_.take_event(each, now, next);
        pass_on(next, events.epoch, events.content.size());
      },
      [this](const reactor_inputs& inputs) {
        reaction_flow::output next;
        const auto now = host().time.now();
        for (const auto& each : inputs.content)
          take(each, now, next);
        pass_on(next, epoch_, inputs.content.size());
      },
      [this](const reactions_read& answer) {
        reaction_flow::output next;
        const auto now = host().time.now();
        for (const auto& each : answer.content)
          flow_.take_reading(each, now, next);
        pass_on(next, answer.epoch, 1);
      },
      [this](const published_up_to& reached) {
        flow_.see(reached.last);
        remember_position();
      },
      [this](const void_epoch& voided) { epoch_ = voided.current; },
      [this](go_on) { send_again(); },
  };
}

void reactor_actor::take(const delivery_content& input, timestamp now,
                         reaction_flow::output& next) {
  if (auto answered = std::get_if<outcome_delivery>(&input)) {
    flow_.take_outcome(*answered->content, now, next);
  } else if (std::holds_alternative<deadline_delivery>(input)) {
    armed_for_ = no_time;
    flow_.wake(now, next);
  } else if (std::holds_alternative<resume_delivery>(input)) {
    flow_.resume(now, next);
  }
}

// Nobody takes the runtime for idle before what follows is under way, or has to wait for its time.
void reactor_actor::pass_on(reaction_flow::output& next, epoch_id epoch, std::size_t settled) {
  for (const auto& each : next.problems)
    host().options.on_problem("the reactor '" + handler_.name() + "' " + each);
  if (const auto due = flow_.next_due(); due != armed_for_) {
    armed_for_ = due;
    compatibility::send_to(host().deadlines, due_changes{{{handler_.self(), due}}});
  }
  settlement report{epoch, {}, settled};
  for (auto& each : next.sends)
    report.deliveries.push_back({each->to, command_delivery{each, {}}});
  if (!next.reads.empty()) {
    --report.settled;
    compatibility::send_to(host().loader, reading_request{caf::actor_cast<caf::actor>(this),
                                                          &handler_, epoch, std::move(next.reads)});
  }
  compatibility::send_to(host().directory, std::move(report));
}

void reactor_actor::send_again() {
  settlement again{epoch_, {}, 0};
  for (auto& each : flow_.unanswered()) {
    const auto to = each->to;
    again.deliveries.push_back({to, command_delivery{std::move(each), {}}});
  }
  compatibility::send_to(host().directory, std::move(again));
}

void reactor_actor::on_exit() {
  remember_position();
  base_actor::on_exit();
}

void reactor_actor::remember_position() {
  host().log.keep_subscription(handler_.name(), flow_.done_up_to());
}

} // namespace skald
