#include "apps/bank/bank_books.hpp"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace skald {

namespace {

constexpr std::size_t violations_kept_max = 1'000;

constexpr minor_units zero{};

std::uint64_t bits_of(minor_units x) {
  return static_cast<std::uint64_t>(x.count);
}

minor_units of_bits(std::uint64_t x) {
  return {static_cast<std::int64_t>(x)};
}

minor_units minus(minor_units x) {
  return of_bits(0 - bits_of(x));
}

// Gives `out` the event `x` if it is of the type `E`. Returns whether it is; `wrong` says why it
// cannot be read.
template <class E, class Event>
bool read_as(const event_view& x, Event& out, std::optional<std::string>& wrong) {
  if (x.type != E::type_name)
    return false;
  E event;
  wrong = detail::decode_event(x.version, x.payload, event);
  out = std::move(event);
  return true;
}

template <class... Es>
std::optional<std::string> read(const event_view& x, std::variant<Es...>& out) {
  std::optional<std::string> wrong;
  if (!(read_as<Es>(x, out, wrong) || ...))
    wrong = "there is no such event";
  return wrong;
}

} // namespace

void bank_books::see(const record& x) {
  now_ = &x;
  event_index_ = 0;
  if (x.stream.type == account::type_name)
    see_events<account>();
  else if (x.stream.type == transfer::type_name)
    see_events<transfer>();
  event_index_ = x.events.size();
  if (x.role == participation::cancel && x.accepted)
    see_cancel();
  if (x.saga_change == saga_transition::completed || x.saga_change == saga_transition::compensated)
    see_end_of_saga();
  check_sum();
  now_ = nullptr;
}

std::optional<minor_units> bank_books::sum_of_balances() const {
  std::optional<minor_units> result = zero;
  for (const auto& [id, entry] : accounts_)
    if (result)
      result = checked_add(*result, entry.holds.balance);
  return result;
}

bank_invariant::counts bank_books::count() const {
  auto result = count_;
  result.unfinished = transfers_.size();
  return result;
}

std::optional<bank_invariant::holdings> bank_books::holdings_of(std::string_view account_id) const {
  const auto found = accounts_.find(account_id);
  if (found == accounts_.end() || found->second.status == account_status::unopened)
    return std::nullopt;
  return found->second.holds;
}

template <class A>
void bank_books::see_events() {
  typename A::event event;
  for (; event_index_ < now_->events.size(); ++event_index_) {
    if (auto wrong = read(now_->events[event_index_], event))
      report("it cannot be read: " + *wrong);
    else
      std::visit([this](const auto& x) { apply(x); }, event);
  }
}

// The receiver of a cancel undoes its step, or from then on refuses it.
void bank_books::see_cancel() {
  const auto found = transfers_.find(now_->correlation);
  if (found == transfers_.end() || now_->stream.type != account::type_name)
    return;
  const auto& here = account_here();
  for (auto* each : {&found->second.deposit, &found->second.withdrawal})
    if (each->where == &here)
      each->was_told_to_cancel = true;
  forget_if_over(now_->correlation);
}

void bank_books::see_end_of_saga() {
  const auto found = transfers_.find(now_->stream.id);
  // The saga of a choreographed transfer ends before the accounts are told.
  if (found == transfers_.end() || now_->stream.type != transfer::type_name ||
      found->second.style == transfer_style::choreographed)
    return;
  const auto& its = found->second;
  require(its.is_completed || its.is_cancelled,
          "the saga has ended, the transfer is neither completed nor cancelled");
  for (const auto* each : {&its.deposit, &its.withdrawal})
    require(its.is_completed ? each->now == part::state::confirmed : each->now != part::state::held,
            "the saga has ended, but not at both accounts");
  transfers_.erase(found);
}

