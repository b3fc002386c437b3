#include "actors/directory_actor.hpp"

#include "actors/entity_actor.hpp"

#include <caf/behavior.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace skald {

namespace {

constexpr std::size_t fetched_at_once = 16;
constexpr std::size_t spare_actors_max = 4'096; // each keeps the entity that it was
constexpr position much_to_look_through = 10'000;

} // namespace

directory_actor::directory_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context), for_reactors_(context.reactors.size()) {}

caf::behavior directory_actor::make_behavior() {
  return {
      [this](submission& request) {
        for (auto& each : request.content)
          submit(std::move(each));
        send_to_reactors();
      },
      [this](const release_ptr& batch) {
        take_release(*batch);
        send_to_reactors();
      },
      [this](settlement& reported) {
        take_settlement(reported);
        send_to_reactors();
      },
      [this](const published_up_to& reached) { tell_reactors(reached); },
      [this](caught_up) { has_caught_up_ = true; },
      [this](const void_epoch& voided) { start_epoch(voided); },
      [this](go_on) {
        if (!std::exchange(suspended_, {}).empty())
          resume_open_sagas();
      },
      [this](skald::let_go) {
        deliver_held_back();
        send_to_reactors();
      },
      [this](waiting_clients& those) {
        keep_clients(those);
        send_to_reactors();
      },
      [this](const idle_request& request) {
        idle_requests_.push_back(request.when_idle);
        tell_if_idle();
      },
  };
}

void directory_actor::on_exit() {
  for (const auto& actor : live_.clear())
    compatibility::stop(actor);
  for (const auto& actor : std::exchange(spare_, {}))
    compatibility::stop(actor);
  // Who waits is told now, not when the last handle of this actor is gone.
  waiting_.clear();
  held_back_.clear();
  clients_.clear();
  base_actor::on_exit();
}

// -- from clients
// ------------------------------------------------------------------------------------------

void directory_actor::submit(delivery input) {
  const auto problem = admission_error(input);
  if (problem.empty())
    deliver(std::move(input));
  else
    refuse(input, problem);
}

std::string directory_actor::address_error(const skald::address& to) const {
  if (!host().types.find(to.type))
    return "there is no aggregate type '" + to.type + "'; the types are " +
           host().types.type_names();
  if (auto wrong = id_error(to.id))
    return "the id of the " + to.type + " is not valid: " + *wrong;
  return {};
}

std::string directory_actor::admission_error(const delivery& input) const {
  if (auto wrong = address_error(input.to); !wrong.empty())
    return wrong;
  const auto* command = std::get_if<command_delivery>(&input.content);
  if (!command)
    return {};
  if (auto wrong = id_error(command->message->correlation))
    return "the correlation id is not valid: " + *wrong;
  if (const auto& by = command->message->by; !by.empty())
    if (auto wrong = id_error(by))
      return "the name of the sender is not valid: " + *wrong;
  if (!suspended_.empty())
    return suspended_;
  if (live_.under_way() + waiting_.size() + elsewhere_ >= host().options.backlog_max)
    return "busy: " + std::to_string(host().options.backlog_max) +
           " inputs are under way; send it again later";
  return {};
}

// Tells the client that nothing was settled.
void directory_actor::refuse(const delivery& input, const std::string& reason) const {
  if (auto command = std::get_if<command_delivery>(&input.content); command && command->reply) {
    auto answer = std::make_shared<outcome>();
    answer->answers = command->message->id;
    answer->from = input.to;
    answer->correlation = command->message->correlation;
    answer->reason = reason;
    command->reply->answer(std::move(answer));
  } else if (auto look = std::get_if<view_delivery>(&input.content)) {
    entity_view view;
    view.self = input.to;
    view.error = reason;
    look->reply->show(view);
  }
}

// Tells whoever dispatched a command that it has no receiver.
void directory_actor::refuse_dispatch(const delivery& input, const std::string& reason) {
  refuse(input, reason);
  const auto* command = std::get_if<command_delivery>(&input.content);
  if (!command || command->message->source.empty())
    return;
  auto answer = std::make_shared<outcome>();
  answer->answers = command->message->id;
  answer->to = command->message->source;
  answer->from = input.to;
  answer->correlation = command->message->correlation;
  answer->reason = reason;
  deliver({answer->to, outcome_delivery{answer}});
}

