#include "slip_domain.hpp"

#include <algorithm>
#include <chrono>

namespace sample {

using skald::decision;
using skald::rejection;

// -- clerk
// -----------------------------------------------------------------------------------------------

namespace {

bool is(const clerk& state, const std::string& key, std::string_view what) {
  const auto found = state.requests.find(key);
  return found != state.requests.end() && found->second == what;
}

} // namespace

decision<clerk> decide(const clerk& state, const ask& command) {
  if (state.requests.contains(command.key))
    return rejection{"asked twice: " + command.key};
  if (state.told.at_once)
    return granted{command.key};
  return asked{command.key};
}

decision<clerk> decide(const clerk& state, const grant& command) {
  if (!is(state, command.key, "asked"))
    return rejection{"nobody asks for " + command.key};
  return granted{command.key};
}

decision<clerk> decide(const clerk& state, const deny& command) {
  if (!is(state, command.key, "asked"))
    return rejection{"nobody asks for " + command.key};
  return denied{command.key, command.reason};
}

decision<clerk> decide(const clerk& state, const withdraw_request& command) {
  if (!is(state, command.key, "asked") && !is(state, command.key, "granted"))
    return rejection{"nothing to withdraw: " + command.key};
  return request_withdrawn{command.key};
}

decision<clerk> decide(const clerk&, const instruct& command) {
  return instructed{command.at_once, command.add_jar, command.drop, command.add_name};
}

void evolve(clerk& state, const asked& event) {
  state.requests[event.key] = "asked";
}

void evolve(clerk& state, const granted& event) {
  state.requests[event.key] = "granted";
}

void evolve(clerk& state, const denied& event) {
  state.requests[event.key] = "denied";
}

void evolve(clerk& state, const request_withdrawn& event) {
  state.requests[event.key] = "withdrawn";
}

void evolve(clerk& state, const instructed& event) {
  state.told = event;
}

std::string_view status_of(const clerk& state) {
  return state.requests.empty() ? "free" : "busy";
}

void revise(const clerk& state, skald::routing_slip& slip) {
  const auto& told = state.told;
  std::erase_if(slip.itinerary,
                [&](const skald::slip_stop& each) { return each.name == told.drop; });
  if (!told.add_jar.empty())
    slip.itinerary.insert(
        slip.itinerary.begin(),
        skald::stop_named(told.add_name,
                          skald::to<jar>(told.add_jar, reserve{slip.tracking, 1, false}))
            .compensated_by(release{slip.tracking})
            .confirmed_by(settle{slip.tracking}));
  slip.tracking = "only the itinerary may change";
}

// -- trip
// ------------------------------------------------------------------------------------------------

namespace {

bool has_clerk(const trip& state) {
  return state.plan.hotel.starts_with("clerk");
}

auto reserve_in(std::string trip_planned::*which) {
  return [which](const trip& state) {
    return skald::to<jar>(state.plan.*which, reserve{state.plan.id, state.plan.tokens, false});
  };
}

release release_trip(const trip& state) {
  return {state.plan.id};
}

settle settle_trip(const trip& state) {
  return {state.plan.id};
}

// What all slips of trips have in common.
skald::saga<trip> with_end(skald::saga<trip> slip) {
  return slip.as_routing_slip()
      .deadline([](const trip& state) { return std::chrono::milliseconds{state.plan.deadline_ms}; })
      .on_completed([](const trip&) { return note_step{"all"}; })
      .on_failure([](const trip&, std::string_view reason) { return give_up{std::string{reason}}; })
      .failure_reason([](const trip& state) { return state.reason; });
}

skald::saga<trip> slip_by_clerk() {
  return with_end(skald::saga<trip>("trip slip by clerk")
                      .starts_on<trip_planned>()
                      .when(has_clerk)
                      .step("flight")
                      .send(reserve_in(&trip_planned::flight))
                      .compensate(release_trip)
                      .confirm(settle_trip)
                      .step("hotel")
                      .send([](const trip& state) {
                        return skald::to<clerk>(state.plan.hotel, ask{state.plan.id});
                      })
                      .compensate([](const trip& state) { return withdraw_request{state.plan.id}; })
                      .step("car")
                      .send(reserve_in(&trip_planned::car))
                      .compensate(release_trip)
                      .confirm(settle_trip));
}

} // namespace

namespace {

skald::saga<trip> slip_with(skald::retry_policy of_hotel) {
  return with_end(skald::saga<trip>("trip slip")
                      .starts_on<trip_planned>()
                      .when([](const trip& state) { return !has_clerk(state); })
                      .step("flight")
                      .send(reserve_in(&trip_planned::flight))
                      .compensate(release_trip)
                      .confirm(settle_trip)
                      .step("hotel")
                      .send(reserve_in(&trip_planned::hotel))
                      .compensate(release_trip)
                      .retry_compensation(of_hotel)
                      .confirm(settle_trip)
                      .step("car")
                      .send(reserve_in(&trip_planned::car))
                      .compensate(release_trip)
                      .confirm(settle_trip));
}

} // namespace

skald::saga<trip> trip_slip() {
  return slip_with(skald::saga_step::default_compensation_policy);
}

skald::registry giving_up_slip_types() {
  skald::registry types;
  types.host<jar>().host<trip>(slip_with({.retries = 2, .delay = std::chrono::seconds{1}}));
  return types;
}

skald::registry slip_types() {
  skald::registry types;
  types.host<jar>().host<clerk>().host<trip>(trip_slip(), slip_by_clerk());
  return types;
}

skald::registry refusing_slip_types() {
  skald::registry types;
  types.host<jar>().host<clerk>().host<trip>(
      trip_slip().on_completed([](const trip&) { return plan_trip{}; }));
  return types;
}

} // namespace sample
