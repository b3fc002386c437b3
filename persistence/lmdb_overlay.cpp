#include "persistence/lmdb_overlay.hpp"

#include <algorithm>

namespace skald {

namespace {

constexpr std::size_t heads_per_lock = 256;

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

void lmdb_overlay::add(std::span<const record_head> heads, position first, std::uint32_t checksum) {
  const index_mark upto{first + heads.size() - 1, checksum};
  // What is set aside to be written has the heads up to its mark, and no others.
  const std::lock_guard whole_batch{adding_};
  // Not for long at once: whoever looks up a head waits.
  while (!heads.empty()) {
    const auto some = heads.first(std::min(heads.size(), heads_per_lock));
    const std::lock_guard lock{mutex_};
    current_.heads.update(some, first);
    first += some.size();
    heads = heads.subspan(some.size());
    if (heads.empty())
      current_.upto = upto;
  }
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

std::optional<stream_head> lmdb_overlay::head(const address_view& stream) const {
  const auto hash = hash_of(stream);
  const std::lock_guard lock{mutex_};
  const auto* found = current_.heads.find(hash);
  if (found == nullptr)
    found = writing_.heads.find(hash);
  return found == nullptr ? std::nullopt : std::optional{*found};
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
    for (const auto& entry : current_.heads.entries())
      if (entry.key.starts_with(prefix))
        found.emplace_back(entry.key, entry.head);
    for (const auto& entry : writing_.heads.entries())
      if (entry.key.starts_with(prefix) && current_.heads.find(entry.hash) == nullptr)
        found.emplace_back(entry.key, entry.head);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& x, const auto& y) { return x.first < y.first; });
  return found;
}

const index_changes& lmdb_overlay::begin_write() {
  // About as many will come again, and growing takes time under the lock.
  index_changes next;
  next.heads.reserve(head_count());
  const std::lock_guard whole_batch{adding_};
  const std::lock_guard lock{mutex_};
  next.upto = current_.upto;
  writing_ = std::exchange(current_, std::move(next));
  return writing_;
}

std::size_t lmdb_overlay::head_count() const {
  const std::lock_guard lock{mutex_};
  return current_.heads.entries().size();
}

void lmdb_overlay::end_write(bool written) {
  index_changes done; // freed after the lock
  const std::lock_guard lock{mutex_};
  if (!written) {
    current_.heads.add_missing(writing_.heads);
    current_.snapshots.merge(writing_.snapshots);
    current_.subscriptions.merge(writing_.subscriptions);
  }
  std::swap(done, writing_);
}

} // namespace skald
