#include "persistence/lmdb_index.hpp"

#include "messages/crc32c.hpp"
#include "persistence/byte_codec.hpp"
#include "persistence/lmdb_store_folder.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace skald {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t index_format = 1;
constexpr unsigned table_count = 5;
constexpr std::size_t page_entry_count = 1024;

constexpr std::string_view format_key = "format";
constexpr std::string_view store_key = "store";
constexpr std::string_view upto_key = "upto";
constexpr std::size_t upto_size = sizeof(position) + sizeof(std::uint32_t);

namespace head_flag {
constexpr unsigned deleted = 0x01;
constexpr unsigned saga_open = 0x02;
constexpr unsigned next_due = 0x04;
constexpr unsigned all = deleted | saga_open | next_due;
} // namespace head_flag

/// Ties an entry to its key, so that an entry in a wrong place is as wrong as a changed one.
std::uint32_t checksum_of(std::string_view key, byte_span value) {
  return crc32c(value, crc32c(as_bytes(key)));
}

/// Puts the checksum in front of what stands in `value` behind it.
void seal(std::string_view key, byte_buffer& value) {
  store_fixed(value.data(), checksum_of(key, byte_span{value}.subspan(sizeof(std::uint32_t))));
}

/// The entry behind its checksum; nothing if that does not fit.
std::optional<byte_span> unsealed(std::string_view key, byte_span value) {
  if (value.size() < sizeof(std::uint32_t))
    return std::nullopt;
  const auto entry = value.subspan(sizeof(std::uint32_t));
  if (load_fixed<std::uint32_t>(value.data()) != checksum_of(key, entry))
    return std::nullopt;
  return entry;
}

void encode_head(std::string_view key, const stream_head& head, byte_buffer& out) {
  constexpr auto fixed = sizeof(std::uint32_t) + 4 * varint_size_max + 1;
  out.resize(fixed + head.status.size());
  byte_writer writer{out.data() + sizeof(std::uint32_t)};
  const unsigned flags = (head.deleted ? head_flag::deleted : 0) |
                         (head.saga_open ? head_flag::saga_open : 0) |
                         (head.next_due != no_time ? head_flag::next_due : 0);
  writer.fixed(static_cast<std::uint8_t>(flags));
  writer.varint(head.last);
  writer.varint(head.turn);
  writer.varint(head.sequence);
  if (head.next_due != no_time)
    writer.varint(zigzag(head.next_due.time_since_epoch().count()));
  writer.raw(as_bytes(head.status));
  out.resize(static_cast<std::size_t>(writer.position() - out.data()));
  seal(key, out);
}

std::optional<stream_head> decode_head(std::string_view key, byte_span value) {
  const auto entry = unsealed(key, value);
  if (!entry)
    return std::nullopt;
  byte_reader in{*entry};
  stream_head head;
  const unsigned flags = in.fixed<std::uint8_t>("flags");
  if (flags & ~head_flag::all)
    in.fail("flags");
  head.deleted = flags & head_flag::deleted;
  head.saga_open = flags & head_flag::saga_open;
  head.last = in.varint("last");
  head.turn = in.varint("turn");
  head.sequence = in.varint("sequence");
  if (flags & head_flag::next_due)
    head.next_due = timestamp{duration{unzigzag(in.varint("next due time"))}};
  head.status = as_text(in.raw(in.left(), "status"));
  return in.wrong() == nullptr ? std::optional{std::move(head)} : std::nullopt;
}

void put(MDB_txn* transaction, MDB_dbi table, std::string_view key, byte_span bytes) {
  auto name = value_of(as_bytes(key));
  auto value = value_of(bytes);
  check_lmdb(mdb_put(transaction, table, &name, &value, 0), "write an index");
}

/// What `changes` will take on disk, roughly.
std::size_t room_for(const index_changes& changes) {
  constexpr std::size_t per_head = 256;
  auto bytes = (std::size_t{1} << 16) + per_head * changes.heads.entries().size();
  for (const auto& [key, snapshot] : changes.snapshots)
    bytes += 2 * snapshot.bytes.size();
  return bytes;
}

} // namespace

lmdb_index::lmdb_index(const fs::path& store, const fs::path& folder, std::size_t map_size,
                       unsigned table_flags)
    : store_(store), folder_(folder), environment_(folder, map_size, table_count),
      heads_(environment_.open_table("heads", table_flags)),
      open_(environment_.open_table("open", table_flags)),
      snapshots_(environment_.open_table("snapshots", table_flags)),
      subscriptions_(environment_.open_table("subscriptions", table_flags)),
      meta_(environment_.open_table("meta", table_flags)) {}

