#include "apps/skald/lmdb_floor.hpp"

#include "apps/skald/global_options.hpp"

#include <lmdb.h>

#include <cerrno>
#include <string>
#include <unistd.h>

namespace skald {

namespace {

void check(int code, const std::string& doing) {
  if (code != MDB_SUCCESS)
    throw user_error{"cannot measure the floor: LMDB cannot " + doing + ": " + mdb_strerror(code)};
}

// Beside its bytes a record takes a header and its share of pages that are not full.
std::uint64_t file_size_for(std::uint64_t bytes, std::uint64_t records) {
  constexpr std::uint64_t spare = std::uint64_t{1} << 22;
  return bytes + bytes / 4 + records * 32 + spare;
}

// Address space, not disk: a bare loop has no code to grow its map.
std::size_t map_size_for(std::uint64_t bytes, std::uint64_t records) {
  constexpr std::size_t page_multiple = std::size_t{1} << 22;
  return (4 * file_size_for(bytes, records) / page_multiple + 1) * page_multiple;
}

} // namespace

struct lmdb_floor::environment {
  ~environment() { mdb_env_close(handle); }

  MDB_env* handle = nullptr;
  MDB_dbi table = 0;
};

lmdb_floor::lmdb_floor(const std::filesystem::path& folder, std::uint64_t bytes,
                       std::uint64_t records)
    : environment_(std::make_unique<environment>()) {
  auto& its = *environment_;
  check(mdb_env_create(&its.handle), "start");
  check(mdb_env_set_mapsize(its.handle, map_size_for(bytes, records)), "reserve address space");
  constexpr mdb_mode_t access = 0644;
  check(mdb_env_open(its.handle, folder.c_str(), 0, access), "open " + folder.string());
  MDB_txn* transaction = nullptr;
  check(mdb_txn_begin(its.handle, nullptr, 0, &transaction), "begin");
  const auto opened = mdb_dbi_open(transaction, nullptr, MDB_INTEGERKEY, &its.table);
  check(mdb_txn_commit(transaction), "commit");
  check(opened, "open its table");
  mdb_filehandle_t file = -1;
  check(mdb_env_get_fd(its.handle, &file), "name its file");
  if (::ftruncate(file, static_cast<off_t>(file_size_for(bytes, records))) != 0)
    check(errno, "lengthen its file");
}

lmdb_floor::~lmdb_floor() = default;

void lmdb_floor::append(std::span<const byte_buffer> batch) {
  const auto start = std::chrono::steady_clock::now();
  MDB_txn* transaction = nullptr;
  check(mdb_txn_begin(environment_->handle, nullptr, 0, &transaction), "begin");
  int failure = MDB_SUCCESS;
  for (const auto& bytes : batch) {
    auto position = ++last_;
    MDB_val key{sizeof position, &position};
    MDB_val value{bytes.size(), const_cast<std::byte*>(bytes.data())};
    failure = mdb_put(transaction, environment_->table, &key, &value, MDB_APPEND);
    if (failure != MDB_SUCCESS)
      break;
  }
  if (failure != MDB_SUCCESS)
    mdb_txn_abort(transaction);
  check(failure, "append");
  check(mdb_txn_commit(transaction), "commit");
  spent_ += std::chrono::steady_clock::now() - start;
}

} // namespace skald
