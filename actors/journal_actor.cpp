#include "actors/journal_actor.hpp"

#include <caf/behavior.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

namespace skald {

namespace {

// How long a turn waits for company that nobody waits for.
constexpr duration longest_wait_for_company = std::chrono::milliseconds{1};

// While no more than this is under way, a commit waits for all that the one before has set off:
// what it would leave out would wait for two. With more, there is always something to commit, and
// no thread is to wait for another.
constexpr std::size_t expected_max = 64;

// For how long it does.
std::chrono::steady_clock::duration longest_wait_for(std::size_t turns) {
  constexpr auto waking_up = std::chrono::microseconds{100};
  constexpr auto one_turn = std::chrono::microseconds{2};
  return waking_up + turns * one_turn;
}

bool yields_turn(const delivery& x) {
  return x.to.type != reactor::address_type && !is_external(x.to);
}

bool is_awaited(const turn& x) {
  return !x.deliveries.empty() || !x.replies.empty() || !x.views.empty() || !x.lookups.empty() ||
         !x.publications.empty() || x.next_due;
}

} // namespace

journal_actor::journal_actor(caf::actor_config& configuration, const runtime_context& context)
    : base_actor(configuration, context) {}

caf::behavior journal_actor::make_behavior() {
  return {
      [this](turn& next) { gather(next); },
      [this](commit_now) {
        commit_is_coming_ = false;
        if (!expects_more())
          return commit();
        std::this_thread::yield();
        commit_soon();
      },
      [this](commit_at_last) {
        last_commit_is_coming_ = false;
        commit();
      },
      [this](const load_request& request) {
        commit();
        compatibility::send_to(host().loader, request);
      },
      [this](const indexes_written&) { writing_indexes_ = false; },
      [this](go_on) { compatibility::send_to(host().directory, go_on{}); },
  };
}

void journal_actor::on_exit() {
  // A turn may still wait for company.
  try {
    commit();
  } catch (const std::exception& error) {
    host().options.on_problem(std::string{"the last turns were not committed: "} + error.what());
  }
  // Who waits is told now, not when the last handle of this actor is gone.
  batch_.clear();
  base_actor::on_exit();
}

// Everything that lies in the mailbox before the message to oneself joins the batch.
void journal_actor::gather(turn& next) {
  if (next.epoch != epoch_) {
    refuse(next);
    return;
  }
  const bool awaited = is_awaited(next);
  if (batch_.empty() && expected_ > 1)
    expected_until_ = std::chrono::steady_clock::now() + longest_wait_for(expected_);
  batch_.push_back(std::move(next));
  if (batch_.size() >= host().options.batch_turns_max)
    commit();
  else if (awaited)
    commit_soon();
  else
    commit_some_time();
}

void journal_actor::commit_soon() {
  if (!std::exchange(commit_is_coming_, true))
    compatibility::send_to(caf::actor_cast<caf::actor>(this), commit_now{});
}

// The record that a saga has ended, say, which changes nothing for anybody: it is not worth a sync
// of its own if another turn comes soon.
void journal_actor::commit_some_time() {
  if (!commit_is_coming_ && !std::exchange(last_commit_is_coming_, true))
    compatibility::send_later(this, longest_wait_for_company, commit_at_last{});
}

// Do turns that the last commit has set off still lack, though they take no longer than that?
bool journal_actor::expects_more() const {
  return batch_.size() < expected_ && std::chrono::steady_clock::now() < expected_until_;
}

void journal_actor::commit() {
  if (batch_.empty())
    return;
  records_.clear();
  for (auto& each : batch_)
    if (!each.record.empty())
      records_.push_back({&each.record, each.cursor.get()});
  const auto first = host().log.last() + 1;
  append_result result;
  const auto start = std::chrono::steady_clock::now();
  if (!records_.empty())
    result = host().log.append(records_);
  if (result.what == append_result::status::committed) {
    count_commit(std::chrono::steady_clock::now() - start);
    release_batch(first);
    write_indexes_if_due();
  } else {
    refuse_batch(result);
  }
  batch_.clear();
}

void journal_actor::count_commit(std::chrono::steady_clock::duration took) const {
  if (records_.empty())
    return;
  auto& counters = *host().committed;
  std::uint64_t bytes = 0;
  for (const auto& each : records_)
    bytes += each.bytes->size();
  counters.commits += 1;
  counters.records += records_.size();
  counters.bytes += bytes;
  counters.times.add(std::chrono::ceil<std::chrono::microseconds>(took));
}

void journal_actor::release_batch(position first) {
  auto outgoing = std::make_shared<release>();
  outgoing->epoch = epoch_;
  due_changes due;
  auto at = first;
  for (auto& each : batch_) {
    for (auto& [reply, answer] : each.replies)
      reply->answer(std::move(answer));
    for (auto& [reply, view] : each.views)
      reply->show(view);
    for (auto& event : each.publications) {
      event.at = at;
      outgoing->publications.push_back(std::make_shared<published_event>(std::move(event)));
    }
    std::ranges::move(each.deliveries, std::back_inserter(outgoing->deliveries));
    std::ranges::move(each.lookups, std::back_inserter(outgoing->lookups));
    if (each.next_due)
      due.changes.push_back(std::move(*each.next_due));
    outgoing->released.push_back({each.slot, each.finished});
    if (!each.record.empty())
      ++at;
  }
  outgoing->last = at - 1;
  const auto sent =
      static_cast<std::size_t>(std::ranges::count_if(outgoing->deliveries, yields_turn));
  expected_ = sent <= expected_max ? sent : 0;
  compatibility::send_to(host().directory, release_ptr{std::move(outgoing)});
  if (!due.changes.empty())
    compatibility::send_to(host().deadlines, std::move(due));
}

void journal_actor::refuse_batch(const append_result& result) {
  failure_ = result.reason.empty() ? "the journal has refused it" : result.reason;
  ++epoch_;
  compatibility::send_to(host().directory, void_epoch{epoch_, failure_});
  for (auto& each : batch_)
    refuse(each);
  if (result.what == append_result::status::refused)
    compatibility::send_later(this, host().options.retry_after, go_on{});
}

// Tells the clients of a void turn that it did not happen.
void journal_actor::refuse(turn& voided) const {
  for (auto& [reply, answer] : voided.replies) {
    auto refusal = std::make_shared<outcome>();
    refusal->answers = answer->answers;
    refusal->from = answer->from;
    refusal->correlation = answer->correlation;
    refusal->reason = failure_;
    reply->answer(std::move(refusal));
  }
  for (auto& [reply, view] : voided.views) {
    entity_view refusal;
    refusal.self = view.self;
    refusal.error = failure_;
    reply->show(refusal);
  }
  for (auto& lookup : voided.lookups)
    if (lookup.reply) {
      auto refusal = std::make_shared<outcome>();
      refusal->answers = lookup.message->id;
      refusal->from = lookup.message->to;
      refusal->reason = failure_;
      lookup.reply->answer(std::move(refusal));
    }
}

void journal_actor::write_indexes_if_due() {
  if (writing_indexes_ || host().log.index_lag() < host().options.index_interval)
    return;
  writing_indexes_ = true;
  compatibility::send_to(host().directory, published_up_to{host().log.last()});
  compatibility::send_to(host().index_writer, write_indexes_request{});
}

} // namespace skald