void bank_books::forget_if_over(std::string_view id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end() || found->second.style == transfer_style::orchestrated)
    return;
  const auto& its = found->second;
  auto is_over = [&](const part& x) {
    return its.is_completed ? x.now == part::state::confirmed
                            : x.was_told_to_cancel && x.now != part::state::held;
  };
  if ((its.is_completed || its.is_cancelled) && is_over(its.deposit) && is_over(its.withdrawal))
    transfers_.erase(found);
}

void bank_books::apply(const account_opened& event) {
  auto& here = account_here();
  require(here.status == account_status::unopened, "the account was opened before");
  here.status = account_status::open;
  ++count_.accounts;
  opened_ += bits_of(event.opening_balance);
  change_balance(here, event.opening_balance);
}

void bank_books::apply(const account_closed&) {
  auto& here = account_here();
  require(here.status == account_status::open, "the account was not open");
  require(here.holds == bank_invariant::holdings{}, "the account still held money");
  here.status = account_status::closed;
}

void bank_books::apply(const deposited& event) {
  change(account_here().holds.pending, "pending", event.amount);
  if (auto* its = find_transfer(event.transfer))
    take_step(*its, its->deposit, event.amount);
}

void bank_books::apply(const deposit_failed&) {}

void bank_books::apply(const deposit_confirmed& event) {
  auto& here = account_here();
  change(here.holds.pending, "pending", minus(event.amount));
  change_balance(here, event.amount);
  auto* its = find_transfer(event.transfer);
  if (!its)
    return;
  require(its->is_completed, "the transfer is not completed");
  require(its->withdrawal.now == part::state::held || its->withdrawal.now == part::state::confirmed,
          "the payer has not paid");
  end_step(*its, its->deposit, event.amount, part::state::confirmed);
  end_way(*its);
  forget_if_over(event.transfer);
}

void bank_books::apply(const deposit_cancelled& event) {
  change(account_here().holds.pending, "pending", minus(event.amount));
  auto* its = find_transfer(event.transfer);
  if (!its)
    return;
  require(its->is_cancelled, "the transfer is not cancelled");
  end_step(*its, its->deposit, event.amount, part::state::cancelled);
}

void bank_books::apply(const withdrawn& event) {
  auto& here = account_here();
  change_balance(here, minus(event.amount));
  change(here.holds.outgoing, "outgoing", event.amount);
  auto* its = find_transfer(event.transfer);
  if (!its)
    return;
  take_step(*its, its->withdrawal, event.amount);
  its->is_under_way = true;
  under_way_ += bits_of(its->amount);
}

void bank_books::apply(const withdraw_failed&) {}

void bank_books::apply(const withdraw_confirmed& event) {
  change(account_here().holds.outgoing, "outgoing", minus(event.amount));
  auto* its = find_transfer(event.transfer);
  if (!its)
    return;
  require(its->is_completed, "the transfer is not completed");
  end_step(*its, its->withdrawal, event.amount, part::state::confirmed);
  forget_if_over(event.transfer);
}

void bank_books::apply(const withdraw_cancelled& event) {
  auto& here = account_here();
  change(here.holds.outgoing, "outgoing", minus(event.amount));
  change_balance(here, event.amount);
  auto* its = find_transfer(event.transfer);
  if (!its)
    return;
  require(its->is_cancelled, "the transfer is not cancelled");
  end_step(*its, its->withdrawal, event.amount, part::state::cancelled);
  end_way(*its);
}

void bank_books::apply(const transfer_created& event) {
  require(event.transfer == now_->stream.id, "the transfer has another id");
  require(event.from != event.to, "an account pays itself");
  require(event.amount > zero, "the amount is not positive");
  // Transfers that are over are forgotten, so the sequence has to tell a second creation.
  require(now_->sequence + event_index_ == 0 && !transfers_.contains(now_->stream.id),
          "the transfer was created before");
  ++count_.transfers;
  auto& entry = transfers_[std::string{now_->stream.id}];
  entry.amount = event.amount;
  entry.style = event.style;
  entry.deposit.where = &account_of(event.to);
  entry.withdrawal.where = &account_of(event.from);
}

