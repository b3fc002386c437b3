#include "persistence/lmdb_log.hpp"

#include "messages/message_id.hpp"
#include "persistence/byte_codec.hpp"
#include "persistence/lmdb_store_folder.hpp"

#include <algorithm>
#include <system_error>

namespace skald {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t store_format = 1;
constexpr std::string_view format_key = "format";
constexpr std::string_view store_key = "store";
constexpr unsigned table_count = 2;

MDB_val value_of_position(const position& at) {
  return value_of(std::as_bytes(std::span{&at, 1}));
}

/// Room that a transaction over `batch` may take beyond what is used: LMDB gives a large value
/// pages of its own and copies the path to the last page.
std::size_t room_for(std::span<const pending_record> batch) {
  constexpr std::size_t fixed = std::size_t{1} << 18;
  std::size_t bytes = 0;
  for (const auto& pending : batch)
    bytes += pending.bytes->size() + 2 * sizeof(position);
  return 2 * bytes + fixed;
}

store_id random_store_id() {
  const auto random = random_message_id();
  store_id id;
  store_fixed(id.data(), random.high);
  store_fixed(id.data() + 8, random.low);
  return id;
}

} // namespace

class lmdb_log::log_view final : public journal_view {
public:
  explicit log_view(lmdb_log& log) : log_(log), reader_(*log.environment_) {}

  byte_span at(position at) override {
    return guarded([&] {
      const auto found = reader_.get(log_.records_, std::as_bytes(std::span{&at, 1}));
      if (!found)
        throw damaged_log(log_.store_, "there is no record at position " + std::to_string(at));
      return *found;
    });
  }

  position last() override {
    return guarded([&] {
      const auto cursor = open_cursor(reader_.transaction(), log_.records_);
      MDB_val key{};
      MDB_val value{};
      return move_cursor(cursor.get(), key, value, MDB_LAST) ? position_of(key) : 0;
    });
  }

  void scan(position first, const std::function<bool(position, byte_span)>& visit) override {
    auto expected = std::max(first, position{1});
    auto key = value_of_position(expected);
    MDB_val value{};
    const auto cursor = guarded([&] { return open_cursor(reader_.transaction(), log_.records_); });
    auto found = step(cursor.get(), key, value, MDB_SET_RANGE);
    for (; found; found = step(cursor.get(), key, value, MDB_NEXT)) {
      if (const auto at = position_of(key); at != expected)
        throw damaged_log(log_.store_, "there is no record at position " +
                                           std::to_string(expected) + "; the next one is at " +
                                           std::to_string(at));
      if (!visit(expected, bytes_of(value)))
        return;
      ++expected;
    }
  }

private:
  template <class F>
  auto guarded(F&& read) -> decltype(read()) {
    try {
      return read();
    } catch (const lmdb_error& error) {
      throw explain(log_.store_, error);
    }
  }

  bool step(MDB_cursor* cursor, MDB_val& key, MDB_val& value, MDB_cursor_op how) {
    return guarded([&] { return move_cursor(cursor, key, value, how); });
  }

  position position_of(const MDB_val& key) {
    if (key.mv_size != sizeof(position))
      throw damaged_log(log_.store_, "a key of the table of records has " +
                                         std::to_string(key.mv_size) + " bytes");
    return load_fixed<position>(bytes_of(key).data());
  }

  lmdb_log& log_;
  lmdb_reader reader_;
};

void lmdb_log::create(const fs::path& store) {
  const lmdb_store_layout layout{store};
  const auto folder = unfinished(layout.journal);
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error)
    fs::create_directory(folder, error);
  if (error)
    throw explain_errno(store, error.value(), "create the folder " + folder.string());
  try {
    lmdb_environment environment{folder, std::size_t{1} << 26, table_count};
    environment.extend_file(room_for({}));
    environment.open_table("records", MDB_CREATE | MDB_INTEGERKEY);
    const auto meta = environment.open_table("meta", MDB_CREATE);
    environment.write([&](MDB_txn* transaction) {
      std::array<std::byte, 4> format;
      store_fixed(format.data(), store_format);
      const auto id = random_store_id();
      auto key = value_of(as_bytes(format_key));
      auto value = value_of(format);
      check_lmdb(mdb_put(transaction, meta, &key, &value, 0), "write the format");
      key = value_of(as_bytes(store_key));
      value = value_of(id);
      check_lmdb(mdb_put(transaction, meta, &key, &value, 0), "write the store's id");
    });
  } catch (const lmdb_error& failed) {
    fs::remove_all(folder, error);
    throw explain(store, failed);
  }
  finish_folder(layout.journal, store);
}

lmdb_log::lmdb_log(const fs::path& store, std::size_t map_size) : store_(store) {
  const lmdb_store_layout layout{store};
  const auto file = layout.journal / "data.mdb";
  std::error_code error;
  // LMDB would take an empty file for a new environment.
  if (const auto size = fs::file_size(file, error); error || size == 0)
    throw damaged_log(store, file.string() + (error ? " is missing" : " is empty"));
  try {
    environment_ = std::make_unique<lmdb_environment>(layout.journal, map_size, table_count);
    meta_ = environment_->open_table("meta", 0);
    read_meta();
    records_ = environment_->open_table("records", MDB_INTEGERKEY);
  } catch (const lmdb_error& failed) {
    throw explain(store, failed);
  }
}

void lmdb_log::read_meta() {
  const lmdb_reader reader{*environment_};
  const auto format = reader.get(meta_, as_bytes(format_key));
  const auto id = reader.get(meta_, as_bytes(store_key));
  if (!format || format->size() != sizeof(std::uint32_t) || !id || id->size() != id_.size())
    throw damaged_log(store_, "its table of settings is not that of a journal");
  if (const auto number = load_fixed<std::uint32_t>(format->data()); number != store_format)
    throw store_error{store_error::cause::newer_format,
                      "the store " + store_.string() + " has format " + std::to_string(number) +
                          ", but this program knows format " + std::to_string(store_format) +
                          " only; use the newer program that wrote it"};
  std::copy(id->begin(), id->end(), id_.begin());
}

void lmdb_log::append(std::span<const pending_record> batch, position first) {
  try {
    environment_->extend_file(room_for(batch));
  } catch (const lmdb_error& error) {
    throw lmdb_write_error{error, error.disk_full()};
  }
  environment_->write([&](MDB_txn* transaction) {
    const auto cursor = open_cursor(transaction, records_);
    auto at = first;
    for (const auto& pending : batch) {
      auto key = value_of_position(at);
      auto value = value_of(*pending.bytes);
      check_lmdb(mdb_cursor_put(cursor.get(), &key, &value, MDB_APPEND), "append a record");
      ++at;
    }
  });
}

std::unique_ptr<journal_view> lmdb_log::view() {
  try {
    return std::make_unique<log_view>(*this);
  } catch (const lmdb_error& error) {
    throw explain(store_, error);
  }
}

} // namespace skald
