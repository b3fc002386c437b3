#pragma once

#include "persistence/journal.hpp"
#include "persistence/record_head.hpp"
#include "persistence/stream_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace skald {

/// Heads by stream, made for the appending thread: a batch is taken in with the memory of many
/// streams fetched at once, where a map of the standard library would wait for each.
class head_table {
public:
  struct stream_entry {
    stream_hash hash;
    stream_head head;
    std::string key;
  };

  /// Takes in the heads of records that stand from `first` on.
  void update(std::span<const record_head> heads, position first);

  /// Takes in the entries of `older` for streams that this has no entry for.
  void add_missing(const head_table& older);

  const stream_head* find(stream_hash hash) const;

  std::span<const stream_entry> entries() const { return entries_; }

  /// Makes room for `count` streams.
  void reserve(std::size_t count);

private:
  struct hash_slot {
    std::uint64_t hash_low = 0;
    std::uint64_t entry = 0; // number of the entry, counted from 1; 0: empty
  };

  struct sought_stream {
    stream_hash hash;
    std::uint64_t entry = 0; // as in a slot
  };

  /// The slot that `hash` has or would take.
  std::size_t slot_of(stream_hash hash) const;

  stream_entry& insert(stream_hash hash, std::string key);
  void provide_slots(std::size_t entry_count);

  std::vector<hash_slot> slots_; // a power of two, at most half of them taken
  std::vector<stream_entry> entries_;
  std::vector<sought_stream> sought_; // scratch
};

/// The key of a stream in the indexes: type, zero byte, id. Sorts as addresses do.
std::string stream_key(const address_view& stream);

address address_of_key(std::string_view key);

} // namespace skald
