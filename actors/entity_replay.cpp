#include "actors/entity.hpp"

namespace skald {

std::optional<std::string> entity::replay(const record& stored) {
  auto problem = [&](const std::string& what) {
    return to_string(self_) + ", sequence " + std::to_string(stored.sequence + 1) + ": " + what;
  };
  if (stored.turn != turn_ + 1 || stored.sequence != sequence_)
    return problem("the record at position " + std::to_string(stored.at) + " is turn " +
                   std::to_string(stored.turn) + ", but turn " + std::to_string(turn_ + 1) +
                   " is missing");
  auto sequence = stored.sequence;
  for (const auto& event : stored.events) {
    ++sequence;
    if (auto wrong = state_->evolve(event.type, event.version, event.payload))
      return to_string(self_) + ", sequence " + std::to_string(sequence) + ": " + *wrong;
  }
  const saga_definition* started = nullptr;
  if (!stored.saga.empty()) {
    started = type_.find_saga(stored.saga);
    if (!started)
      return problem("this program does not know the saga '" + std::string{stored.saga} + "'");
  }
  std::vector<command_message_ptr> dispatched;
  for (std::uint32_t i = 0; i < stored.dispatches.size(); ++i) {
    const auto& sent = stored.dispatches[i];
    auto message = std::make_shared<command_message>();
    message->id = dispatch_id(self_, stored.turn, i);
    message->to = sent.to.to_address();
    message->source = self_;
    message->correlation = stored.correlation;
    message->causation = stored.input;
    message->first_sent = stored.time;
    message->role = sent.role;
    message->step = sent.step;
    message->type = sent.type;
    message->payload.assign(sent.payload.begin(), sent.payload.end());
    message->slip.assign(sent.slip.begin(), sent.slip.end());
    dispatched.push_back(std::move(message));
  }
  progress_.take_input(stored);
  take(stored, dispatched, started);
  next_wake_ = next_due();
  unsure_of_confirms_ = progress_.current() == saga_progress::phase::confirming;
  cursor_->last = stored.at;
  return std::nullopt;
}

} // namespace skald
