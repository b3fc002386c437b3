#include "apps/skald/sagas/parked_reactions_text.hpp"

#include "actors/rebuild.hpp"
#include "apps/skald/elapsed_text.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/printable.hpp"
#include "messages/codec.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <chrono>

namespace skald {

namespace {

timestamp time_of(std::int64_t milliseconds) {
  return timestamp{std::chrono::milliseconds{milliseconds}};
}

} // namespace

void for_each_parked(
    const journal& log, const registry& types,
    const std::function<void(const std::string& reactor, const parked_reactions& parked)>& visit) {
  const auto* type = types.find(parked_reactions::type_name);
  if (!type)
    return;
  log.streams(type->name, [&](const address& self, const stream_head&) {
    const auto found = rebuild(*type, log, self);
    if (!found.content)
      throw user_error(found.error);
    parked_reactions state;
    if (auto wrong = decode(found.content->view().state, state))
      throw user_error(to_string(self) + " cannot be read: " + *wrong);
    visit(self.id, state);
    return true;
  });
}

nlohmann::ordered_json parked_json(const std::string& reactor, const parked_event& x) {
  return {{"reactor", reactor},
          {"parked", true},
          {"correlation", x.correlation},
          {"event", x.event},
          {"from", x.from},
          {"position", x.place.at},
          {"reason", x.reason},
          {"since", to_string(time_of(x.since_ms))},
          {"attempts", x.attempts}};
}

std::string parked_text(const std::string& reactor, const parked_event& x, timestamp now) {
  const auto what = fmt::format("reaction of the {} to {} of {}, in transaction {}", reactor,
                                x.event, x.from, x.correlation);
  const auto why = x.attempts == 0 ? std::string{"stands behind one that is parked"}
                                   : fmt::format("tried {} times: {}", x.attempts, x.reason);
  return printable(fmt::format("{}  parked since {}  {}", what,
                               elapsed_text(now - time_of(x.since_ms)), why)) +
         "\n";
}

} // namespace skald
