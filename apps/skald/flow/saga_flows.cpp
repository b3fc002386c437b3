#include "apps/skald/flow/saga_flows.hpp"

#include <algorithm>
#include <set>

namespace skald {

namespace {

using kind = flow_node::kind;
using meaning = flow_link::meaning;

flow_node event_of(std::string_view type, std::string_view name) {
  return {kind::event, std::string{type}, std::string{name}};
}

flow_node command_of(std::string_view type, std::string_view name) {
  return {kind::command, std::string{type}, std::string{name}};
}

meaning meaning_of(participation role) {
  switch (role) {
  case participation::confirm:
    return meaning::confirm;
  case participation::cancel:
    return meaning::compensation;
  default:
    return meaning::step;
  }
}

// A confirm or cancel that needs nothing of the domain has no name.
std::string name_of(std::string_view command, participation role) {
  if (!command.empty())
    return std::string{command};
  return role == participation::confirm ? "(confirm)" : "(cancel)";
}

const observed_flow::of_saga& observed_of(const observed_flow& observed, const entity_type& host,
                                          const saga_definition& saga) {
  static const observed_flow::of_saga nothing;
  const auto found = observed.sagas.find({host.name, saga.name});
  return found == observed.sagas.end() ? nothing : found->second;
}

class saga_flow_maker {
public:
  saga_flow_maker(const registry& types, const entity_type& host, const saga_definition& saga,
                  const observed_flow& observed)
      : types_(types), host_(host), saga_(saga), observed_(observed_of(observed, host, saga)) {}

  saga_flow make() {
    result_.saga = saga_.name;
    result_.type = host_.name;
    result_.started = observed_.how.started;
    result_.completed = observed_.how.completed;
    result_.compensated = observed_.how.compensated;
    result_.ended_by_hand = observed_.how.by_hand;
    declare_steps();
    declare_failure();
    add_undeclared_sendings();
    if (saga_.steps.empty())
      add_handlers();
    add_results();
    return std::move(result_);
  }

private:
  using nodes = std::vector<flow_node>;

  static flow_node command_of_step(const saga_step& step) {
    return command_of(step.target, step.sends);
  }

  // What follows a step that has succeeded follows from these.
  static nodes successes_of(const saga_step& step) {
    nodes result;
    for (const auto each : step.succeeds_on)
      result.push_back(event_of(step.target, each));
    if (result.empty())
      result.push_back(command_of_step(step));
    return result;
  }

  static nodes failures_of(const saga_step& step) {
    nodes result;
    for (const auto each : step.fails_on)
      result.push_back(event_of(step.target, each));
    if (result.empty())
      result.push_back(command_of_step(step));
    return result;
  }

  void declare_steps() {
    const nodes start{event_of(host_.name, saga_.starts_on)};
    auto before = start;
    nodes group; // what follows the steps that run beside each other
    for (const auto& step : saga_.steps) {
      // Which step a process manager takes next it chooses from all so far.
      if (!step.beside_previous && !group.empty() && !saga_.choose)
        before = std::exchange(group, {});
      for (const auto& each : before)
        send(each, step, participation::step, step.sends);
      declare_results(step);
      const auto successes = successes_of(step);
      group.insert(group.end(), successes.begin(), successes.end());
      if (!step.on_success_type.empty())
        for (const auto& each : successes)
          own(each, step.on_success_type, "step '" + step.name + "' is done");
    }
    if (saga_.steps.empty())
      return;
    for (const auto& each : group) {
      if (!saga_.on_completed.type.empty())
        own(each, saga_.on_completed.type, "all is done");
      for (const auto& step : saga_.steps)
        if (!step.confirm.type.empty())
          send(each, step, participation::confirm, step.confirm.type);
    }
  }

  void declare_results(const saga_step& step) {
    for (const auto each : step.succeeds_on)
      result(command_of_step(step), event_of(step.target, each), meaning::result);
    for (const auto each : step.fails_on)
      result(command_of_step(step), event_of(step.target, each), meaning::failure);
  }

  void declare_failure() {
    nodes failures;
    for (const auto& step : saga_.steps)
      if (!step.may_fail)
        for (auto& each : failures_of(step))
          failures.push_back(std::move(each));
    for (const auto each : saga_.cancelled_by)
      failures.push_back(event_of(host_.name, each));
    if (saga_.deadline)
      failures.push_back({kind::deadline, host_.name, "deadline"});
    auto before = failures;
    if (!saga_.on_failure_type.empty()) {
      for (const auto& each : failures)
        own(each, saga_.on_failure_type, "something has failed");
      before = {command_of(host_.name, saga_.on_failure_type)};
    }
    for (const auto& step : saga_.steps) {
      if (step.compensate.type.empty())
        continue;
      for (const auto& each : before)
        send(each, step, participation::cancel, step.compensate.type);
      if (!saga_.on_compensated.type.empty())
        own(command_of(step.target, step.compensate.type), saga_.on_compensated.type,
            "all is undone");
    }
  }