// -- to entities
// -------------------------------------------------------------------------------------------

void directory_actor::deliver_all(std::vector<delivery>& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (i % fetched_at_once == 0)
      live_.fetch(std::span{batch}.subspan(i, std::min(fetched_at_once, batch.size() - i)));
    deliver(std::move(batch[i]));
  }
}

void directory_actor::deliver(delivery input) {
  const auto& options = host().options;
  if (options.hold_back && options.hold_back(input)) {
    held_back_.push_back(std::move(input));
    return;
  }
  if (input.to.type == reactor::address_type)
    deliver_to_reactor(input);
  else if (is_external(input.to))
    deliver_to_external(input);
  else
    deliver_to_entity(std::move(input));
}

// Which of `named` has the id of the receiver as its name. If none has, the sender is told.
template <class Named>
std::optional<std::size_t> directory_actor::find_named(const delivery& input,
                                                       const std::vector<Named>& named) {
  const auto found = std::ranges::find(named, input.to.id, &Named::name);
  if (found != named.end())
    return static_cast<std::size_t>(found - named.begin());
  refuse_dispatch(input, "there is nothing named " + to_string(input.to));
  return std::nullopt;
}

void directory_actor::deliver_to_reactor(delivery& input) {
  if (const auto index = find_named(input, host().types.reactors())) {
    ++elsewhere_;
    for_reactors_[*index].push_back(std::move(input.content));
  }
}

void directory_actor::deliver_to_external(delivery& input) {
  if (const auto index = find_named(input, host().types.externals())) {
    ++elsewhere_;
    compatibility::send_to(host().externals[*index], std::move(input));
  }
}

// What has gathered for each while one message was handled goes to it as one message.
void directory_actor::send_to_reactors() {
  for (std::size_t i = 0; i < for_reactors_.size(); ++i)
    if (!for_reactors_[i].empty())
      compatibility::send_to(host().reactors[i],
                             reactor_inputs{std::exchange(for_reactors_[i], {})});
}

// Those that wait for room keep their place, and what goes to the same entity behind them.
void directory_actor::deliver_to_entity(delivery input) {
  const bool queue =
      !waiting_.empty() && (waiting_inputs_.contains(input.to) || !live_.find(input.to));
  if (queue || !try_to_deliver(input)) {
    ++waiting_inputs_[input.to];
    waiting_.push_back(std::move(input));
  }
}

bool directory_actor::try_to_deliver(delivery& input) {
  const auto slot = live_.find(input.to);
  if (!slot)
    return start_entity(input);
  live_.delivered(*slot);
  compatibility::send_to(live_.actor_of(*slot), std::move(input));
  return true;
}

// Returns whether there is room for one more live entity.
bool directory_actor::start_entity(delivery& input) {
  if (const auto wrong = address_error(input.to); !wrong.empty()) {
    refuse_dispatch(input, wrong);
    return true;
  }
  if (live_.size() >= std::max(host().options.live_entities_max, std::size_t{1})) {
    const auto idle = live_.longest_idle();
    if (!idle)
      return false;
    put_by(live_.remove(*idle));
  }
  if (spare_.empty())
    spare_.push_back(home_system().spawn<entity_actor>(host()));
  const auto slot = live_.add(input.to);
  live_.start(slot, std::move(spare_.back()));
  spare_.pop_back();
  const auto& actor = live_.actor_of(slot);
  const auto* type = host().types.find(input.to.type);
  live_.delivered(slot);
  auto clients = clients_.extract(input.to);
  if (!clients) {
    compatibility::send_to(
        actor, assignment{type, std::move(input.to), slot, epoch_, std::move(input.content)});
    return true;
  }
  // They have waited for longer.
  auto& first = clients.mapped().front();
  compatibility::send_to(actor, assignment{type, input.to, slot, epoch_, std::move(first)});
  for (auto& each : std::span{clients.mapped()}.subspan(1)) {
    live_.delivered(slot);
    compatibility::send_to(actor, delivery{input.to, std::move(each)});
  }
  live_.delivered(slot);
  compatibility::send_to(actor, std::move(input));
  return true;
}

