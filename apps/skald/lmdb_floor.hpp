#pragma once

#include "messages/bytes.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace skald {

/// The fastest that LMDB takes records on this disk: a bare loop that appends them under an integer
/// key, with LMDB's full durability. What a journal does beyond that shows in comparison.
class lmdb_floor {
public:
  /// Makes the environment in the empty folder `folder`. The file gets room for all `bytes` of the
  /// `records` at once, as a store lengthens its own ahead of use.
  /// @throws user_error
  lmdb_floor(const std::filesystem::path& folder, std::uint64_t bytes, std::uint64_t records);
  ~lmdb_floor();

  /// Appends `batch` in one transaction.
  /// @throws user_error
  void append(std::span<const byte_buffer> batch);

  /// What all appends have taken.
  std::chrono::duration<double> spent() const { return spent_; }

private:
  struct environment;

  std::unique_ptr<environment> environment_;
  std::uint64_t last_ = 0;
  std::chrono::duration<double> spent_{};
};

} // namespace skald
