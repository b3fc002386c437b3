#include "apps/skald/bench_driver.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/progress_bar.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

namespace skald {

namespace {

// Enough that no transfer fails for lack of money.
constexpr minor_units opening_balance{100'000'000};
constexpr std::int64_t amount_max = 10'000;

constexpr std::size_t openings_in_flight = 8'192;
constexpr duration longest_wait_for_rest = std::chrono::seconds{60};

std::uint64_t number_of(std::string_view id) {
  std::uint64_t number = 0;
  const auto end = id.data() + id.size();
  const auto parsed = std::from_chars(id.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end ? number : 0;
}

void wait_for_rest(runtime& target) {
  if (!target.wait_until_idle(longest_wait_for_rest))
    throw user_error{"the store does not come to rest; run the benchmark on a new --store"};
}

} // namespace

bench_result bench_driver::run() {
  wait_for_rest(target_);
  if (!has_accounts())
    open_accounts();
  const auto last = last_transfer();
  wait_for_rest(target_);
  bench_result result;
  const auto before = target_.statistics();
  result.first_behind = target_.log().last();
  const auto start = command_pipeline::steady_clock::now();
  run_transfers(last, result);
  // Without an orchestrator, the confirmations come behind the answer.
  wait_for_rest(target_);
  result.seconds = command_pipeline::steady_clock::now() - start;
  const auto after = target_.statistics();
  result.commits = after.commits - before.commits;
  result.records = after.records - before.records;
  result.bytes = after.bytes - before.bytes;
  return result;
}

bool bench_driver::has_accounts() const {
  std::uint64_t found = 0;
  bool are_ours = true;
  target_.log().streams(account::type_name, [&](const address& self, const stream_head&) {
    ++found;
    const auto number = number_of(self.id);
    are_ours = number >= 1 && number <= settings_.accounts;
    return are_ours;
  });
  if (found == 0)
    return false;
  if (!are_ours || found != settings_.accounts)
    throw user_error{"the store has accounts, but not those of a benchmark with --accounts " +
                     std::to_string(settings_.accounts) + "; give a new --store"};
  return true;
}

void bench_driver::open_accounts() {
  progress_bar progress{"accounts", settings_.accounts};
  command_pipeline pipeline{target_, openings_in_flight};
  std::uint64_t opened = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (opened == settings_.accounts)
          return std::nullopt;
        const auto id = std::to_string(++opened);
        auto command = command_to<account>(id, open_account{opening_balance});
        command.message_id = "open:" + id;
        return command_pipeline::item{std::move(command), opened};
      },
      [&](std::uint64_t number, const outcome& answer, auto) {
        if (!answer.accepted)
          throw user_error{"the account " + std::to_string(number) +
                           " cannot be opened: " + answer.reason};
        progress.advance();
      });
}

// The highest number that an earlier run on this store has given to a transfer.
std::uint64_t bench_driver::last_transfer() const {
  std::uint64_t last = 0;
  target_.log().streams(transfer::type_name, [&](const address& self, const stream_head&) {
    last = std::max(last, number_of(self.id));
    return true;
  });
  return last;
}

void bench_driver::run_transfers(std::uint64_t last, bench_result& result) {
  progress_bar progress{"transfers", settings_.transfers};
  command_pipeline pipeline{target_, settings_.in_flight};
  std::uint64_t sent = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent == settings_.transfers)
          return std::nullopt;
        const auto number = last + ++sent;
        return command_pipeline::item{transfer_of(number), number};
      },
      [&](std::uint64_t, const outcome& answer, command_pipeline::steady_clock::duration took) {
        ++(answer.accepted ? result.completed : result.failed);
        result.latencies.add(std::chrono::ceil<std::chrono::microseconds>(took));
        progress.advance();
      });
}

client_command bench_driver::transfer_of(std::uint64_t number) {
  const auto pick = [this](std::uint64_t first, std::uint64_t last) {
    return std::uniform_int_distribution<std::uint64_t>{first, last}(random_);
  };
  const auto from = pick(1, settings_.accounts);
  // Any other account, all equally likely.
  auto to = pick(1, settings_.accounts - 1);
  to += to >= from ? 1 : 0;
  const minor_units amount{static_cast<std::int64_t>(pick(1, amount_max))};
  auto id = std::to_string(number);
  auto command = command_to<transfer>(
      id, transfer_money{std::to_string(from), std::to_string(to), amount, settings_.style, {}});
  command.message_id = std::move(id);
  command.until_saga_ends = true;
  return command;
}

} // namespace skald
