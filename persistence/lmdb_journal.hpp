#pragma once

#include "persistence/journal.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace skald {

struct lmdb_options {
  /// Address space for the journal and for its indexes, each. Not memory and not disk. Where the
  /// system refuses this much, less is taken; where it is too little, it grows.
  std::size_t map_size = std::size_t{1} << 40;

  /// Make the store if there is none; its parent folder must exist.
  bool create = true;
};

/// Opens the store in the folder `store` and holds it for this process. Closing it writes the
/// indexes. The thread that appends must not hold a view while it does, since the map may have to
/// move.
/// @throws store_error, and then nothing in the store has changed.
std::unique_ptr<journal> open_lmdb_journal(const std::filesystem::path& store,
                                           lmdb_options options = {});

} // namespace skald