  void send(const flow_node& from, const saga_step& step, participation role,
            std::string_view command) {
    const observed_flow::sending key{step.name, role, std::string{step.target},
                                     std::string{command}};
    const auto seen = observed_.sendings.find(key);
    add({from, command_of(step.target, command), meaning_of(role), "step '" + step.name + "'", true,
         true, seen == observed_.sendings.end() ? 0 : seen->second});
    declared_.insert(key);
  }

  // The journal does not say which event had a saga call upon its own aggregate.
  void own(const flow_node& from, std::string_view command, std::string via) {
    add({from, command_of(host_.name, command), meaning::own, std::move(via), true, false, 0});
  }

  void result(flow_node command, flow_node event, meaning what) {
    const auto count = count_of(command.type, command.name, event.name);
    add({std::move(command), std::move(event), what, {}, true, true, count});
  }

  std::uint64_t count_of(const std::string& type, const std::string& command,
                         const std::string& event) const {
    std::uint64_t count = 0;
    for (const auto& [key, times] : observed_.results)
      if (key.type == type && command_of_result(key) == command && key.event == event)
        count += times;
    return count;
  }

  std::string_view command_of_result(const observed_flow::result& key) const {
    return key.command.empty() ? saga_.on_failure_type : std::string_view{key.command};
  }

  void add_undeclared_sendings() {
    for (const auto& [key, count] : observed_.sendings) {
      // A confirm or cancel without a command is what a step that declares none gets.
      if (declared_.contains(key) || key.command.empty())
        continue;
      add({event_of(host_.name, saga_.starts_on), command_of(key.target_type, key.command),
           meaning_of(key.role), "step '" + key.step + "'", false, true, count});
    }
  }

  // Handlers carry the transaction: those that react to what it can lead to.
  void add_handlers() {
    std::set<std::string> reached{host_.name};
    std::set<const reactor*> taken;
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& each : types_.reactors()) {
        const bool listens = std::ranges::any_of(each.rules(), [&](const reactor::rule& rule) {
          return reached.contains(std::string{rule.aggregate_type});
        });
        if (!listens || !taken.insert(&each).second)
          continue;
        grows = true;
        add_handler(each, reached);
      }
    }
  }

  void add_handler(const reactor& handler, std::set<std::string>& reached) {
    std::set<observed_flow::reaction> declared;
    for (const auto& rule : handler.rules())
      for (const auto& emission : rule.emits) {
        reached.insert(std::string{emission.target_type});
        declare_reaction(handler, rule, emission, declared);
      }
    for (const auto& [key, count] : observed_.reactions)
      if (key.reactor == handler.name() && !declared.contains(key)) {
        reached.insert(key.target_type);
        add({event_of(key.type, key.event),
             command_of(key.target_type, name_of(key.command, key.role)), meaning_of(key.role),
             "the " + key.reactor, false, true, count});
      }
  }

  void declare_reaction(const reactor& handler, const reactor::rule& rule,
                        const reactor::emission& emission,
                        std::set<observed_flow::reaction>& declared) {
    std::uint64_t count = 0;
    auto what = meaning::step;
    // What the command means to the transaction shows when it is sent.
    for (const auto role : {participation::none, participation::step, participation::confirm,
                            participation::cancel}) {
      observed_flow::reaction key{
          handler.name(), std::string{rule.aggregate_type},  std::string{rule.event_type},
          role,           std::string{emission.target_type}, std::string{emission.command_type}};
      if (const auto seen = observed_.reactions.find(key); seen != observed_.reactions.end()) {
        count += seen->second;
        what = meaning_of(role);
      }
      declared.insert(std::move(key));
    }
    add({event_of(rule.aggregate_type, rule.event_type),
         command_of(emission.target_type, emission.command_type), what, "the " + handler.name(),
         true, true, count});
  }

  // What aggregates have made of the commands of this flow.
  void add_results() {
    std::set<flow_node> commands;
    std::set<std::pair<flow_node, flow_node>> known;
    for (const auto& each : result_.links) {
      if (each.to.what == kind::command)
        commands.insert(each.to);
      known.emplace(each.from, each.to);
    }
    for (const auto& each : observed_.results) {
      const auto& key = each.first;
      const auto command = command_of(key.type, command_of_result(key));
      const auto event = event_of(key.type, key.event);
      if (commands.contains(command) && known.emplace(command, event).second)
        add({command,
             event,
             key.failure ? meaning::failure : meaning::result,
             {},
             false,
             true,
             count_of(key.type, command.name, key.event)});
    }
  }

  void add(flow_link link) { result_.links.push_back(std::move(link)); }

  const registry& types_;
  const entity_type& host_;
  const saga_definition& saga_;
  const observed_flow::of_saga& observed_;
  saga_flow result_;
  std::set<observed_flow::sending> declared_;
};

} // namespace

std::vector<saga_flow> saga_flows(const registry& types, const observed_flow& observed) {
  std::vector<saga_flow> result;
  for (const auto* type : types.types())
    for (const auto& saga : type->sagas)
      result.push_back(saga_flow_maker{types, *type, saga, observed}.make());
  return result;
}

} // namespace skald
