#include "persistence/lmdb_journal.hpp"

#include "persistence/batch_sealer.hpp"
#include "persistence/lmdb_index.hpp"
#include "persistence/lmdb_log.hpp"
#include "persistence/lmdb_overlay.hpp"
#include "persistence/lmdb_recovery.hpp"
#include "persistence/lmdb_store_folder.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace skald {

namespace {

/// Calls `visit` with the entries of `newer` and of the pages that `page_after` gives, in order,
/// each key once with its newest head, until it returns false.
template <class PageAfter, class Visit>
void merge(const sorted_heads& newer, std::string_view prefix, PageAfter page_after, Visit visit) {
  auto next = newer.begin();
  std::string after{prefix};
  for (auto page = page_after(after); !page.empty(); page = page_after(after)) {
    for (const auto& entry : page) {
      for (; next != newer.end() && next->first < entry.first; ++next)
        if (!visit(*next))
          return;
      const bool in_both = next != newer.end() && next->first == entry.first;
      if (!visit(in_both && next->second.last > entry.second.last ? *next : entry))
        return;
      if (in_both)
        ++next;
    }
    after = page.back().first;
  }
  for (; next != newer.end(); ++next)
    if (!visit(*next))
      return;
}

std::string usable_key(std::string key) {
  if (key.empty() || key.size() > stream_key_size_max)
    throw std::length_error{"a name for the indexes has " + std::to_string(key.size()) +
                            " bytes; it must have 1 to " + std::to_string(stream_key_size_max)};
  return key;
}

class lmdb_journal final : public journal {
public:
  explicit lmdb_journal(opened_store opened)
      : store_(std::move(opened)), overlay_(*store_.overlay), last_(store_.last),
        indexed_(store_.index->upto().at) {}

  ~lmdb_journal() override {
    try {
      write_indexes();
    } catch (const std::exception&) {
      // The next opening reads from the log what the indexes lack.
    }
  }

  append_result append(std::span<const pending_record> batch) override {
    if (failure_)
      return *failure_;
    if (batch.empty())
      return {};
    if (auto error = sealer_.check(batch))
      return {append_result::status::refused, std::move(*error)};
    const auto first = last() + 1;
    sealer_.seal(batch, first);
    try {
      store_.log->append(batch, first);
    } catch (const lmdb_write_error& error) {
      sealer_.undo(batch);
      const std::string reason = explain(store_.folder, error).what();
      if (error.nothing_written)
        return {append_result::status::refused, reason};
      failure_ = append_result{append_result::status::unknown, reason};
      return *failure_;
    }
    overlay_.add(sealer_.heads(), first, checksum_of_record(*batch.back().bytes));
    last_.store(first + batch.size() - 1, std::memory_order_release);
    return {};
  }

  position last() const override { return last_.load(std::memory_order_acquire); }

  std::optional<stream_head> head(const address& stream) const override {
    if (auto found = overlay_.head(stream))
      return found;
    return store_.index->head(stream_key(stream));
  }

  void
  streams(std::string_view type,
          const std::function<bool(const address&, const stream_head&)>& visit) const override {
    const auto prefix = type.empty() ? std::string{} : std::string{type} + '\0';
    merge(
        overlay_.heads(prefix), prefix,
        [&](std::string_view after) { return store_.index->heads_after(after, prefix); },
        [&](const auto& entry) { return visit(address_of_key(entry.first), entry.second); });
  }

  void
  open_sagas(const std::function<void(const address&, const stream_head&)>& visit) const override {
    merge(
        overlay_.heads({}), {},
        [&](std::string_view after) { return store_.index->open_sagas_after(after); },
        [&](const auto& entry) {
          if (entry.second.saga_open)
            visit(address_of_key(entry.first), entry.second);
          return true;
        });
  }

  std::unique_ptr<journal_view> view() const override { return store_.log->view(); }

  std::optional<snapshot> newest_snapshot(const address& stream) const override {
    const auto key = stream_key(stream);
    if (auto found = overlay_.newest_snapshot(key))
      return found;
    return store_.index->newest_snapshot(key);
  }

  void keep_snapshot(const address& stream, snapshot taken) override {
    overlay_.keep_snapshot(usable_key(stream_key(stream)), std::move(taken));
  }

  position subscription(std::string_view name) const override {
    if (const auto found = overlay_.subscription(name))
      return *found;
    return store_.index->subscription(name).value_or(0);
  }

  void keep_subscription(std::string_view name, position done) override {
    overlay_.keep_subscription(usable_key(std::string{name}), done);
  }

  std::uint64_t index_lag() const override {
    // In this order: the indexes never overtake the log.
    const auto indexed = indexed_.load(std::memory_order_acquire);
    return last() - indexed;
  }

  std::uint64_t bytes_on_disk() const override {
    return store_.log->bytes_on_disk() + store_.index->bytes_on_disk();
  }

  void write_indexes() override {
    const std::lock_guard lock{writing_};
    const auto& changes = overlay_.begin_write();
    const auto upto = changes.upto.at;
    try {
      if (!changes.empty())
        store_.index->write(changes);
    } catch (...) {
      overlay_.end_write(false);
      throw;
    }
    overlay_.end_write(true);
    indexed_.store(upto, std::memory_order_release);
  }

private:
  opened_store store_;
  lmdb_overlay& overlay_;
  std::atomic<position> last_;
  std::atomic<position> indexed_;
  std::mutex writing_;

  // Of the appending thread.
  batch_sealer sealer_;
  std::optional<append_result> failure_;
};

} // namespace

std::unique_ptr<journal> open_lmdb_journal(const std::filesystem::path& store,
                                           lmdb_options options) {
  return std::make_unique<lmdb_journal>(open_store(store, options));
}

} // namespace skald
