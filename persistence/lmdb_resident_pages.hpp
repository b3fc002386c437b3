#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>

namespace skald {

/// Keeps the pages of a data file that LMDB maps from piling up in the memory of this process. A
/// page that is let go of stays in the page cache of the system, which reclaims it where memory is
/// needed; reading it again maps it again.
class lmdb_resident_pages {
public:
  /// File pages that the process may have mapped, in bytes, before those of this file are let go
  /// of.
  static constexpr std::size_t size_max = std::size_t{5} << 28;

  explicit lmdb_resident_pages(const std::filesystem::path& data_file, std::size_t limit = size_max)
      : data_file_(data_file), limit_(limit) {}

  /// Counts a reader that is done. Is it time for `let_go`? Any thread.
  bool count_reader();

  /// Lets go of pages in the first `used` bytes of the file until the process no longer has too
  /// many mapped. Not while the map may move. Any thread.
  void let_go(std::size_t used);

private:
  std::filesystem::path data_file_;
  std::size_t limit_;
  std::atomic<std::uint32_t> readers_ = 0;
  std::mutex letting_go_;
  std::size_t next_ = 0; ///< where in the file to go on with it
};

} // namespace skald
