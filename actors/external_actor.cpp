#include "actors/external_actor.hpp"

#include <caf/behavior.hpp>

#include <utility>

namespace skald {

external_actor::external_actor(caf::actor_config& configuration, const runtime_context& context,
                               const external& system)
    : base_actor(configuration, context), system_(system) {}

caf::behavior external_actor::make_behavior() {
  for (unsigned i = 0; i < std::max(system_.concurrency(), 1u); ++i)
    workers_.push_back(home_system().spawn<external_worker, caf::detached>(
        host(), system_, caf::actor_cast<caf::actor>(this)));
  free_ = workers_;
  return {
      [this](const delivery& input) {
        if (auto command = std::get_if<command_delivery>(&input.content))
          take(command->message);
        else
          compatibility::send_to(host().directory, settlement{epoch_, {}, 1});
      },
      [this](const call_done& finished) {
        report(finished);
        hand_out();
      },
      [this](const void_epoch& voided) { epoch_ = voided.current; },
  };
}

void external_actor::on_exit() {
  for (const auto& each : workers_)
    compatibility::stop(each);
  workers_.clear();
  free_.clear();
  base_actor::on_exit();
}

void external_actor::take(command_message_ptr message) {
  if (!under_way_.insert(message->id).second) {
    compatibility::send_to(host().directory, settlement{epoch_, {}, 1});
    return;
  }
  waiting_.push_back({epoch_, std::move(message)});
  hand_out();
}

void external_actor::hand_out() {
  while (!waiting_.empty() && !free_.empty()) {
    compatibility::send_to(free_.back(), std::move(waiting_.front()));
    free_.pop_back();
    waiting_.pop_front();
  }
}

void external_actor::report(const call_done& finished) {
  const auto& message = *finished.request.message;
  under_way_.erase(message.id);
  free_.push_back(finished.worker);
  settlement settled{finished.request.epoch, {}, 1};
  if (finished.result->what != call_result::kind::silent) {
    auto answer = std::make_shared<outcome>();
    answer->answers = message.id;
    answer->to = message.source;
    answer->from = message.to;
    answer->correlation = message.correlation;
    answer->accepted = finished.result->what == call_result::kind::succeeded;
    answer->transient = finished.result->what == call_result::kind::failed_for_now;
    answer->reason = finished.result->reason;
    answer->events = finished.result->events;
    settled.deliveries.push_back({message.source, outcome_delivery{std::move(answer)}});
  }
  compatibility::send_to(host().directory, std::move(settled));
}

external_worker::external_worker(caf::actor_config& configuration, const runtime_context& context,
                                 const external& system, caf::actor owner)
    : base_actor(configuration, context), system_(system), owner_(std::move(owner)) {}

caf::behavior external_worker::make_behavior() {
  return {
      [this](call_request& request) {
        auto result = std::make_shared<const call_result>(system_.call(*request.message));
        compatibility::send_to(owner_, call_done{std::move(request), std::move(result),
                                                 caf::actor_cast<caf::actor>(this)});
      },
  };
}

void external_worker::on_exit() {
  owner_ = nullptr;
  base_actor::on_exit();
}

} // namespace skald
