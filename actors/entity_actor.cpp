#include "actors/entity_actor.hpp"

#include "actors/fetch_memory.hpp"
#include "actors/lookup.hpp"

#include <caf/behavior.hpp>

namespace skald {

namespace {

void fetch(const delivery_content& input) {
  if (auto command = std::get_if<command_delivery>(&input))
    fetch_memory(command->message.get(), sizeof *command->message);
  else if (auto answered = std::get_if<outcome_delivery>(&input))
    fetch_memory(answered->content.get(), sizeof *answered->content);
}

} // namespace

entity_actor::entity_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context) {}

caf::behavior entity_actor::make_behavior() {
  return {
      [this](delivery& input) { take(std::move(input.content)); },
      [this](assignment& next) { take_over(next); },
      [this](loaded& answer) {
        if (answer.number == load_number_)
          become_ready(std::move(answer));
      },
      [this](const void_epoch& ended) { end_epoch(ended.reason); },
  };
}

void entity_actor::on_exit() {
  return_waiting();
  base_actor::on_exit();
}

void entity_actor::take_over(assignment& next) {
  return_waiting();
  type_ = next.type;
  self_ = std::move(next.self);
  slot_ = next.slot;
  epoch_ = next.epoch;
  failure_.clear();
  ++load_number_; // an answer to the predecessor's request is none of ours
  try {
    if (host().log.head(self_)) {
      entity_.reset();
      recover(host().loader);
    } else {
      become_ready({load_number_, std::make_shared<entity>(*type_, self_), 0, {}});
    }
  } catch (const std::exception& error) {
    become_ready({load_number_, nullptr, 0, to_string(self_) + " cannot be read: " + error.what()});
  }
  take(std::move(next.first));
}

void entity_actor::take(delivery_content input) {
  if (phase_ == phase::recovering)
    waiting_.push_back(std::move(input));
  else
    handle(std::move(input));
}

// The journal writer passes the request on when it has committed what was handed over before.
void entity_actor::recover(const caf::actor& through) {
  phase_ = phase::recovering;
  compatibility::send_to(through,
                         load_request{self_, caf::actor_cast<caf::actor>(this), ++load_number_});
}

void entity_actor::become_ready(loaded answer) {
  entity_ = std::move(answer.content);
  failure_ = std::move(answer.error);
  uncovered_turns_ = answer.replayed;
  uncovered_since_ = host().time.now();
  phase_ = entity_ ? phase::ready : phase::failed;
  if (phase_ == phase::failed)
    host().options.on_problem(failure_);
  for (auto& input : std::exchange(waiting_, {})) {
    if (phase_ == phase::recovering) // because of the one before
      waiting_.push_back(std::move(input));
    else
      handle(std::move(input));
  }
}

void entity_actor::handle(delivery_content input) {
  if (phase_ == phase::failed)
    return refuse(input, failure_);
  try {
    fetch(input);
    entity_->fetch();
    const auto now = host().time.now();
    pass_on(entity_->handle(input, now), now);
    if (auto next = entity_->take_ready(now))
      handle(std::move(*next));
  } catch (const std::exception& error) {
    // The state may be half changed. It is rebuilt after what was handed over before is committed.
    const auto reason = "the handler of " + to_string(self_) + " failed: " + error.what();
    host().options.on_problem(reason);
    refuse(input, reason);
    return_waiting();
    for (auto& queued : entity_->take_queued())
      waiting_.emplace_back(std::move(queued));
    recover(host().journal_writer);
  }
}

// An input that waits in the entity is still under way: its turn comes later.
void entity_actor::pass_on(turn outgoing, timestamp now) {
  if (outgoing.waits) {
    if (outgoing.next_due)
      compatibility::send_to(host().deadlines, due_changes{{std::move(*outgoing.next_due)}});
    return;
  }
  const bool recorded = !outgoing.record.empty();
  hand_over(std::move(outgoing));
  if (recorded)
    ask_for_snapshot_if_due(now);
}

void entity_actor::hand_over(turn outgoing) {
  outgoing.slot = slot_;
  outgoing.epoch = epoch_;
  if (outgoing.answers_are_committed)
    for (auto& [reply, answer] : std::exchange(outgoing.replies, {}))
      reply->answer(std::move(answer));
  compatibility::send_to(host().journal_writer, std::move(outgoing));
}

void entity_actor::ask_for_snapshot_if_due(timestamp now) {
  if (uncovered_turns_++ == 0)
    uncovered_since_ = now;
  const auto& options = host().options;
  const auto age = now - uncovered_since_;
  const bool many = uncovered_turns_ >= options.snapshot_turns && age >= std::chrono::seconds{1};
  if (!many && age < options.snapshot_age)
    return;
  compatibility::send_to(host().loader, snapshot_request{self_});
  uncovered_turns_ = 0;
}

// Answers an input without handling it. Nothing is recorded.
void entity_actor::refuse(const delivery_content& input, const std::string& reason) {
  turn refused;
  if (auto command = std::get_if<command_delivery>(&input)) {
    auto answer = std::make_shared<outcome>();
    answer->answers = command->message->id;
    answer->to = command->message->source;
    answer->from = self_;
    answer->correlation = command->message->correlation;
    answer->reason = reason;
    const bool tells_sender = phase_ != phase::failed || may_be_refused_unread(*command->message);
    if (!answer->to.empty() && tells_sender)
      refused.deliveries.push_back({answer->to, outcome_delivery{answer}});
    if (command->reply)
      refused.replies.emplace_back(command->reply, std::move(answer));
  } else if (auto look = std::get_if<view_delivery>(&input)) {
    entity_view view;
    view.self = self_;
    view.error = reason;
    refused.views.emplace_back(look->reply, std::move(view));
  }
  hand_over(std::move(refused));
}

void entity_actor::refuse_waiting(const std::string& reason) {
  if (!entity_)
    return;
  for (auto& each : entity_->take_waiting()) {
    auto answer = std::make_shared<outcome>();
    answer->answers = each.message->id;
    answer->from = self_;
    answer->reason = reason;
    each.reply->answer(std::move(answer));
  }
}

// Clients who wait for the end of the saga wait at the directory until the entity is there again.
void entity_actor::return_waiting() {
  if (!entity_)
    return;
  if (auto clients = entity_->take_waiting(); !clients.empty())
    compatibility::send_to(host().directory, waiting_clients{self_, std::move(clients)});
}

void entity_actor::end_epoch(const std::string& reason) {
  for (const auto& input : std::exchange(waiting_, {}))
    refuse(input, reason);
  if (entity_)
    for (auto& queued : entity_->take_queued())
      refuse(delivery_content{std::move(queued)}, reason);
  refuse_waiting(reason);
  quit(caf::exit_reason::user_shutdown);
}

} // namespace skald
