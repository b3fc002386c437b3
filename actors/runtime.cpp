#include "actors/runtime.hpp"

#include "actors/actor_messages.hpp"
#include "actors/caf_compatibility.hpp"
#include "actors/deadline_actor.hpp"
#include "actors/directory_actor.hpp"
#include "actors/external_actor.hpp"
#include "actors/index_actor.hpp"
#include "actors/journal_actor.hpp"
#include "actors/loader_actor.hpp"
#include "actors/reactor_actor.hpp"

#include <caf/actor_system.hpp>
#include <caf/init_global_meta_objects.hpp>

#include <algorithm>

namespace skald {

namespace {

constexpr std::size_t catch_up_batch = 10'000;

constexpr auto* stopped_reason =
    "the runtime stopped before the answer came; ask again when it is up";

// Answers a thread that waits. A runtime that stops without an answer says so.
class promised_outcome final : public reply_channel {
public:
  ~promised_outcome() override {
    if (answered_)
      return;
    auto refusal = std::make_shared<outcome>();
    refusal->reason = stopped_reason;
    promise.set_value(std::move(refusal));
  }

  void answer(outcome_ptr answer) override {
    answered_ = true;
    promise.set_value(std::move(answer));
  }

  void show(const entity_view&) override {}

  std::promise<outcome_ptr> promise;

private:
  bool answered_ = false;
};

class promised_view final : public reply_channel {
public:
  ~promised_view() override {
    if (answered_)
      return;
    entity_view refusal;
    refusal.error = stopped_reason;
    promise.set_value(std::move(refusal));
  }

  void answer(outcome_ptr) override {}

  void show(const entity_view& view) override {
    answered_ = true;
    promise.set_value(view);
  }

  std::promise<entity_view> promise;

private:
  bool answered_ = false;
};

class actor_reply final : public reply_channel {
public:
  actor_reply(caf::actor receiver, message_id id) : receiver_(std::move(receiver)), id_(id) {}

  ~actor_reply() override {
    if (answered_)
      return;
    auto refusal = std::make_shared<outcome>();
    refusal->answers = id_;
    refusal->reason = stopped_reason;
    compatibility::send_to(receiver_, outcome_ptr{std::move(refusal)});
  }

  void answer(outcome_ptr answer) override {
    answered_ = true;
    compatibility::send_to(receiver_, std::move(answer));
  }

