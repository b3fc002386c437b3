#pragma once

#include "persistence/memory_journal.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sample {

/// A journal in memory that outlives the runtime that uses it, and that a test can watch and hold.
class journal_box {
public:
  skald::memory_journal log;

  /// Appends wait from now on, until `let_append`.
  void hold_appends() {
    const std::lock_guard guard{mutex_};
    held_ = true;
  }

  void let_append() {
    const std::lock_guard guard{mutex_};
    held_ = false;
    changed_.notify_all();
  }

  /// Returns when an append waits; false if none does for a minute.
  bool wait_for_held_append() {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::minutes{1}, [this] { return waiting_; });
  }

  /// Records in each append so far.
  std::vector<std::size_t> batches() const {
    const std::lock_guard guard{mutex_};
    return batches_;
  }

  /// How often the indexes were written. Writing fails while `indexes_fail`.
  std::atomic<int> index_writes = 0;
  std::atomic<bool> indexes_fail = false;

  /// The record at this position is read with a flipped bit; 0: none is. The bit is the lowest of
  /// the given byte, or of the last one if there are not so many.
  std::atomic<skald::position> damaged = 0;
  std::atomic<std::size_t> damaged_byte = std::numeric_limits<std::size_t>::max();

  /// Calls `visit` with every committed record.
  template <class F>
  void each_record(F visit) const {
    skald::record stored;
    log.view()->scan(1, [&](skald::position at, skald::byte_span bytes) {
      if (skald::decode_record(bytes, at, stored))
        return false;
      visit(stored);
      return true;
    });
  }

private:
  friend class watched_journal;

  skald::append_result append(std::span<const skald::pending_record> batch) {
    {
      std::unique_lock guard{mutex_};
      waiting_ = held_;
      changed_.notify_all();
      changed_.wait(guard, [this] { return !held_; });
      waiting_ = false;
      batches_.push_back(batch.size());
    }
    return log.append(batch);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool waiting_ = false;
  std::vector<std::size_t> batches_;
};

/// A view in which one record is damaged.
class damaged_view final : public skald::journal_view {
public:
  damaged_view(std::unique_ptr<skald::journal_view> content, skald::position damaged,
               std::size_t damaged_byte)
      : content_(std::move(content)), damaged_(damaged), damaged_byte_(damaged_byte) {}

  skald::byte_span at(skald::position at) override {
    const auto bytes = content_->at(at);
    if (at != damaged_)
      return bytes;
    copy_.assign(bytes.begin(), bytes.end());
    copy_[std::min(damaged_byte_, copy_.size() - 1)] ^= std::byte{1};
    return copy_;
  }

  skald::position last() override { return content_->last(); }

  void scan(skald::position first,
            const std::function<bool(skald::position, skald::byte_span)>& visit) override {
    for (auto i = std::max(first, skald::position{1}); i <= last(); ++i)
      if (!visit(i, at(i)))
        return;
  }

private:
  std::unique_ptr<skald::journal_view> content_;
  skald::position damaged_;
  std::size_t damaged_byte_;
  skald::byte_buffer copy_;
};

/// What a runtime owns of a `journal_box`.
class watched_journal final : public skald::journal {
public:
  explicit watched_journal(std::shared_ptr<journal_box> box) : box_(std::move(box)) {}

  skald::append_result append(std::span<const skald::pending_record> batch) override {
    return box_->append(batch);
  }

  skald::position last() const override { return box_->log.last(); }

  std::optional<skald::stream_head> head(const skald::address& stream) const override {
    return box_->log.head(stream);
  }

  void streams(std::string_view type,
               const std::function<bool(const skald::address&, const skald::stream_head&)>& visit)
      const override {
    box_->log.streams(type, visit);
  }

  void open_sagas(const std::function<void(const skald::address&, const skald::stream_head&)>&
                      visit) const override {
    box_->log.open_sagas(visit);
  }

  std::unique_ptr<skald::journal_view> view() const override {
    return std::make_unique<damaged_view>(box_->log.view(), box_->damaged, box_->damaged_byte);
  }

  std::optional<snapshot> newest_snapshot(const skald::address& stream) const override {
    return box_->log.newest_snapshot(stream);
  }

  void keep_snapshot(const skald::address& stream, snapshot taken) override {
    box_->log.keep_snapshot(stream, std::move(taken));
  }

  skald::position subscription(std::string_view name) const override {
    return box_->log.subscription(name);
  }

  void keep_subscription(std::string_view name, skald::position done) override {
    box_->log.keep_subscription(name, done);
  }

  std::uint64_t index_lag() const override { return box_->log.index_lag(); }

  void write_indexes() override {
    ++box_->index_writes;
    if (box_->indexes_fail)
      throw skald::store_error{skald::store_error::cause::disk_full, "the disk is full"};
    box_->log.write_indexes();
  }

private:
  std::shared_ptr<journal_box> box_;
};

} // namespace sample
