#include "apps/skald/orders_totals.hpp"

#include "apps/skald/global_options.hpp"

#include <chrono>
#include <deque>
#include <future>
#include <set>
#include <thread>

namespace skald {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t looks_in_flight_max = 1'000;

// What a scan of the journal finds besides the books.
struct scan_result {
  std::map<address, std::string> parked; ///< with the reason
  std::set<address> streams;
};

void follow_saga(const record& x, scan_result& found) {
  if (x.saga_change == saga_transition::parked)
    found.parked[x.stream.to_address()] = x.reason;
  else if (x.saga_change != saga_transition::none)
    found.parked.erase(x.stream.to_address());
}

template <class See>
void scan(const journal& log, See see) {
  record current;
  log.view()->scan(1, [&](position at, byte_span bytes) {
    if (const auto wrong = decode_record(bytes, at, current))
      throw store_error{store_error::cause::damaged,
                        "the record at position " + std::to_string(at) + " is damaged: " + *wrong +
                            "; run `skald verify`"};
    see(current);
    return true;
  });
}

std::size_t count_open_sagas(const journal& log) {
  std::size_t result = 0;
  log.open_sagas([&](const address&, const stream_head&) { ++result; });
  return result;
}

std::size_t count_parked(const journal& log) {
  scan_result found;
  scan(log, [&](const record& x) { follow_saga(x, found); });
  return found.parked.size();
}

void count_locks(runtime& target, const scan_result& found, orders_totals& totals) {
  std::deque<std::future<entity_view>> looks;
  const auto take = [&] {
    const auto view = looks.front().get();
    looks.pop_front();
    if (view.in_saga.empty())
      return;
    ++totals.locks;
    if (totals.parked.empty())
      totals.findings.push_back(to_string(view.self) + ": the transaction " + view.in_saga.front() +
                                " still holds it");
  };
  for (const auto& each : found.streams) {
    if (looks.size() == looks_in_flight_max)
      take();
    looks.push_back(target.show(each));
  }
  while (!looks.empty())
    take();
}

void compare_payments(const orders_invariant& books, orders_totals& totals) {
  auto charged = totals.gateway.kept;
  for (const auto& [order, amount] : books.payments())
    if (charged[order] != amount)
      totals.findings.push_back("payment/" + order + ": the gateway has charged " +
                                to_string(charged[order]) + ", the books say " + to_string(amount));
  for (const auto& [order, amount] : charged)
    if (amount != minor_units{} && !books.payments().contains(order))
      totals.findings.push_back("payment/" + order + ": the gateway has charged " +
                                to_string(amount) + ", the books know nothing of it");
}

} // namespace

bool wait_for_sagas(runtime& target, duration limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end) {
    if (!target.wait_until_idle(1s))
      continue;
    const auto open = count_open_sagas(target.log());
    if (open == 0 || open == count_parked(target.log()))
      return true;
    // What is left waits for its time to come.
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

orders_totals total_up_orders(runtime& target, const gateway_client& gateway) {
  orders_totals result;
  orders_invariant books;
  scan_result found;
  scan(target.log(), [&](const record& x) {
    books.see(x);
    follow_saga(x, found);
    found.streams.insert(x.stream.to_address());
  });
  for (const auto& [who, why] : found.parked)
    result.parked[to_string(who)] = why;
  result.open_sagas = count_open_sagas(target.log()) - found.parked.size();
  if (found.parked.empty())
    books.see_rest();
  result.books = books.count();
  result.reasons = books.reasons();
  result.findings = books.violations();
  result.gateway = gateway.totals();
  count_locks(target, found, result);
  if (found.parked.empty())
    compare_payments(books, result);
  return result;
}

} // namespace skald
