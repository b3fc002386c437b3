#include "actors/loader_actor.hpp"

#include "actors/lookup.hpp"
#include "actors/rebuild.hpp"

#include <caf/behavior.hpp>

namespace skald {

loader_actor::loader_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context) {}

caf::behavior loader_actor::make_behavior() {
  return {
      [this](const load_request& request) { load(request); },
      [this](lookup_request& request) { look_up_all(request); },
      [this](const snapshot_request& request) { take_snapshot(request); },
      [this](const reading_request& request) { read_reactions(request); },
  };
}

void loader_actor::load(const load_request& request) const {
  auto result = rebuild(*host().types.find(request.self.type), host().log, request.self);
  compatibility::send_to(request.owner, loaded{request.number, std::move(result.content),
                                               result.replayed, std::move(result.error)});
}

// From what is committed, beside the entity and not in its way.
void loader_actor::take_snapshot(const snapshot_request& request) const {
  const auto result = rebuild(*host().types.find(request.self.type), host().log, request.self);
  if (!result.content || result.replayed == 0)
    return;
  try {
    host().log.keep_snapshot(request.self,
                             {result.content->cursor()->last, result.content->snapshot()});
  } catch (const std::exception& error) {
    host().options.on_problem("no snapshot of " + to_string(request.self) +
                              " can be taken: " + error.what());
  }
}

void loader_actor::read_reactions(const reading_request& request) const {
  reactions_read answer{request.epoch, {}};
  for (const auto& each : request.places)
    answer.content.push_back(read_reaction(host().log, *request.handler, each));
  compatibility::send_to(request.owner, std::move(answer));
}

void loader_actor::look_up_all(lookup_request& request) const {
  settlement settled{request.epoch, {}, request.content.size()};
  for (auto& each : request.content) {
    const auto& message = *each.message;
    outcome_ptr answer;
    try {
      auto found = look_up(host().log, message);
      answer = std::move(found.first_answer);
      each.history = found.cancelled ? history_check::cancelled : history_check::new_here;
    } catch (const std::exception& error) {
      host().options.on_problem(to_string(message.to) + " cannot be read: " + error.what());
      if (!may_be_refused_unread(message))
        continue;
      auto refusal = std::make_shared<outcome>();
      refusal->answers = message.id;
      refusal->to = message.source;
      refusal->from = message.to;
      refusal->reason = error.what();
      answer = std::move(refusal);
    }
    if (!answer) {
      const auto to = message.to;
      settled.deliveries.push_back({to, std::move(each)});
      continue;
    }
    if (each.reply)
      each.reply->answer(answer);
    if (!message.source.empty())
      settled.deliveries.push_back({message.source, outcome_delivery{std::move(answer)}});
  }
  compatibility::send_to(host().directory, std::move(settled));
}

} // namespace skald
