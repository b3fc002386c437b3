#pragma once

#include "actors/clock.hpp"
#include "actors/delivery.hpp"
#include "actors/latency_histogram.hpp"
#include "actors/registry.hpp"
#include "persistence/journal.hpp"

#include <caf/actor.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace skald {

/// How a runtime is to behave.
struct runtime_options {
  /// Entities that are live at once; idle ones make room for others.
  std::size_t live_entities_max = 100'000;

  /// Inputs under way beyond which a client's command is answered with `busy`.
  std::size_t backlog_max = 65'536;

  /// Turns in one commit.
  std::size_t batch_turns_max = 4'096;

  /// How long commands are refused after the disk has refused an append, before it is tried again.
  duration retry_after = std::chrono::milliseconds{500};

  /// Records between two writings of the indexes.
  std::uint64_t index_interval = 250'000;

  /// Turns of an entity after which a snapshot of it is taken, though not more than one a second.
  std::uint64_t snapshot_turns = 1'000;

  /// The age of a turn that no snapshot covers at which one is taken with the entity's next turn.
  duration snapshot_age = std::chrono::minutes{10};

  /// How far back a client's own message id is recognised, where the client does not say when it
  /// first sent the message.
  duration retention = std::chrono::hours{24};

  /// Told of what an operator should know: an event that a reactor has parked, an index that
  /// cannot be written. Called from any thread.
  std::function<void(const std::string&)> on_problem = [](const std::string&) {};

  /// For tests: says whether a delivery is to be held back. Called by the directory;
  /// `runtime::let_go` has the held ones delivered.
  std::function<bool(const delivery&)> hold_back;
};

/// Counts the actors of one runtime that are alive, so that it can wait for their end.
class live_actors {
public:
  void add() {
    std::lock_guard guard{mutex_};
    ++count_;
  }

  void remove() {
    std::lock_guard guard{mutex_};
    if (--count_ == 0)
      none_.notify_all();
  }

  void wait_for_none() {
    std::unique_lock guard{mutex_};
    none_.wait(guard, [this] { return count_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

/// What a runtime has committed since it started.
struct runtime_statistics {
  std::uint64_t commits = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;        ///< of the records
  latency_histogram commit_times; ///< how long each commit took, its sync included
};

/// The same, counted by the journal writer and read by anybody.
struct commit_counters {
  std::atomic<std::uint64_t> commits = 0;
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> bytes = 0;
  shared_latency_histogram times;
};

/// What the actors of one runtime share. The values are immutable once the runtime has started.
struct runtime_context {
  const registry& types;
  journal& log;
  const clock& time;
  runtime_options options;
  std::shared_ptr<live_actors> live = std::make_shared<live_actors>();
  std::shared_ptr<commit_counters> committed = std::make_shared<commit_counters>();

  caf::actor directory{};
  caf::actor journal_writer{};
  caf::actor loader{};
  caf::actor deadlines{};
  caf::actor index_writer{};
  std::vector<caf::actor> reactors{};  ///< in the order of `types.reactors()`
  std::vector<caf::actor> externals{}; ///< in the order of `types.externals()`
};

} // namespace skald