  void show(const entity_view&) override {}

private:
  caf::actor receiver_;
  message_id id_;
  bool answered_ = false;
};

// The events of one stored record that some reactor listens to.
void add_publications(const registry& types, const record& stored,
                      std::vector<published_event_ptr>& out) {
  const auto* type = types.find(stored.stream.type);
  if (!type)
    return;
  for (std::uint32_t i = 0; i < stored.events.size(); ++i)
    if (type->find_subscription(stored.events[i].type))
      out.push_back(std::make_shared<published_event>(published(stored, i)));
}

} // namespace

void init_actor_types() {
  caf::init_global_meta_objects<caf::id_block::skald>();
  caf::core::init_global_meta_objects();
}

runtime::runtime(caf::actor_system& system, registry types, std::unique_ptr<journal> log,
                 runtime_options options, std::shared_ptr<const clock> time)
    : types_(std::move(types)), log_(std::move(log)),
      time_(std::move(time)), context_{types_, *log_, *time_, std::move(options)} {
  std::vector<parked_so_far> parked;
  for (const auto& handler : types_.reactors())
    parked.push_back(read_parked(*types_.find(parked_reactions::type_name), *log_, handler.name()));
  start_actors(system, std::move(parked));
  try {
    catch_up_reactors();
    compatibility::send_to(context_.directory, caught_up{});
    resume_open_sagas();
  } catch (...) {
    stop();
    throw;
  }
}

runtime::~runtime() {
  stop();
}

void runtime::start_actors(caf::actor_system& system, std::vector<parked_so_far> parked) {
  // Each is set before anybody can send to it: nothing is under way yet.
  context_.index_writer = system.spawn<index_actor, caf::detached>(context_);
  context_.loader = system.spawn<loader_actor, caf::detached>(context_);
  context_.deadlines = system.spawn<deadline_actor>(context_);
  for (std::size_t i = 0; i < parked.size(); ++i)
    context_.reactors.push_back(
        system.spawn<reactor_actor>(context_, types_.reactors()[i], std::move(parked[i])));
  for (const auto& outside : types_.externals())
    context_.externals.push_back(system.spawn<external_actor>(context_, outside));
  context_.journal_writer = system.spawn<journal_actor, caf::detached>(context_);
  context_.directory = system.spawn<directory_actor>(context_);
}

// What reactors have not finished before the runtime went down is published to them again.
void runtime::catch_up_reactors() {
  if (types_.reactors().empty())
    return;
  auto first = log_->last();
  for (const auto& handler : types_.reactors())
    first = std::min(first, log_->subscription(handler.name()));
  std::vector<published_event_ptr> found;
  auto publish = [&] {
    if (found.empty())
      return;
    auto again = std::make_shared<release>();
    again->publications = std::exchange(found, {});
    compatibility::send_to(context_.directory, release_ptr{std::move(again)});
  };
  record current;
  log_->view()->scan(first + 1, [&](position at, byte_span bytes) {
    if (auto wrong = decode_record(bytes, at, current))
      throw store_error(store_error::cause::damaged,
                        "the record at position " + std::to_string(at) + " is damaged: " + *wrong +
                            "; run `skald verify`");
    add_publications(types_, current, found);
    if (found.size() >= catch_up_batch)
      publish();
    return true;
  });
  publish();
}

void runtime::resume_open_sagas() {
  settlement resumed;
  due_changes due;
  log_->open_sagas([&](const address& self, const stream_head& head) {
    resumed.deliveries.push_back({self, resume_delivery{}});
    // What fell due meanwhile is under way at once, so that whoever waits for idleness waits for
    // it.
    if (head.next_due != no_time && head.next_due <= time_->now())
      resumed.deliveries.push_back({self, deadline_delivery{}});
    else if (head.next_due != no_time)
      due.changes.emplace_back(self, head.next_due);
  });
  for (const auto& handler : types_.reactors())
    if (log_->head({std::string{parked_reactions::type_name}, handler.name()}))
      resumed.deliveries.push_back({handler.self(), resume_delivery{}});
  compatibility::send_to(context_.directory, std::move(resumed));
  compatibility::send_to(context_.deadlines, std::move(due));
}

// -- commands and queries
// ----------------------------------------------------------------------------------

delivery runtime::delivery_of(client_command command, reply_channel_ptr reply) const {
  auto message = std::make_shared<command_message>();
  const auto now = time_->now();
  if (command.message_id.empty()) {
    message->id = random_message_id();
    message->first_sent = now;
  } else {
    message->id = message_id_of(command.message_id);
    // Not later than now: the entity's time would follow.
    message->first_sent =
        std::min(now, command.first_sent.value_or(now - context_.options.retention));
  }
  message->correlation =
      command.correlation.empty() ? command.to.id : std::move(command.correlation);
  message->by = std::move(command.by);
  message->expected_version = command.expected_version;
  message->type = std::move(command.type);
  message->payload = std::move(command.payload);
  message->to = std::move(command.to);
  delivery result;
  result.to = message->to;
  result.content = command_delivery{std::move(message), std::move(reply), command.until_saga_ends,
                                    history_check::unchecked};
  return result;
}

message_id runtime::submit(client_command command, reply_channel_ptr reply) {
  auto input = delivery_of(std::move(command), std::move(reply));
  const auto id = std::get<command_delivery>(input.content).message->id;
  submission request;
  request.content.push_back(std::move(input));
  compatibility::send_to(context_.directory, std::move(request));
  return id;
}

void runtime::submit_all(std::vector<client_command> commands, const reply_channel_ptr& reply) {
  submission request;
  request.content.reserve(commands.size());
  for (auto& each : commands)
    request.content.push_back(delivery_of(std::move(each), reply));
  compatibility::send_to(context_.directory, std::move(request));
}

std::future<outcome_ptr> runtime::ask(client_command command) {
  auto reply = std::make_shared<promised_outcome>();
  auto result = reply->promise.get_future();
  submit(std::move(command), std::move(reply));
  return result;
}

message_id runtime::ask(client_command command, caf::actor receiver) {
  auto input = delivery_of(std::move(command), nullptr);
  auto& sent = std::get<command_delivery>(input.content);
  const auto id = sent.message->id;
  sent.reply = std::make_shared<actor_reply>(std::move(receiver), id);
  submission request;
  request.content.push_back(std::move(input));
  compatibility::send_to(context_.directory, std::move(request));
  return id;
}

std::future<entity_view> runtime::show(address self) {
  auto reply = std::make_shared<promised_view>();
  auto result = reply->promise.get_future();
  submission request;
  request.content.push_back({std::move(self), view_delivery{std::move(reply)}});
  compatibility::send_to(context_.directory, std::move(request));
  return result;
}

// -- life cycle
// --------------------------------------------------------------------------------------------

bool runtime::wait_until_idle(duration limit) {
  auto idle = std::make_shared<std::promise<void>>();
  auto result = idle->get_future();
  auto when_idle = std::make_shared<std::function<void()>>([idle] { idle->set_value(); });
  compatibility::send_to(context_.directory, idle_request{std::move(when_idle)});
  return result.wait_for(limit) == std::future_status::ready;
}

void runtime::stop() {
  if (std::exchange(stopped_, true))
    return;
  // The directory ends the entities; the order of the others does not matter, as nobody waits for
  // anybody.
  compatibility::stop(context_.directory);
  for (const auto& each : context_.reactors)
    compatibility::stop(each);
  for (const auto& each : context_.externals)
    compatibility::stop(each);
  compatibility::stop(context_.journal_writer);
  compatibility::stop(context_.loader);
  compatibility::stop(context_.deadlines);
  compatibility::stop(context_.index_writer);
  context_.live->wait_for_none();
  log_.reset();
}

runtime_statistics runtime::statistics() const {
  const auto& committed = *context_.committed;
  return {committed.commits, committed.records, committed.bytes, committed.times.read()};
}

void runtime::let_go() {
  compatibility::send_to(context_.directory, skald::let_go{});
}

void runtime::time_has_moved() {
  compatibility::send_to(context_.deadlines, look_at_clock{});
}

} // namespace skald
