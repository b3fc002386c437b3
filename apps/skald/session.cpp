#include "apps/skald/session.hpp"

#include "apps/bank/bank.hpp"
#include "apps/skald/gateway_process.hpp"
#include "apps/skald/printable.hpp"
#include "persistence/lmdb_journal.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <optional>

namespace skald {

namespace {

constexpr duration longest_wait_for_idle = std::chrono::seconds{60};

// With the gateway that the options name, else with one of its own, started when it is needed.
orders_world world_of(const global_options& options) {
  orders_world result;
  if (!options.gateway.empty()) {
    const gateway_client checked{{options.gateway}};
    result.gateway = [address = options.gateway] { return gateway_settings{address}; };
    return result;
  }
  auto own = std::make_shared<std::optional<gateway_process>>();
  result.gateway = [own, ledger = gateway_process::ledger_beside(options.store)] {
    own->emplace(ledger);
    return gateway_settings{(*own)->address()};
  };
  return result;
}

} // namespace

session::session(const global_options& options, when_missing missing,
                 runtime_options runtime_settings)
    : session(options, missing, std::move(runtime_settings), world_of(options)) {}

session::session(const global_options& options, when_missing missing,
                 runtime_options runtime_settings, const orders_world& world) {
  lmdb_options settings;
  settings.create = missing == when_missing::create;
  auto log = open_lmdb_journal(options.store, settings);
  registry types;
  host_bank(types);
  host_orders(types, world);
  runtime_settings.on_problem = [](const std::string& problem) {
    spdlog::warn("{}", printable(problem));
  };
  // Two threads that share one queue move the most transfers on two cores.
  configuration_.set("caf.scheduler.policy", "sharing");
  configuration_.set("caf.scheduler.max-threads", 2);
  configuration_.set("caf.scheduler.max-throughput", 100);
  system_ = std::make_unique<caf::actor_system>(configuration_);
  runtime_ = std::make_unique<runtime>(*system_, std::move(types), std::move(log),
                                       std::move(runtime_settings));
}

session::~session() {
  if (!runtime_->wait_until_idle(longest_wait_for_idle))
    spdlog::warn("some work is still under way; it goes on when the store is opened again");
  runtime_->stop();
}

} // namespace skald
