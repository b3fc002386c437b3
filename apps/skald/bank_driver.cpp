#include "apps/skald/bank_driver.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/progress_bar.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace skald {

namespace {

// A repetition, however late, is the same message: the journal is searched for it from here on.
constexpr timestamp first_sent = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

client_command identified(client_command command, std::string message_id) {
  command.message_id = std::move(message_id);
  command.first_sent = first_sent;
  command.by = "skald drive bank";
  return command;
}

void require_sum_fits(std::size_t account_count, minor_units opening_balance) {
  std::int64_t sum = 0;
  if (__builtin_mul_overflow(static_cast<std::int64_t>(account_count), opening_balance.count, &sum))
    throw user_error{"the sum of all opening balances does not fit into 64 bits; give a smaller "
                     "--opening-balance"};
}

} // namespace

bank_driver::bank_driver(runtime& target, const berka_bank& bank, drive_settings settings)
    : target_(target), bank_(bank), settings_(std::move(settings)),
      pipeline_(target, settings_.in_flight_max) {
  require_sum_fits(bank.accounts.size(), settings_.opening_balance);
  if (!settings_.outcome_file.empty()) {
    outcomes_.open(settings_.outcome_file, std::ios::app);
    if (!outcomes_)
      throw user_error{"cannot write " + settings_.outcome_file.string() + ": " +
                       std::strerror(errno)};
  }
  std::unordered_map<std::string_view, std::size_t> index_of;
  for (const auto& order : bank.orders) {
    const auto [found, is_new] = index_of.try_emplace(order.payer, payers_.size());
    if (is_new)
      payers_.emplace_back();
    payers_[found->second].orders.push_back(&order);
  }
  for (auto& each : payers_)
    std::ranges::sort(each.orders, {}, &berka_order::id);
}

drive_result bank_driver::run() {
  open_accounts();
  const auto start = command_pipeline::steady_clock::now();
  run_transfers();
  result_.seconds = command_pipeline::steady_clock::now() - start;
  return result_;
}

void bank_driver::open_accounts() {
  std::vector<std::pair<std::string_view, minor_units>> openings;
  for (const auto& id : bank_.accounts)
    openings.emplace_back(id, settings_.opening_balance);
  std::unordered_set<std::string_view> receivers;
  for (const auto& order : bank_.orders)
    if (receivers.insert(order.receiver).second)
      openings.emplace_back(order.receiver, minor_units{});
  progress_bar progress{"accounts", openings.size()};
  std::size_t next = 0;
  pipeline_.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (next == openings.size())
          return std::nullopt;
        const auto& [id, balance] = openings[next];
        return command_pipeline::item{opening_of(std::string{id}, balance), next++};
      },
      [&](std::uint64_t tag, const outcome& answer, auto) {
        const auto& [id, balance] = openings[tag];
        const auto as_wanted = encode(account_opened{balance});
        if (!answer.accepted || answer.events.size() != 1 || answer.events[0].payload != as_wanted)
          throw user_error{"the store has an account " + std::string{id} +
                           " that was not opened with " + to_string(balance) +
                           "; give the --opening-balance of the earlier run, or another --store"};
        progress.advance();
      });
}

client_command bank_driver::opening_of(const std::string& account_id, minor_units balance) const {
  return identified(command_to<account>(account_id, open_account{balance}), "open:" + account_id);
}

void bank_driver::run_transfers() {
  for (std::size_t i = 0; i < payers_.size(); ++i)
    ready_.push_back(i);
  progress_bar progress{"transfers", std::uint64_t{settings_.months} * bank_.orders.size()};
  pipeline_.run(
      [this]() -> std::optional<command_pipeline::item> {
        if (ready_.empty())
          return std::nullopt;
        const auto index = ready_.front();
        ready_.pop_front();
        return command_pipeline::item{transfer_of(payers_[index]), index};
      },
      [&](std::uint64_t tag, const outcome& answer, auto) {
        take_outcome(static_cast<std::size_t>(tag), answer);
        progress.advance();
      });
}

client_command bank_driver::transfer_of(const payer& x) const {
  const auto& order = *x.orders[x.next_order];
  const auto id = std::to_string(order.id) + "-" + std::to_string(x.month);
  const auto deadline_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(settings_.deadline);
  auto command =
      identified(command_to<transfer>(id, transfer_money{order.payer, order.receiver, order.amount,
                                                         settings_.style, deadline_ms.count()}),
                 id);
  command.until_saga_ends = true;
  return command;
}

void bank_driver::take_outcome(std::size_t payer_index, const outcome& answer) {
  const auto& id = answer.from.id;
  if (answer.accepted) {
    ++result_.completed;
    report(id, "completed");
  } else {
    // A transfer of the same id that was refused, not cancelled, is none of ours.
    const auto head = target_.log().head(answer.from);
    if (!head || head->status != transfer_status_names[std::size_t(transfer_status::cancelled)])
      throw user_error{"the transfer " + id + " was refused: " + answer.reason};
    ++result_.failed;
    report(id, "cancelled");
  }
  auto& its = payers_[payer_index];
  if (++its.next_order == its.orders.size()) {
    its.next_order = 0;
    ++its.month;
  }
  if (its.month <= settings_.months)
    ready_.push_back(payer_index);
}

// Each line leaves the program at once: what it says must outlive the program.
void bank_driver::report(std::string_view id, std::string_view status) {
  if (!outcomes_.is_open())
    return;
  outcomes_ << id << ' ' << status << '\n' << std::flush;
  if (!outcomes_)
    throw user_error{"cannot write " + settings_.outcome_file.string() + ": " +
                     std::strerror(errno)};
}

} // namespace skald
