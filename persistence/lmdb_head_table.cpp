#include "persistence/lmdb_head_table.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace skald {

namespace {

constexpr std::size_t slot_count_min = 1024;
constexpr std::size_t fetched_at_once = 32;

void update_head(stream_head& out, const record_head& from, position at) {
  out.last = at;
  out.turn = from.turn;
  out.sequence = from.sequence;
  out.deleted = from.deleted;
  out.saga_open = from.saga_open;
  out.next_due = from.next_due;
  out.status.assign(from.status);
}

} // namespace

std::string stream_key(const address_view& stream) {
  std::string key;
  key.reserve(stream.type.size() + 1 + stream.id.size());
  key.append(stream.type).push_back('\0');
  key.append(stream.id);
  return key;
}

address address_of_key(std::string_view key) {
  const auto type = key.substr(0, key.find('\0'));
  return {std::string{type}, std::string{key.substr(std::min(type.size() + 1, key.size()))}};
}

void head_table::update(std::span<const record_head> heads, position first) {
  provide_slots(entries_.size() + heads.size());
  while (!heads.empty()) {
    const auto some = heads.first(std::min(heads.size(), fetched_at_once));
    sought_.clear();
    for (const auto& head : some) {
      sought_.push_back({hash_of(head.stream)});
      __builtin_prefetch(&slots_[sought_.back().hash.low & (slots_.size() - 1)]);
    }
    for (auto& [hash, number] : sought_)
      if (number = slots_[slot_of(hash)].entry; number != 0)
        __builtin_prefetch(&entries_[number - 1].head, 1);
    for (std::size_t i = 0; i < some.size(); ++i) {
      auto [hash, number] = sought_[i];
      // What was not there may have come with an earlier record of the batch.
      if (number == 0)
        number = slots_[slot_of(hash)].entry;
      auto& found = number != 0 ? entries_[number - 1] : insert(hash, stream_key(some[i].stream));
      update_head(found.head, some[i], first + i);
    }
    first += some.size();
    heads = heads.subspan(some.size());
  }
}

void head_table::add_missing(const head_table& older) {
  provide_slots(entries_.size() + older.entries_.size());
  for (const auto& old : older.entries_)
    if (find(old.hash) == nullptr)
      insert(old.hash, old.key).head = old.head;
}

const stream_head* head_table::find(stream_hash hash) const {
  if (slots_.empty())
    return nullptr;
  const auto number = slots_[slot_of(hash)].entry;
  return number == 0 ? nullptr : &entries_[number - 1].head;
}

void head_table::reserve(std::size_t count) {
  entries_.reserve(count);
  provide_slots(count);
}

std::size_t head_table::slot_of(stream_hash hash) const {
  const auto mask = slots_.size() - 1;
  for (auto i = hash.low & mask;; i = (i + 1) & mask) {
    const auto& [hash_low, number] = slots_[i];
    if (number == 0 || (hash_low == hash.low && entries_[number - 1].hash.high == hash.high))
      return i;
  }
}

head_table::stream_entry& head_table::insert(stream_hash hash, std::string key) {
  entries_.push_back({hash, {}, std::move(key)});
  slots_[slot_of(hash)] = {hash.low, entries_.size()};
  return entries_.back();
}

void head_table::provide_slots(std::size_t entry_count) {
  const auto count = std::max(std::bit_ceil(2 * entry_count), slot_count_min);
  if (count <= slots_.size())
    return;
  slots_.assign(count, {});
  for (std::size_t i = 0; i < entries_.size(); ++i)
    slots_[slot_of(entries_[i].hash)] = {entries_[i].hash.low, i + 1};
}

} // namespace skald
