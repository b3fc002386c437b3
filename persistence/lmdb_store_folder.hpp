#pragma once

#include "persistence/journal.hpp"
#include "persistence/lmdb_environment.hpp"

#include <filesystem>
#include <string>

namespace skald {

/// Holds a store for this process: a lock on its file LOCK, which holds the process's id. The lock
/// ends with the process, however it ends.
class lmdb_store_lock {
public:
  /// @throws store_error (in_use, read_only, disk_full, other)
  explicit lmdb_store_lock(const std::filesystem::path& store);
  ~lmdb_store_lock();
  lmdb_store_lock(const lmdb_store_lock&) = delete;
  lmdb_store_lock& operator=(const lmdb_store_lock&) = delete;

private:
  int file_ = -1;
};

/// Where things lie in a store.
struct lmdb_store_layout {
  explicit lmdb_store_layout(const std::filesystem::path& store)
      : journal(store / "journal"), index(store / "index") {}

  std::filesystem::path journal;
  std::filesystem::path index;
};

/// `folder` under the name that it has while it is being made, so that a folder of the final name
/// is always complete.
std::filesystem::path unfinished(const std::filesystem::path& folder);

/// Gives `unfinished(folder)` its final name, which is free, and makes that last.
/// @throws store_error
void finish_folder(const std::filesystem::path& folder, const std::filesystem::path& store);

/// Says what `error` means for the store and what to do about it.
store_error explain(const std::filesystem::path& store, const lmdb_error& error);

/// The same for a failed system call.
store_error explain_errno(const std::filesystem::path& store, int code, const std::string& doing);

/// An error about damage in the log, which only a copy of the store can mend.
store_error damaged_log(const std::filesystem::path& store, const std::string& what);

} // namespace skald