void bank_books::apply(const deposit_completed&) {
  if (auto* its = transfer_here())
    report_step(its->deposit);
}

void bank_books::apply(const withdraw_completed&) {
  if (auto* its = transfer_here())
    report_step(its->withdrawal);
}

void bank_books::apply(const transfer_completed&) {
  ++count_.completed;
  auto* its = transfer_here();
  if (!its)
    return;
  require(!its->is_cancelled, "the transfer is cancelled already");
  require(!its->is_completed, "the transfer is completed already");
  for (const auto* each : {&its->deposit, &its->withdrawal})
    require(each->now == part::state::held && each->was_reported,
            "not both accounts have done their part");
  its->is_completed = true;
}

void bank_books::apply(const transfer_canceled&) {
  ++count_.cancelled;
  auto* its = transfer_here();
  if (!its)
    return;
  require(!its->is_completed, "the transfer is completed already");
  require(!its->is_cancelled, "the transfer is cancelled already");
  its->is_cancelled = true;
}

void bank_books::take_step(const transfer_entry& its, part& x, minor_units amount) {
  const auto& here = account_here();
  require(here.status == account_status::open, "the account is not open");
  require(x.where == &here, "the transfer concerns another account");
  require(x.now == part::state::none, "it has happened before");
  require(!x.was_told_to_cancel, "it was cancelled before");
  require(amount == its.amount, "the transfer is about another amount");
  x.now = part::state::held;
}

void bank_books::report_step(part& x) {
  require(x.now == part::state::held, "the account has not done its part");
  require(!x.was_reported, "it has happened before");
  x.was_reported = true;
}

void bank_books::end_step(const transfer_entry& its, part& x, minor_units amount, part::state end) {
  require(x.where == &account_here(), "the transfer concerns another account");
  require(x.now == part::state::held, "the account does not hold it");
  require(amount == its.amount, "the transfer is about another amount");
  x.now = end;
}

// The money has arrived, or is back.
void bank_books::end_way(transfer_entry& its) {
  if (its.is_under_way)
    under_way_ -= bits_of(its.amount);
  its.is_under_way = false;
}

void bank_books::check_sum() {
  const auto difference = balances_ + under_way_ - opened_;
  // Once found, it would be found again with every record.
  if (difference != reported_difference_) {
    reported_difference_ = difference;
    if (difference == 0)
      return;
    report("the balances and the money under way add up to " +
           to_string(of_bits(balances_ + under_way_)) + ", the accounts were opened with " +
           to_string(of_bits(opened_)));
  }
}

bank_books::account_entry& bank_books::account_of(std::string_view id) {
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? accounts_[std::string{id}] : found->second;
}

bank_books::transfer_entry* bank_books::find_transfer(std::string_view id) {
  const auto found = transfers_.find(id);
  if (found != transfers_.end())
    return &found->second;
  report("the transfer '" + std::string{id} + "' is over or was never created");
  return nullptr;
}

void bank_books::change_balance(account_entry& x, minor_units by) {
  change(x.holds.balance, "balance", by);
  balances_ += bits_of(by);
}

void bank_books::change(minor_units& total, std::string_view name, minor_units by) {
  const bool fits = checked_add(total, by).has_value();
  total = of_bits(bits_of(total) + bits_of(by));
  if (!fits)
    report(std::string{name} + " exceeds 64 bits");
  else if (total < zero)
    report(std::string{name} + " is " + to_string(total));
}

void bank_books::require(bool holds, std::string_view violation) {
  if (!holds)
    report(violation);
}

void bank_books::report(std::string_view violation) {
  ++count_.violations;
  if (violations_.size() == violations_kept_max)
    return;
  auto text = "record " + std::to_string(now_->at) + ", " + to_string(now_->stream.to_address());
  if (event_index_ < now_->events.size())
    text.append(", ").append(now_->events[event_index_].type);
  violations_.push_back(text.append(": ").append(violation));
}

} // namespace skald