std::unique_ptr<lmdb_index> lmdb_index::open(const fs::path& store, const fs::path& folder,
                                             const store_id& log, std::size_t map_size) {
  std::error_code error;
  // LMDB would take an empty file for a new environment.
  if (const auto size = fs::file_size(folder / "data.mdb", error); error || size == 0)
    return nullptr;
  try {
    std::unique_ptr<lmdb_index> index{new lmdb_index{store, folder, map_size, 0}};
    return index->read_meta(log) ? std::move(index) : nullptr;
  } catch (const lmdb_error& failed) {
    if (failed.damaged() || failed.code == MDB_VERSION_MISMATCH)
      return nullptr;
    throw explain(store, failed);
  }
}

std::unique_ptr<lmdb_index> lmdb_index::create(const fs::path& store, const fs::path& folder,
                                               const store_id& log, std::size_t map_size) {
  try {
    std::unique_ptr<lmdb_index> index{new lmdb_index{store, folder, map_size, MDB_CREATE}};
    index->environment_.write([&](MDB_txn* transaction) {
      std::array<std::byte, sizeof index_format> format;
      store_fixed(format.data(), index_format);
      put(transaction, index->meta_, format_key, format);
      put(transaction, index->meta_, store_key, log);
    });
    index->write({});
    return index;
  } catch (const lmdb_error& failed) {
    throw explain(store, failed);
  }
}

bool lmdb_index::read_meta(const store_id& log) {
  const lmdb_reader reader{environment_};
  const auto format = reader.get(meta_, as_bytes(format_key));
  const auto store = reader.get(meta_, as_bytes(store_key));
  const auto upto = reader.get(meta_, as_bytes(upto_key));
  if (!format || format->size() != sizeof index_format || !store || !upto ||
      upto->size() != upto_size)
    return false;
  upto_ = {load_fixed<position>(upto->data()),
           load_fixed<std::uint32_t>(upto->data() + sizeof(position))};
  return load_fixed<std::uint32_t>(format->data()) == index_format &&
         std::equal(store->begin(), store->end(), log.begin(), log.end());
}

void lmdb_index::write(const index_changes& changes) {
  try {
    environment_.extend_file(room_for(changes));
    environment_.write([&](MDB_txn* transaction) {
      write_heads(transaction, changes);
      write_kept(transaction, changes);
      std::array<std::byte, upto_size> upto;
      store_fixed(upto.data(), changes.upto.at);
      store_fixed(upto.data() + sizeof(position), changes.upto.checksum);
      put(transaction, meta_, upto_key, upto);
    });
    // A file shorter than what it claims to hold would be taken for a truncated one.
    environment_.extend_file(0);
    upto_ = changes.upto;
  } catch (const lmdb_error& error) {
    if (error.damaged())
      throw damaged(error.what());
    throw explain(store_, error);
  }
}

void lmdb_index::write_heads(MDB_txn* transaction, const index_changes& changes) {
  // In the order of the tree, so that every page is visited once.
  std::vector<const head_table::stream_entry*> sorted;
  sorted.reserve(changes.heads.entries().size());
  for (const auto& entry : changes.heads.entries())
    sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* x, const auto* y) { return x->key < y->key; });
  const auto heads = open_cursor(transaction, heads_);
  const auto open = open_cursor(transaction, open_);
  byte_buffer encoded;
  for (const auto* entry : sorted) {
    const auto& [hash, head, key] = *entry;
    encode_head(key, head, encoded);
    auto name = value_of(as_bytes(key));
    auto value = value_of(encoded);
    check_lmdb(mdb_cursor_put(heads.get(), &name, &value, 0), "write an index");
    name = value_of(as_bytes(key));
    value = {};
    if (head.saga_open) {
      const auto result = mdb_cursor_put(open.get(), &name, &value, MDB_NOOVERWRITE);
      check_lmdb(result == MDB_KEYEXIST ? MDB_SUCCESS : result, "write an index");
    } else if (move_cursor(open.get(), name, value, MDB_SET)) {
      check_lmdb(mdb_cursor_del(open.get(), 0), "write an index");
    }
  }
}

