#pragma once

#include "persistence/lmdb_index.hpp"
#include "persistence/lmdb_journal.hpp"
#include "persistence/lmdb_log.hpp"
#include "persistence/lmdb_overlay.hpp"
#include "persistence/lmdb_store_folder.hpp"

#include <filesystem>
#include <memory>

namespace skald {

/// A store that is ready for use: the overlay holds what the index lacks.
struct opened_store {
  std::filesystem::path folder;
  std::unique_ptr<lmdb_store_lock> lock; // first, so that it goes last
  std::unique_ptr<lmdb_log> log;
  std::unique_ptr<lmdb_index> index;
  std::unique_ptr<lmdb_overlay> overlay;
  position last = 0;
};

/// Opens the store, or makes it, and brings its index up: from the tail of the log if the index is
/// that of the log, else from the whole of it.
/// @throws store_error
opened_store open_store(const std::filesystem::path& folder, const lmdb_options& options);

} // namespace skald
