#include "sample_domain.hpp"

#include <stdexcept>

namespace sample {

using skald::decision;
using skald::rejection;

// -- jar
// -------------------------------------------------------------------------------------------------

decision<jar> decide(const jar& state, const put& command) {
  if (command.tokens <= 0)
    return rejection{"one puts at least one token"};
  return was_put{command.tokens, state.tokens + command.tokens};
}

decision<jar> decide(const jar& state, const reserve& command) {
  if (state.reservations.contains(command.key))
    return rejection{"reserved twice: " + command.key};
  if (command.tokens > state.tokens)
    return reserve_failed{command.key, "not enough tokens", command.by_errand};
  return reserved{command.key, command.tokens, command.by_errand};
}

decision<jar> decide(const jar& state, const settle& command) {
  if (state.stuck)
    return rejection{"stuck"};
  if (!state.reservations.contains(command.key))
    return rejection{"nothing to settle: " + command.key};
  return settled{command.key};
}

decision<jar> decide(const jar& state, const release& command) {
  if (state.stuck)
    return rejection{"stuck"};
  if (!state.reservations.contains(command.key))
    return rejection{"nothing to release: " + command.key};
  return released{command.key};
}

decision<jar> decide(const jar&, const set_stuck& command) {
  return stuck_was_set{command.stuck};
}

decision<jar> decide(const jar&, const smash&) {
  return smashed{};
}

decision<jar> decide(const jar&, const choke&) {
  throw std::runtime_error("choked");
}

decision<jar> decide(const jar& state, const spill&) {
  return {was_put{1'000, state.tokens + 1'000}, spilled{}};
}

void evolve(jar& state, const was_put& event) {
  state.tokens += event.tokens;
}

void evolve(jar& state, const reserved& event) {
  state.tokens -= event.tokens;
  state.reservations[event.key] = event.tokens;
}

void evolve(jar&, const reserve_failed&) {}

void evolve(jar& state, const settled& event) {
  state.spent += state.reservations.at(event.key);
  state.reservations.erase(event.key);
}

void evolve(jar& state, const released& event) {
  state.tokens += state.reservations.at(event.key);
  state.reservations.erase(event.key);
}

void evolve(jar& state, const stuck_was_set& event) {
  state.stuck = event.stuck;
}

void evolve(jar& state, const smashed&) {
  state.broken = true;
}

void evolve(jar&, const spilled&) {
  throw std::runtime_error("spilled");
}

std::string_view status_of(const jar& state) {
  return state.broken ? "broken" : state.reservations.empty() ? "free" : "reserved";
}

bool is_deleted(const jar& state) {
  return state.broken;
}

// -- trip
// ------------------------------------------------------------------------------------------------

decision<trip> decide(const trip& state, const plan_trip& command,
                      const skald::decision_context& context) {
  if (!state.plan.id.empty())
    return rejection{"planned already"};
  return trip_planned{context.self.id, command.flight, command.hotel,
                      command.car,     command.tokens, command.deadline_ms};
}

decision<trip> decide(const trip& state, const note_step& command) {
  if (state.given_up)
    return rejection{"given up"};
  return step_noted{command.step};
}

decision<trip> decide(const trip& state, const give_up& command) {
  if (state.given_up)
    return rejection{"given up already"};
  return trip_given_up{command.reason};
}

void evolve(trip& state, const trip_planned& event) {
  state.plan = event;
}

void evolve(trip& state, const step_noted& event) {
  state.noted.push_back(event.step);
}

void evolve(trip& state, const trip_given_up& event) {
  state.given_up = true;
  state.reason = event.reason;
}

std::string_view status_of(const trip& state) {
  return state.given_up           ? "given up"
         : state.plan.id.empty()  ? "none"
         : state.noted.size() < 3 ? "planned"
                                  : "booked";
}

// -- errand
// ----------------------------------------------------------------------------------------------

decision<errand> decide(const errand& state, const start_errand& command,
                        const skald::decision_context& context) {
  if (state.status != "none")
    return rejection{"started already"};
  const errand_started started{context.self.id, command.jar, command.tokens, command.deadline_ms};
  if (command.ends_at_once)
    return {started, errand_finished{started.id, started.jar}};
  return started;
}

decision<errand> decide(const errand& state, const finish_errand&) {
  if (state.status != "started")
    return rejection{"it is " + state.status};
  return errand_finished{state.id, state.jar};
}

decision<errand> decide(const errand& state, const drop_errand& command) {
  if (state.status != "started")
    return rejection{"it is " + state.status};
  return errand_dropped{state.id, state.jar, command.reason};
}

void evolve(errand& state, const errand_started& event) {
  state.status = "started";
  state.id = event.id;
  state.jar = event.jar;
  state.deadline_ms = event.deadline_ms;
}

void evolve(errand& state, const errand_finished&) {
  state.status = "finished";
}

void evolve(errand& state, const errand_dropped& event) {
  state.status = "dropped";
  state.reason = event.reason;
}

std::string_view status_of(const errand& state) {
  return state.status;
}

// -- transactions
// ----------------------------------------------------------------------------------------

namespace {

auto reserve_in(std::string trip_planned::*which) {
  return [which](const trip& state) {
    return skald::to<jar>(state.plan.*which, reserve{state.plan.id, state.plan.tokens, false});
  };
}

auto note(std::string step) {
  return [step](const trip&) { return note_step{step}; };
}

settle settle_trip(const trip& state) {
  return {state.plan.id};
}

release release_trip(const trip& state) {
  return {state.plan.id};
}

} // namespace

skald::saga<trip> trip_saga() {
  return skald::saga<trip>("book trip")
      .starts_on<trip_planned>()
      .step("flight")
      .send(reserve_in(&trip_planned::flight))
      .on_success(note("flight"))
      .confirm(settle_trip)
      .compensate(release_trip)
      .step("hotel")
      .send(reserve_in(&trip_planned::hotel))
      .on_success(note("hotel"))
      .confirm(settle_trip)
      .compensate(release_trip)
      .step("car")
      .send(reserve_in(&trip_planned::car))
      .on_success(note("car"))
      .compensate(release_trip)
      .deadline([](const trip& state) { return std::chrono::milliseconds{state.plan.deadline_ms}; })
      .on_failure([](const trip&, std::string_view reason) { return give_up{std::string{reason}}; })
      .failure_reason([](const trip& state) { return state.reason; });
}

skald::saga<errand> errand_saga() {
  return skald::saga<errand>("run errand")
      .starts_on<errand_started>()
      .completes_on<errand_finished>()
      .compensated_on<errand_dropped>()
      .deadline([](const errand& state) { return std::chrono::milliseconds{state.deadline_ms}; })
      .on_failure(
          [](const errand&, std::string_view reason) { return drop_errand{std::string{reason}}; })
      .failure_reason([](const errand& state) { return state.reason; });
}

skald::reactor errand_runner() {
  using reactions = std::vector<skald::reaction>;
  return skald::reactor("errand runner")
      .on<errand, errand_started>([](const errand_started& event) {
        return reactions{skald::as_step(
            "run", skald::to<jar>(event.jar, reserve{event.id, event.tokens, true}))};
      })
      .emits<jar, reserve>()
      .on<jar, reserved>([](const reserved& event) {
        if (!event.by_errand)
          return reactions{};
        return reactions{skald::plainly(skald::to<errand>(event.key, finish_errand{}))};
      })
      .emits<errand, finish_errand>()
      .on<jar, reserve_failed>([](const reserve_failed& event) {
        if (!event.by_errand)
          return reactions{};
        return reactions{skald::plainly(skald::to<errand>(event.key, drop_errand{event.reason}))};
      })
      .emits<errand, drop_errand>()
      .on<errand, errand_finished>([](const errand_finished& event) {
        return reactions{skald::as_confirm("run", skald::to<jar>(event.jar, settle{event.id}))};
      })
      .emits<jar, settle>()
      .on<errand, errand_dropped>([](const errand_dropped& event) {
        return reactions{skald::as_cancel("run", skald::to<jar>(event.jar, release{event.id}))};
      })
      .emits<jar, release>();
}

skald::registry sample_types() {
  skald::registry types;
  types.host<jar>().host<trip>(trip_saga()).host<errand>(errand_saga()).host(errand_runner());
  return types;
}

} // namespace sample
