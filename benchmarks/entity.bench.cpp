// Turns of an account without actors and disk: decode the command, decide, evolve, encode the
// record, remember that it was handled.

#include "actors/entity.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/bank.hpp"
#include "messages/codec.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace skald {

namespace {

constexpr std::uint64_t transfers_prepared = 256;

class one_account {
public:
  one_account() {
    host_bank(types_);
    account_ = std::make_unique<entity>(*types_.find(account::type_name), self_);
    take(message(open_account{minor_units{100}}, participation::none, "opening"));
  }

  // The commands of the next transfers: each its deposit, then its confirmation. The day between
  // any two calls keeps the number of messages that the account remembers bounded.
  std::vector<command_delivery> next_commands() {
    now_ += std::chrono::hours{24};
    std::vector<command_delivery> result;
    for (std::uint64_t i = 0; i < transfers_prepared; ++i) {
      const auto id = std::to_string(++transfers_);
      result.push_back(message(deposit{id, "payer", minor_units{1}, {}}, participation::step, id));
      result.push_back(message(confirm_deposit{id}, participation::confirm, id));
    }
    return result;
  }

  void take(command_delivery input) {
    const auto done = account_->handle(std::move(input), now_);
    if (done.record.empty())
      throw std::logic_error{"the account has recorded nothing"};
  }

private:
  template <class C>
  command_delivery message(const C& command, participation role,
                           const std::string& transfer) const {
    auto result = std::make_shared<command_message>();
    result->id = message_id_of(transfer + std::string{C::type_name});
    result->to = self_;
    result->correlation = transfer;
    result->first_sent = now_;
    result->type = C::type_name;
    encode(command, result->payload);
    if (role != participation::none) {
      result->source = {"transfer", transfer};
      result->role = role;
      result->step = "deposit";
    }
    return {std::move(result), nullptr};
  }

  registry types_;
  address self_{"account", "54321"};
  std::unique_ptr<entity> account_;
  std::uint64_t transfers_ = 0;
  timestamp now_{std::chrono::hours{24 * 20'000}};
};

void turn_of_an_entity(benchmark::State& state) {
  one_account account;
  for (auto _ : state) {
    state.PauseTiming();
    auto commands = account.next_commands();
    state.ResumeTiming();
    for (auto& each : commands)
      account.take(std::move(each));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * transfers_prepared));
}
BENCHMARK(turn_of_an_entity);

} // namespace

} // namespace skald
