#pragma once

#include "persistence/lmdb_resident_pages.hpp"

#include <lmdb.h>

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace skald {

/// An LMDB or system call that failed.
class lmdb_error : public std::runtime_error {
public:
  lmdb_error(int its_code, const std::string& doing);

  /// Damage that LMDB itself would not notice.
  explicit lmdb_error(const std::string& damage);

  /// The disk, the quota or the file size limit is used up.
  bool disk_full() const;

  /// The file is not what LMDB left there.
  bool damaged() const;

  int code; ///< as LMDB gives it: an errno or one of LMDB's own
};

/// A write transaction that failed.
class lmdb_write_error : public lmdb_error {
public:
  lmdb_write_error(const lmdb_error& why, bool certainly_nothing)
      : lmdb_error(why), nothing_written(certainly_nothing) {}

  bool nothing_written; ///< for certain; else nobody can tell before the environment is opened anew
};

/// @throws lmdb_error if `code` is not success.
void check_lmdb(int code, const char* doing);

struct cursor_closer {
  void operator()(MDB_cursor* x) const { mdb_cursor_close(x); }
};

/// In a write transaction it must be gone before the commit.
using lmdb_cursor = std::unique_ptr<MDB_cursor, cursor_closer>;

lmdb_cursor open_cursor(MDB_txn* transaction, MDB_dbi table);

/// Moves `cursor`. False if there is nothing there.
bool move_cursor(MDB_cursor* cursor, MDB_val& key, MDB_val& value, MDB_cursor_op how);

/// An LMDB environment in a folder of its own: one writer at a time, readers in any thread. Commits
/// are fully synchronous. The map grows when it is full.
class lmdb_environment {
public:
  /// Opens the environment in `folder`, or creates an empty one if there is none. A file that is
  /// shorter than its own header says is damaged: reading it through the map would end the process.
  /// @throws lmdb_error
  lmdb_environment(const std::filesystem::path& folder, std::size_t map_size, unsigned table_count);
  ~lmdb_environment();
  lmdb_environment(const lmdb_environment&) = delete;
  lmdb_environment& operator=(const lmdb_environment&) = delete;

  /// Opens a table, or creates it if `flags` has MDB_CREATE. Not while a reader or writer is
  /// active.
  MDB_dbi open_table(const char* name, unsigned flags);

  /// Runs `body` in a write transaction and commits it. If the map is too small it grows, which
  /// waits for the readers, and `body` runs again.
  /// @throws lmdb_write_error
  void write(const std::function<void(MDB_txn*)>& body);

  /// Makes the file at least `spare` bytes longer than its used part, in large steps. With what the
  /// next transaction may take as `spare`, the file is never shorter than its header says.
  /// @throws lmdb_error
  void extend_file(std::size_t spare);

  /// What the file takes as far as it is used. Any thread.
  std::size_t bytes_on_disk() const;

private:
  friend class lmdb_reader;

  void open(const std::filesystem::path& folder, std::size_t map_size, unsigned table_count);
  void check_not_truncated(const std::filesystem::path& folder) const;
  bool grow();
  lmdb_write_error judged(const lmdb_error& error) const;
  bool poisoned() const;
  std::size_t used_bytes() const;

  MDB_env* environment_ = nullptr;
  lmdb_resident_pages resident_pages_;
  std::size_t page_size_ = 0;
  std::size_t file_size_ = 0;
  std::size_t spare_ = 0;

  // Readers pass through here, so that the map is never moved under one.
  mutable std::mutex gate_;
  std::condition_variable readers_gone_;
  unsigned reader_count_ = 0;
  bool unmapped_ = false;
  std::vector<MDB_txn*> spare_readers_;
};

/// A read transaction: sees what was committed when it was made. Any thread, one at a time.
class lmdb_reader {
public:
  /// @throws lmdb_error
  explicit lmdb_reader(lmdb_environment& environment);
  ~lmdb_reader();
  lmdb_reader(const lmdb_reader&) = delete;
  lmdb_reader& operator=(const lmdb_reader&) = delete;

  MDB_txn* transaction() const { return transaction_; }

  /// The value of `key` in `table`, valid as long as the reader.
  /// @throws lmdb_error
  std::optional<std::span<const std::byte>> get(MDB_dbi table,
                                                std::span<const std::byte> key) const;

private:
  lmdb_environment& environment_;
  MDB_txn* transaction_ = nullptr;
};

/// LMDB's view of `bytes`.
MDB_val value_of(std::span<const std::byte> bytes);

std::span<const std::byte> bytes_of(const MDB_val& value);

} // namespace skald