// An actor that has nothing under way serves another entity later.
void directory_actor::put_by(caf::actor actor) {
  if (spare_.size() < spare_actors_max)
    spare_.push_back(std::move(actor));
  else
    compatibility::stop(actor);
}

void directory_actor::deliver_waiting() {
  while (!waiting_.empty()) {
    const auto to = waiting_.front().to; // delivering moves it
    if (!try_to_deliver(waiting_.front()))
      return;
    if (const auto found = waiting_inputs_.find(to); --found->second == 0)
      waiting_inputs_.erase(found);
    waiting_.pop_front();
  }
}

void directory_actor::deliver_held_back() {
  for (auto& each : std::exchange(held_back_, {}))
    deliver(std::move(each));
}

// -- from the journal, the loader and the reactors
// ---------------------------------------------------------

void directory_actor::take_release(release& batch) {
  if (batch.epoch == epoch_) {
    live_.released(batch.released);
    for (const auto& [slot, finished] : batch.released)
      if (finished && live_.finished(slot))
        put_by(live_.remove(slot));
  }
  deliver_waiting();
  if (!batch.lookups.empty()) {
    elsewhere_ += batch.lookups.size();
    compatibility::send_to(host().loader, lookup_request{epoch_, std::move(batch.lookups)});
  }
  publish(batch.publications);
  deliver_all(batch.deliveries);
  tell_if_idle();
}

// Each reactor gets the events that it listens to, in the order of the journal.
void directory_actor::publish(const std::vector<published_event_ptr>& events) {
  if (events.empty())
    return;
  for (std::size_t i = 0; i < host().reactors.size(); ++i) {
    published_events share{epoch_, {}};
    for (const auto& each : events) {
      const auto* heard = host().types.find(each->from.type)->find_subscription(each->event.type);
      if (std::ranges::find(heard->reactors, i) != heard->reactors.end())
        share.content.push_back(each);
    }
    if (share.content.empty())
      continue;
    elsewhere_ += share.content.size();
    compatibility::send_to(host().reactors[i], std::move(share));
  }
}

void directory_actor::take_settlement(settlement& reported) {
  if (reported.epoch == epoch_)
    elsewhere_ -= reported.settled;
  deliver_all(reported.deliveries);
  tell_if_idle();
}

// A saga that has ended meanwhile tells them at once. While it is open, its aggregate need not be
// live for them.
void directory_actor::keep_clients(waiting_clients& those) {
  const auto head = host().log.head(those.self);
  if (head && head->saga_open && !live_.find(those.self)) {
    std::ranges::move(those.content, std::back_inserter(clients_[those.self]));
    return;
  }
  for (auto& each : those.content)
    deliver_to_entity({those.self, std::move(each)});
}

void directory_actor::start_epoch(const void_epoch& voided) {
  epoch_ = voided.current;
  suspended_ = voided.reason;
  for (const auto& actor : live_.clear())
    compatibility::send_to(actor, voided);
  waiting_inputs_.clear();
  for (const auto& each : std::exchange(waiting_, {}))
    refuse(each, voided.reason);
  for (const auto& each : host().reactors)
    compatibility::send_to(each, voided);
  for (const auto& each : host().externals)
    compatibility::send_to(each, voided);
  elsewhere_ = 0;
  tell_if_idle();
}

void directory_actor::resume_open_sagas() {
  host().log.open_sagas([this](const skald::address& self, const stream_head&) {
    deliver({self, resume_delivery{}});
  });
  for (const auto& each : host().reactors)
    compatibility::send_to(each, go_on{});
}

// What is published to them last, a reactor may have seen before all of it has come to it.
void directory_actor::tell_reactors(const published_up_to& reached) {
  if (!has_caught_up_)
    return;
  told_up_to_ = reached.last;
  for (const auto& each : host().reactors)
    compatibility::send_to(each, reached);
}

void directory_actor::tell_if_idle() {
  if (live_.under_way() + waiting_.size() + elsewhere_ > 0)
    return;
  // Else they would look through all of it after the next start, in which nothing may be for them.
  if (const auto last = host().log.last(); last - told_up_to_ >= much_to_look_through)
    tell_reactors({last});
  for (const auto& each : std::exchange(idle_requests_, {}))
    (*each)();
}

} // namespace skald
