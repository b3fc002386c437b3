#include "persistence/lmdb_overlay.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace skald {

namespace {

void assign_key(std::string& key, const address_view& stream) {
  key.assign(stream.type);
  key.push_back('\0');
  key.append(stream.id);
}

void update(stream_head& out, const record_head& from, position at) {
  out.last = at;
  out.turn = from.turn;
  out.sequence = from.sequence;
  out.deleted = from.deleted;
  out.saga_open = from.saga_open;
  out.next_due = from.next_due;
  out.status.assign(from.status);
}

/// Looks `key` up in the newer of the two maps first.
template <class Map>
auto find_in(const Map& newer, const Map& older, std::string_view key)
    -> std::optional<typename Map::mapped_type> {
  if (const auto found = newer.find(key); found != newer.end())
    return found->second;
  if (const auto found = older.find(key); found != older.end())
    return found->second;
  return std::nullopt;
}

} // namespace

std::string stream_key(const address_view& stream) {
  std::string key;
  key.reserve(stream.type.size() + 1 + stream.id.size());
  assign_key(key, stream);
  return key;
}

address address_of_key(std::string_view key) {
  const auto type = key.substr(0, key.find('\0'));
  return {std::string{type}, std::string{key.substr(std::min(type.size() + 1, key.size()))}};
}

std::size_t stream_key_hash::operator()(std::string_view key) const {
  return XXH3_64bits(key.data(), key.size());
}

void lmdb_overlay::add(std::span<const record_head> heads, position first, std::uint32_t checksum) {
  const std::lock_guard lock{mutex_};
  auto at = first;
  for (const auto& head : heads) {
    assign_key(key_, head.stream);
    auto found = current_.heads.find(std::string_view{key_});
    if (found == current_.heads.end())
      found = current_.heads.emplace(key_, stream_head{}).first;
    update(found->second, head, at);
    ++at;
  }
  current_.upto = {at - 1, checksum};
}

void lmdb_overlay::keep_snapshot(std::string key, journal::snapshot taken) {
  const std::lock_guard lock{mutex_};
  auto& kept = current_.snapshots[std::move(key)];
  if (taken.at >= kept.at)
    kept = std::move(taken);
}

void lmdb_overlay::keep_subscription(std::string_view name, position done) {
  const std::lock_guard lock{mutex_};
  current_.subscriptions.insert_or_assign(std::string{name}, done);
}

std::optional<stream_head> lmdb_overlay::head(std::string_view key) const {
  const std::lock_guard lock{mutex_};
  return find_in(current_.heads, writing_.heads, key);
}

std::optional<journal::snapshot> lmdb_overlay::newest_snapshot(std::string_view key) const {
  const std::lock_guard lock{mutex_};
  return find_in(current_.snapshots, writing_.snapshots, key);
}

std::optional<position> lmdb_overlay::subscription(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  return find_in(current_.subscriptions, writing_.subscriptions, name);
}

sorted_heads lmdb_overlay::heads(std::string_view prefix) const {
  sorted_heads found;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& entry : current_.heads)
      if (entry.first.starts_with(prefix))
        found.push_back(entry);
    for (const auto& entry : writing_.heads)
      if (entry.first.starts_with(prefix) && !current_.heads.contains(entry.first))
        found.push_back(entry);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& x, const auto& y) { return x.first < y.first; });
  return found;
}

const index_changes& lmdb_overlay::begin_write() {
  const std::lock_guard lock{mutex_};
  writing_ = std::move(current_);
  current_ = {};
  current_.upto = writing_.upto;
  return writing_;
}

void lmdb_overlay::end_write(bool written) {
  index_changes done; // freed after the lock
  const std::lock_guard lock{mutex_};
  if (!written) {
    current_.heads.merge(writing_.heads);
    current_.snapshots.merge(writing_.snapshots);
    current_.subscriptions.merge(writing_.subscriptions);
  }
  std::swap(done, writing_);
}

} // namespace skald
