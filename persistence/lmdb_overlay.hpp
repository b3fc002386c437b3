#pragma once

#include "persistence/journal.hpp"
#include "persistence/lmdb_head_table.hpp"
#include "persistence/record_head.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

using sorted_heads = std::vector<std::pair<std::string, stream_head>>;

/// The last record that an index covers, and the checksum it carries: an index of another log shows
/// by it.
struct index_mark {
  position at = 0;
  std::uint32_t checksum = 0;

  bool operator==(const index_mark&) const = default;
};

/// What the indexes on disk do not have yet.
struct index_changes {
  head_table heads;
  std::map<std::string, journal::snapshot, std::less<>> snapshots; // by stream key
  std::map<std::string, position, std::less<>> subscriptions;
  index_mark upto;

  bool empty() const {
    return heads.entries().empty() && snapshots.empty() && subscriptions.empty();
  }
};

/// The newest index entries, in memory: those committed since the indexes were last written, and
/// those that are being written right now. Any thread.
class lmdb_overlay {
public:
  explicit lmdb_overlay(index_mark upto) { current_.upto = upto; }

  /// Takes in the heads of committed records, which stand from `first` on. `checksum` is the last
  /// one's.
  void add(std::span<const record_head> heads, position first, std::uint32_t checksum);

  void keep_snapshot(std::string key, journal::snapshot taken);
  void keep_subscription(std::string_view name, position done);

  std::optional<stream_head> head(const address_view& stream) const;
  std::optional<journal::snapshot> newest_snapshot(std::string_view key) const;
  std::optional<position> subscription(std::string_view name) const;

  /// The entries whose keys start with `prefix`, in order.
  sorted_heads heads(std::string_view prefix) const;

  /// Sets the changes so far aside to be written; they stay visible. One thread at a time.
  const index_changes& begin_write();

  /// Drops what was set aside, or takes it back if it was not written.
  void end_write(bool written);

private:
  std::size_t head_count() const;

  std::mutex adding_; // before `mutex_`
  mutable std::mutex mutex_;
  index_changes current_;
  index_changes writing_; // unchanged from begin_write to end_write
};

} // namespace skald
