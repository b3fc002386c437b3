#pragma once

#include "persistence/journal.hpp"
#include "persistence/record_head.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace skald {

/// The longest key that a stream has in the indexes: its type, a zero byte, its id.
inline constexpr std::size_t stream_key_size_max = 400;

/// Gives the records of a batch their places, and takes them back if the batch is not committed.
/// Keeps its memory from batch to batch.
class batch_sealer {
public:
  /// Says what makes `batch` unfit for a journal, or nothing. To be called before `seal`.
  std::optional<std::string> check(std::span<const pending_record> batch);

  /// Seals the records for the positions from `first` on and moves their cursors there.
  void seal(std::span<const pending_record> batch, position first);

  /// Puts the cursors back to where they stood before `seal`.
  void undo(std::span<const pending_record> batch) const;

  /// The heads of the checked batch's records, in order; they refer to the records' bytes.
  std::span<const record_head> heads() const { return heads_; }

private:
  std::vector<record_head> heads_;
  std::vector<position> previous_;
};

} // namespace skald
