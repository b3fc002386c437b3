#pragma once

#include "actors/test_kit.hpp"
#include "sample_domain.hpp"

#include <optional>
#include <string>

namespace sample {

/// Reserves in the jar `name`.
inline auto reserve_in(std::string name) {
  return [name](const trip& state) {
    return skald::to<jar>(name, reserve{state.plan.id, state.plan.tokens, false});
  };
}

inline release release_trip(const trip& state) {
  return {state.plan.id};
}

/// A saga whose steps reserve in the jars named after them, and release there.
class trip_saga_maker {
public:
  trip_saga_maker() { saga_.starts_on<trip_planned>(); }

  trip_saga_maker& step(const std::string& name) {
    saga_.step(name).send(reserve_in(name)).compensate(release_trip);
    return *this;
  }

  trip_saga_maker& parallel(const std::string& name) {
    saga_.parallel_step(name).send(reserve_in(name)).compensate(release_trip);
    return *this;
  }

  skald::saga<trip>& also() { return saga_; }

  /// The saga has been started.
  skald::saga_scenario& start() {
    types_.host<jar>().host<trip>(saga_);
    scenario_.emplace(types_, skald::address{"trip", "T"});
    return scenario_->when(plan_trip{"f", "h", "c", 5, 5'000});
  }

private:
  skald::saga<trip> saga_{"trip"};
  skald::registry types_;
  std::optional<skald::saga_scenario> scenario_;
};

/// As `saga_scenario::then_sends` shows it: the step that reserves in the jar of its name.
inline std::string reserve_at(const std::string& step) {
  return skald::sent(step, "step", reserve{"T", 5, false}, {"jar", step});
}

/// The compensation of that step.
inline std::string release_at(const std::string& step) {
  return skald::sent(step, "cancel", release{"T"}, {"jar", step});
}

/// The confirm of that step.
inline std::string confirm_at(const std::string& step) {
  return step + ": confirm to jar/" + step;
}

} // namespace sample
