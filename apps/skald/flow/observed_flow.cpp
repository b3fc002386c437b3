#include "apps/skald/flow/observed_flow.hpp"

#include "actors/reactor.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

namespace skald {

namespace {

// Handlers react soon: an event further back than this is not looked for.
constexpr std::size_t remembered_turns_max = 200'000;

std::string_view without_part(std::string_view step) {
  return step.substr(0, step.find('#'));
}

// Turns that recorded events, by the input that caused them, for the handlers that react.
class recent_publishers {
public:
  struct turn {
    address stream;
    std::uint64_t number = 0;
    std::vector<std::string> events;
  };

  void add(const record& x) {
    if (x.events.empty())
      return;
    turn each{x.stream.to_address(), x.turn, {}};
    for (const auto& event : x.events)
      each.events.emplace_back(event.type);
    turns_[x.input].push_back(std::move(each));
    order_.push_back(x.input);
    if (order_.size() <= remembered_turns_max)
      return;
    auto oldest = turns_.find(order_.front());
    oldest->second.pop_front();
    if (oldest->second.empty())
      turns_.erase(oldest);
    order_.pop_front();
  }

  // Type of aggregate and event that the reactor answered with the command that `x` handles; empty
  // if it is not known.
  std::pair<std::string, std::string> find(const record& x) const {
    const auto found = turns_.find(x.causation);
    if (found == turns_.end())
      return {};
    for (const auto& each : found->second)
      for (std::uint32_t i = 0; i < each.events.size(); ++i)
        if (leads_to(each, i, x))
          return {each.stream.type, each.events[i]};
    return {};
  }

private:
  static bool leads_to(const turn& from, std::uint32_t event, const record& x) {
    constexpr std::uint32_t reactions_max = 64; // of one handler to one event
    const address handler{std::string{x.source.id}, to_string(from.stream)};
    for (std::uint32_t i = 0; i < reactions_max; ++i)
      if (dispatch_id(handler, from.number, (event << 16) + i) == x.input)
        return true;
    return false;
  }

  std::unordered_map<message_id, std::deque<turn>, message_id_hash> turns_;
  std::deque<message_id> order_;
};

class observer {
public:
  void take(const record& x) {
    take_start(x);
    if (const auto found = sagas_.find(std::string{x.correlation}); found != sagas_.end()) {
      take_reaction(x, found->second);
      take_results(x, found->second);
    }
    take_sendings(x);
    take_end(x);
    publishers_.add(x);
  }

  observed_flow result;

private:
  using sagas = std::vector<observed_flow::of_saga*>;

  void take_start(const record& x) {
    if (x.saga_change != saga_transition::started)
      return;
    auto& saga = result.sagas[{std::string{x.stream.type}, std::string{x.saga}}];
    ++saga.how.started;
    open_[x.stream.to_address()] = &saga;
    sagas_[std::string{x.correlation}].push_back(&saga);
  }

  void take_reaction(const record& x, const sagas& of) {
    if (x.kind != input_kind::command || x.source.type != reactor::address_type)
      return;
    const auto [type, event] = publishers_.find(x);
    if (type.empty())
      return;
    const observed_flow::reaction key{
        std::string{x.source.id}, type, event, x.role, std::string{x.stream.type},
        std::string{x.input_type}};
    for (auto* saga : of)
      ++saga->reactions[key];
  }

  static void take_results(const record& x, const sagas& of) {
    const auto command = x.kind == input_kind::deadline ? std::string_view{} : x.input_type;
    if (command.empty() && x.kind != input_kind::deadline)
      return;
    for (const auto& event : x.events) {
      const observed_flow::result key{std::string{x.stream.type}, std::string{command},
                                      std::string{event.type},
                                      x.kind == input_kind::command && !x.accepted};
      for (auto* saga : of)
        ++saga->results[key];
    }
  }

  void take_sendings(const record& x) {
    if (x.dispatches.empty())
      return;
    const auto saga = open_.find(x.stream.to_address());
    if (saga == open_.end())
      return;
    for (const auto& each : x.dispatches)
      ++saga->second->sendings[{std::string{without_part(each.step)}, each.role,
                                std::string{each.to.type}, std::string{each.type}}];
  }

  void take_end(const record& x) {
    std::uint64_t observed_flow::ends::*which = nullptr;
    switch (x.saga_change) {
    case saga_transition::completed:
      which = &observed_flow::ends::completed;
      break;
    case saga_transition::compensated:
      which = &observed_flow::ends::compensated;
      break;
    case saga_transition::resolved:
    case saga_transition::terminated:
      which = &observed_flow::ends::by_hand;
      break;
    default:
      return;
    }
    const auto saga = open_.find(x.stream.to_address());
    if (saga == open_.end())
      return;
    ++(saga->second->how.*which);
    open_.erase(saga);
    forget_later(std::string{x.correlation});
  }

  // What follows the end is of the same transaction, but comes soon.
  void forget_later(std::string correlation) {
    ended_.push_back(std::move(correlation));
    if (ended_.size() <= remembered_turns_max)
      return;
    sagas_.erase(ended_.front());
    ended_.pop_front();
  }

  std::unordered_map<address, observed_flow::of_saga*, address_hash> open_; ///< by their hosts
  std::unordered_map<std::string, sagas> sagas_;                            ///< by correlation
  std::deque<std::string> ended_;
  recent_publishers publishers_;
};

} // namespace

observed_flow observe_flow(const journal& log) {
  observer all;
  record current;
  log.view()->scan(1, [&](position at, byte_span bytes) {
    if (const auto wrong = decode_record(bytes, at, current))
      throw store_error(store_error::cause::damaged,
                        "the record at position " + std::to_string(at) + " is damaged: " + *wrong +
                            "; run `skald verify`");
    all.take(current);
    return true;
  });
  return std::move(all.result);
}

} // namespace skald
