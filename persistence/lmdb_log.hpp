#pragma once

#include "persistence/journal.hpp"
#include "persistence/lmdb_environment.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace skald {

/// Tells stores apart, and an index from the index of another store.
using store_id = std::array<std::byte, 16>;

/// The log on disk: the folder journal/ of a store, with the table `records` (position to record)
/// and the table `meta`.
class lmdb_log {
public:
  /// Makes an empty log in the store.
  /// @throws store_error
  static void create(const std::filesystem::path& store);

  /// Opens the log of the store.
  /// @throws store_error
  lmdb_log(const std::filesystem::path& store, std::size_t map_size);

  const store_id& id() const { return id_; }

  /// Writes sealed records for the positions from `first` on, all or none.
  /// @throws lmdb_write_error
  void append(std::span<const pending_record> batch, position first);

  std::unique_ptr<journal_view> view();

  std::uint64_t bytes_on_disk() const { return environment_->bytes_on_disk(); }

private:
  class log_view;

  void read_meta();

  std::filesystem::path store_;
  std::unique_ptr<lmdb_environment> environment_;
  MDB_dbi records_ = 0;
  MDB_dbi meta_ = 0;
  store_id id_{};
};

} // namespace skald
