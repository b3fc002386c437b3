#include "apps/skald/bench_driver.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/process_usage.hpp"
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

std::uint64_t whole_seconds(std::chrono::steady_clock::duration x) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(x).count());
}

void wait_for_rest(runtime& target) {
  if (!target.wait_until_idle(longest_wait_for_rest))
    throw user_error{"the store does not come to rest; run the benchmark on a new --store"};
}

} // namespace

void bench_driver::prepare() {
  wait_for_rest(target_);
  if (!has_accounts())
    open_accounts();
  last_ = last_transfer();
  wait_for_rest(target_);
  target_.write_indexes(); // whose growth is the transfers' from here on
}

bench_result bench_driver::run() {
  bench_result result;
  const auto before = target_.statistics();
  const auto store_before = target_.log().bytes_on_disk();
  const auto processor_before = processor_seconds();
  result.first_behind = target_.log().last();
  const auto start = steady_clock::now();
  run_transfers(result);
  // Without an orchestrator, the confirmations come behind the answer.
  wait_for_rest(target_);
  result.seconds = steady_clock::now() - start;
  result.processor_seconds = processor_seconds() - processor_before;
  const auto after = target_.statistics();
  result.commits = after.commits - before.commits;
  result.records = after.records - before.records;
  result.bytes = after.bytes - before.bytes;
  result.commit_times = after.commit_times.since(before.commit_times);
  target_.write_indexes();
  result.store_bytes = target_.log().bytes_on_disk() - store_before;
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

void bench_driver::run_transfers(bench_result& result) {
  const bool timed = settings_.time.count() > 0;
  const auto whole = static_cast<std::uint64_t>(settings_.time.count());
  progress_bar progress{timed ? "seconds" : "transfers", timed ? whole : settings_.transfers};
  command_pipeline pipeline{target_, settings_.in_flight};
  const auto start = steady_clock::now();
  std::uint64_t sent = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        const auto due = time_of(sent, start);
        const bool is_over = timed ? due.value_or(steady_clock::now()) >= start + settings_.time
                                   : sent == settings_.transfers;
        if (is_over)
          return std::nullopt;
        ++sent;
        const auto number = ++last_;
        return command_pipeline::item{transfer_of(number), number, due};
      },
      [&](std::uint64_t, const outcome& answer, steady_clock::duration took) {
        ++(answer.accepted ? result.completed : result.failed);
        done_.fetch_add(1, std::memory_order_relaxed);
        result.latencies.add(std::chrono::ceil<std::chrono::microseconds>(took));
        progress.show(timed ? whole_seconds(steady_clock::now() - start) : done());
      });
}

// When the transfer with that many before it is to be sent, if there is a rate.
std::optional<bench_driver::steady_clock::time_point>
bench_driver::time_of(std::uint64_t before, steady_clock::time_point start) const {
  if (settings_.rate <= 0)
    return std::nullopt;
  const std::chrono::duration<double> behind{static_cast<double>(before) / settings_.rate};
  return start + std::chrono::duration_cast<steady_clock::duration>(behind);
}

client_command bench_driver::transfer_of(std::uint64_t number) {
  const auto [from, to] = pick_accounts();
  const minor_units amount{static_cast<std::int64_t>(pick(1, amount_max))};
  auto id = std::to_string(number);
  auto command = command_to<transfer>(
      id, transfer_money{std::to_string(from), std::to_string(to), amount, settings_.style, {}});
  command.message_id = std::move(id);
  command.until_saga_ends = true;
  return command;
}

std::pair<std::uint64_t, std::uint64_t> bench_driver::pick_accounts() {
  if (settings_.hot > 0 && std::bernoulli_distribution{settings_.hot}(random_)) {
    const auto other = pick(2, settings_.accounts);
    if (pick(0, 1) == 0)
      return {1, other};
    return {other, 1};
  }
  const auto from = pick(1, settings_.accounts);
  // Any other account, all equally likely.
  auto to = pick(1, settings_.accounts - 1);
  to += to >= from ? 1 : 0;
  return {from, to};
}

std::uint64_t bench_driver::pick(std::uint64_t first, std::uint64_t last) {
  return std::uniform_int_distribution<std::uint64_t>{first, last}(random_);
}

} // namespace skald
