#pragma once

#include "persistence/lmdb_environment.hpp"
#include "persistence/lmdb_log.hpp"
#include "persistence/lmdb_overlay.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace skald {

/// The indexes on disk: the folder index/ of a store, with the tables `heads`, `open`, `snapshots`,
/// `subscriptions` and `meta`.
class lmdb_index {
public:
  /// Opens the index in `folder`; nothing if it is missing, damaged, of another format or of
  /// another log, so that a new one must be made.
  /// @throws store_error if the disk or the system refuses.
  static std::unique_ptr<lmdb_index> open(const std::filesystem::path& store,
                                          const std::filesystem::path& folder, const store_id& log,
                                          std::size_t map_size);

  /// Makes an empty index in `folder`, which is empty.
  /// @throws store_error
  static std::unique_ptr<lmdb_index> create(const std::filesystem::path& store,
                                            const std::filesystem::path& folder,
                                            const store_id& log, std::size_t map_size);

  /// Up to where the index is true.
  index_mark upto() const { return upto_; }

  std::uint64_t bytes_on_disk() const { return environment_.bytes_on_disk(); }

  /// Writes `changes` in one transaction. One thread at a time.
  /// @throws store_error
  void write(const index_changes& changes);

  // Every reading function throws store_error (damaged) if the entry is not what was written.

  std::optional<stream_head> head(std::string_view key);
  std::optional<journal::snapshot> newest_snapshot(std::string_view key);
  std::optional<position> subscription(std::string_view name);

  /// The next heads, in order, whose keys stand behind `after` and start with `prefix`. None: that
  /// was all.
  sorted_heads heads_after(std::string_view after, std::string_view prefix);

  /// The next heads, in order, of streams with an open saga whose keys stand behind `after`.
  sorted_heads open_sagas_after(std::string_view after);

private:
  lmdb_index(const std::filesystem::path& store, const std::filesystem::path& folder,
             std::size_t map_size, unsigned table_flags);

  bool read_meta(const store_id& log);
  void write_heads(MDB_txn* transaction, const index_changes& changes);
  void write_kept(MDB_txn* transaction, const index_changes& changes);
  stream_head head_from(std::string_view key, byte_span value) const;
  store_error damaged(const std::string& what) const;

  template <class F>
  auto guarded(F&& read) -> decltype(read());

  std::filesystem::path store_;
  std::filesystem::path folder_;
  lmdb_environment environment_;
  MDB_dbi heads_;
  MDB_dbi open_;
  MDB_dbi snapshots_;
  MDB_dbi subscriptions_;
  MDB_dbi meta_;
  index_mark upto_;
};

} // namespace skald
