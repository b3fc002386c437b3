#include "apps/skald/sagas/saga_finder.hpp"

#include "actors/rebuild.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/hosted_type.hpp"
#include "apps/skald/sagas/parked_reactions_text.hpp"

#include <algorithm>

namespace skald {

namespace {

// Aggregates of the id that can host a saga.
std::vector<const entity_type*> candidates(const journal& log, const registry& types,
                                           const std::string& id, const std::string& type) {
  std::vector<const entity_type*> result;
  if (!type.empty())
    require_id({type, id});
  for (const auto* each : types.types())
    if ((type.empty() ? !each->sagas.empty() : each == &hosted_type(types, type)) &&
        log.head({each->name, id}))
      result.push_back(each);
  if (!type.empty())
    (void)hosted_type(types, type);
  return result;
}

// Does the transaction begin with this saga? Else a participant hosts it for the saga of another.
bool begins_transaction(const journal& log, const address& host) {
  bool result = false;
  const auto view = log.view();
  walk_back(*view, log.head(host)->last, [&](const record& x) {
    const bool is_start = x.saga_change == saga_transition::started;
    result = is_start && x.role == participation::none;
    return !is_start;
  });
  return result;
}

[[noreturn]] void fail_without_open_saga(const std::vector<saga_overview>& ended,
                                         const std::string& id) {
  if (ended.empty())
    throw user_error("there is no saga of " + id);
  std::string what;
  for (const auto& each : ended) {
    what += (what.empty() ? "" : "; ") + to_string(each.self) + " has ended: it is " + each.phase;
    if (!each.reason.empty())
      what += ", " + each.reason;
  }
  throw user_error(what);
}

} // namespace

saga_overview look_at_saga(const journal& log, const registry& types, const address& host) {
  const auto found = rebuild(hosted_type(types, host.type), log, host);
  if (!found.content)
    throw user_error(found.error);
  return overview_of(*found.content).value_or(saga_overview{});
}

saga_overview find_open_saga(const journal& log, const registry& types, const std::string& id,
                             const std::string& type) {
  std::vector<saga_overview> open;
  std::vector<saga_overview> ended;
  for (const auto* each : candidates(log, types, id, type))
    if (auto saga = look_at_saga(log, types, {each->name, id}); !saga.self.empty())
      (saga.open ? open : ended).push_back(std::move(saga));
  if (open.empty())
    fail_without_open_saga(ended, id);
  const auto begins = [&](const saga_overview& each) {
    return open.size() == 1 || begins_transaction(log, each.self);
  };
  if (std::ranges::count_if(open, begins) == 1)
    return *std::ranges::find_if(open, begins);
  std::string names;
  for (const auto& each : open)
    names += (names.empty() ? "" : ", ") + each.self.type;
  throw user_error("several aggregates with the id " + id + " have an open saga; say which with " +
                   "--type, one of " + names);
}

std::vector<std::string> reactors_with_parked(const journal& log, const registry& types,
                                              const std::string& correlation) {
  std::vector<std::string> result;
  for_each_parked(log, types, [&](const std::string& reactor, const parked_reactions& parked) {
    if (parked.transactions.contains(correlation))
      result.push_back(reactor);
  });
  return result;
}

} // namespace skald