void lmdb_index::write_kept(MDB_txn* transaction, const index_changes& changes) {
  byte_buffer encoded;
  for (const auto& [key, snapshot] : changes.snapshots) {
    encoded.resize(sizeof(std::uint32_t) + sizeof(position) + snapshot.bytes.size());
    byte_writer writer{encoded.data() + sizeof(std::uint32_t)};
    writer.fixed(snapshot.at);
    writer.raw(snapshot.bytes);
    seal(key, encoded);
    put(transaction, snapshots_, key, encoded);
  }
  for (const auto& [name, done] : changes.subscriptions) {
    encoded.resize(sizeof(std::uint32_t) + sizeof(position));
    store_fixed(encoded.data() + sizeof(std::uint32_t), done);
    seal(name, encoded);
    put(transaction, subscriptions_, name, encoded);
  }
}

store_error lmdb_index::damaged(const std::string& what) const {
  return {store_error::cause::damaged,
          "the index of the store " + store_.string() + " is damaged: " + what +
              "; stop the program and delete the folder " + folder_.string() +
              ": it is made anew from the journal at the next start"};
}

template <class F>
auto lmdb_index::guarded(F&& read) -> decltype(read()) {
  try {
    return read();
  } catch (const lmdb_error& error) {
    if (error.damaged())
      throw damaged(error.what());
    throw explain(store_, error);
  }
}

stream_head lmdb_index::head_from(std::string_view key, byte_span value) const {
  auto head = decode_head(key, value);
  if (!head)
    throw damaged("the entry of " + to_string(address_of_key(key)) + " is not what was written");
  return std::move(*head);
}

std::optional<stream_head> lmdb_index::head(std::string_view key) {
  return guarded([&]() -> std::optional<stream_head> {
    const lmdb_reader reader{environment_};
    const auto value = reader.get(heads_, as_bytes(key));
    return value ? std::optional{head_from(key, *value)} : std::nullopt;
  });
}

std::optional<journal::snapshot> lmdb_index::newest_snapshot(std::string_view key) {
  return guarded([&]() -> std::optional<journal::snapshot> {
    const lmdb_reader reader{environment_};
    const auto value = reader.get(snapshots_, as_bytes(key));
    const auto entry = value ? unsealed(key, *value) : std::nullopt;
    // A snapshot is only ever a shortcut: without it the events are replayed.
    if (!entry || entry->size() < sizeof(position))
      return std::nullopt;
    const auto bytes = entry->subspan(sizeof(position));
    return journal::snapshot{load_fixed<position>(entry->data()), {bytes.begin(), bytes.end()}};
  });
}

std::optional<position> lmdb_index::subscription(std::string_view name) {
  return guarded([&]() -> std::optional<position> {
    const lmdb_reader reader{environment_};
    const auto value = reader.get(subscriptions_, as_bytes(name));
    if (!value)
      return std::nullopt;
    const auto entry = unsealed(name, *value);
    if (!entry || entry->size() != sizeof(position))
      throw damaged("the position of the subscription " + std::string{name} +
                    " is not what was written");
    return load_fixed<position>(entry->data());
  });
}

sorted_heads lmdb_index::heads_after(std::string_view after, std::string_view prefix) {
  return guarded([&] {
    sorted_heads found;
    const lmdb_reader reader{environment_};
    const auto cursor = open_cursor(reader.transaction(), heads_);
    auto name = value_of(as_bytes(after));
    MDB_val value{};
    auto more = move_cursor(cursor.get(), name, value, after.empty() ? MDB_FIRST : MDB_SET_RANGE);
    for (; more && found.size() < page_entry_count;
         more = move_cursor(cursor.get(), name, value, MDB_NEXT)) {
      const auto key = as_text(bytes_of(name));
      if (!key.starts_with(prefix))
        break;
      if (key != after)
        found.emplace_back(key, head_from(key, bytes_of(value)));
    }
    return found;
  });
}

sorted_heads lmdb_index::open_sagas_after(std::string_view after) {
  return guarded([&] {
    sorted_heads found;
    const lmdb_reader reader{environment_};
    const auto cursor = open_cursor(reader.transaction(), open_);
    auto name = value_of(as_bytes(after));
    MDB_val value{};
    auto more = move_cursor(cursor.get(), name, value, after.empty() ? MDB_FIRST : MDB_SET_RANGE);
    for (; more && found.size() < page_entry_count;
         more = move_cursor(cursor.get(), name, value, MDB_NEXT)) {
      const auto key = as_text(bytes_of(name));
      if (key == after)
        continue;
      const auto head = reader.get(heads_, bytes_of(name));
      if (!head)
        throw damaged("the open saga of " + to_string(address_of_key(key)) + " has no entry");
      found.emplace_back(key, head_from(key, *head));
    }
    return found;
  });
}

} // namespace skald
