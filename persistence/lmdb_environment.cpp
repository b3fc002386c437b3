#include "persistence/lmdb_environment.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace skald {

namespace {

constexpr unsigned reader_count_max = 1024;
constexpr std::size_t spare_reader_count_max = 64;
constexpr std::size_t map_size_min = std::size_t{1} << 26;
constexpr std::size_t file_step_min = std::size_t{1} << 20;
constexpr std::size_t file_step_max = std::size_t{1} << 26;

struct transaction_ender {
  void operator()(MDB_txn* x) const { mdb_txn_abort(x); }
};

using transaction_ptr = std::unique_ptr<MDB_txn, transaction_ender>;

bool is_disk_full(int code) {
  return code == ENOSPC || code == EDQUOT || code == EFBIG;
}

MDB_envinfo info_of(MDB_env* environment) {
  MDB_envinfo info{};
  check_lmdb(mdb_env_info(environment, &info), "read LMDB's state");
  return info;
}

int file_of(MDB_env* environment) {
  int file = -1;
  check_lmdb(mdb_env_get_fd(environment, &file), "find the data file");
  return file;
}

std::size_t size_of_file(int file) {
  struct stat status {};
  check_lmdb(::fstat(file, &status) == 0 ? 0 : errno, "find the data file's size");
  return static_cast<std::size_t>(status.st_size);
}

/// Whether the address space has room for a map of `size` beside what is there.
bool can_map(int file, std::size_t size) {
  auto* const probe = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  return probe != MAP_FAILED && ::munmap(probe, size) == 0;
}

/// Whether the file could take `size` more bytes behind its first `used`.
bool has_room(int file, std::size_t used, std::size_t size) {
  int result = 0;
  do
    result =
        ::fallocate(file, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(used), static_cast<off_t>(size));
  while (result != 0 && errno == EINTR);
  return result == 0 || !is_disk_full(errno);
}

} // namespace

lmdb_error::lmdb_error(int its_code, const std::string& doing)
    : std::runtime_error("cannot " + doing + ": " + mdb_strerror(its_code)), code(its_code) {}

lmdb_error::lmdb_error(const std::string& damage)
    : std::runtime_error(damage), code(MDB_CORRUPTED) {}

bool lmdb_error::disk_full() const {
  return is_disk_full(code);
}

bool lmdb_error::damaged() const {
  return code == MDB_INVALID || code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND ||
         code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE;
}

void check_lmdb(int code, const char* doing) {
  if (code != MDB_SUCCESS)
    throw lmdb_error{code, doing};
}

lmdb_cursor open_cursor(MDB_txn* transaction, MDB_dbi table) {
  MDB_cursor* cursor = nullptr;
  check_lmdb(mdb_cursor_open(transaction, table, &cursor), "open a table");
  return lmdb_cursor{cursor};
}

bool move_cursor(MDB_cursor* cursor, MDB_val& key, MDB_val& value, MDB_cursor_op how) {
  const auto result = mdb_cursor_get(cursor, &key, &value, how);
  if (result == MDB_NOTFOUND)
    return false;
  check_lmdb(result, "read a table");
  return true;
}

MDB_val value_of(std::span<const std::byte> bytes) {
  // LMDB's struct serves input and output alike, hence without const; it does not write to input.
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

std::span<const std::byte> bytes_of(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

lmdb_environment::lmdb_environment(const std::filesystem::path& folder, std::size_t map_size,
                                   unsigned table_count)
    : resident_pages_(folder / "data.mdb") {
  for (;;) {
    try {
      open(folder, map_size, table_count);
      return;
    } catch (const lmdb_error& error) {
      mdb_env_close(std::exchange(environment_, nullptr));
      // Too large for this machine's address space or limits: a smaller map serves, it can grow.
      const bool too_large = error.code == ENOMEM || error.code == EINVAL;
      if (!too_large || map_size <= map_size_min)
        throw;
      map_size /= 2;
    }
  }
}

void lmdb_environment::open(const std::filesystem::path& folder, std::size_t map_size,
                            unsigned table_count) {
  check_lmdb(mdb_env_create(&environment_), "start LMDB");
  check_lmdb(mdb_env_set_maxdbs(environment_, table_count), "start LMDB");
  check_lmdb(mdb_env_set_maxreaders(environment_, reader_count_max), "start LMDB");
  check_lmdb(mdb_env_set_mapsize(environment_, map_size), "set the map size");
  check_lmdb(mdb_env_open(environment_, folder.c_str(), MDB_NOTLS, 0644), "open the data file");
  check_lmdb(mdb_reader_check(environment_, nullptr), "clear the reader table");
  MDB_stat status{};
  check_lmdb(mdb_env_stat(environment_, &status), "read LMDB's state");
  page_size_ = status.ms_psize;
  file_size_ = size_of_file(file_of(environment_));
  check_not_truncated(folder);
}

lmdb_environment::~lmdb_environment() {
  for (auto* const transaction : spare_readers_)
    mdb_txn_abort(transaction);
  mdb_env_close(environment_);
}

MDB_dbi lmdb_environment::open_table(const char* name, unsigned flags) {
  MDB_dbi table = 0;
  MDB_txn* begun = nullptr;
  const unsigned mode = flags & MDB_CREATE ? 0 : MDB_RDONLY;
  check_lmdb(mdb_txn_begin(environment_, nullptr, mode, &begun), "begin a transaction");
  transaction_ptr transaction{begun};
  check_lmdb(mdb_dbi_open(begun, name, flags, &table), "open a table");
  check_lmdb(mdb_txn_commit(transaction.release()), "open a table");
  return table;
}

void lmdb_environment::write(const std::function<void(MDB_txn*)>& body) {
  for (;;) {
    try {
      MDB_txn* begun = nullptr;
      check_lmdb(mdb_txn_begin(environment_, nullptr, 0, &begun), "begin a transaction");
      transaction_ptr transaction{begun};
      body(begun);
      // The commit ends the transaction, also when it fails.
      check_lmdb(mdb_txn_commit(transaction.release()), "commit");
      return;
    } catch (const lmdb_error& error) {
      if (error.code == MDB_MAP_FULL && grow())
        continue;
      throw judged(error);
    }
  }
}

lmdb_write_error lmdb_environment::judged(const lmdb_error& error) const {
  // LMDB takes nothing more once it has failed to write the page that makes a commit valid.
  if (unmapped_ || poisoned())
    return {error, false};
  if (error.disk_full() || error.code == MDB_MAP_FULL)
    return {error, true};
  // LMDB reports a write that was cut short by a full disk as an input/output error, too.
  if (error.code == EIO && !has_room(file_of(environment_), used_bytes(), spare_ + page_size_))
    return {lmdb_error{ENOSPC, "write the data file"}, true};
  return {error, false};
}

bool lmdb_environment::poisoned() const {
  MDB_txn* begun = nullptr;
  if (mdb_txn_begin(environment_, nullptr, 0, &begun) != MDB_SUCCESS)
    return true;
  mdb_txn_abort(begun);
  return false;
}

bool lmdb_environment::grow() {
  const auto bigger = info_of(environment_).me_mapsize * 2;
  // LMDB unmaps first and cannot go back, so see that the larger map will fit beside the old one.
  if (!can_map(file_of(environment_), bigger))
    return false;
  std::unique_lock lock{gate_};
  // New readers may come while this waits: one who has a reader already would else wait for
  // himself.
  readers_gone_.wait(lock, [this] { return reader_count_ == 0; });
  unmapped_ = mdb_env_set_mapsize(environment_, bigger) != MDB_SUCCESS;
  return !unmapped_;
}

std::size_t lmdb_environment::used_bytes() const {
  return (info_of(environment_).me_last_pgno + 1) * page_size_;
}

std::size_t lmdb_environment::bytes_on_disk() const {
  const std::lock_guard lock{gate_}; // the map stays where it is
  return unmapped_ ? 0 : used_bytes();
}

void lmdb_environment::check_not_truncated(const std::filesystem::path& folder) const {
  if (file_size_ < used_bytes())
    throw lmdb_error{(folder / "data.mdb").string() + " is truncated: it has " +
                     std::to_string(file_size_) + " bytes, but its header says " +
                     std::to_string(used_bytes())};
}

void lmdb_environment::extend_file(std::size_t spare) {
  spare_ = spare;
  const auto needed = used_bytes() + spare;
  if (needed <= file_size_)
    return;
  const auto file = file_of(environment_);
  file_size_ = size_of_file(file);
  if (needed <= file_size_)
    return;
  // Without reserving blocks: writing into reserved ones was measured to be slower.
  const auto size = needed + std::clamp(file_size_ / 8, file_step_min, file_step_max);
  check_lmdb(::ftruncate(file, static_cast<off_t>(size)) == 0 ? 0 : errno,
             "lengthen the data file");
  file_size_ = size;
}

lmdb_reader::lmdb_reader(lmdb_environment& environment) : environment_(environment) {
  const std::lock_guard lock{environment_.gate_};
  if (environment_.unmapped_)
    throw lmdb_error{ENOMEM, "map the data file"};
  if (!environment_.spare_readers_.empty()) {
    transaction_ = environment_.spare_readers_.back();
    environment_.spare_readers_.pop_back();
  }
  const auto result = transaction_ != nullptr ? mdb_txn_renew(transaction_)
                                              : mdb_txn_begin(environment_.environment_, nullptr,
                                                              MDB_RDONLY, &transaction_);
  if (result != MDB_SUCCESS) {
    mdb_txn_abort(transaction_);
    throw lmdb_error{result, "begin to read"};
  }
  ++environment_.reader_count_;
}

lmdb_reader::~lmdb_reader() {
  if (environment_.resident_pages_.count_reader())
    environment_.resident_pages_.let_go(environment_.used_bytes());
  const std::lock_guard lock{environment_.gate_};
  if (environment_.spare_readers_.size() < spare_reader_count_max) {
    mdb_txn_reset(transaction_);
    environment_.spare_readers_.push_back(transaction_);
  } else {
    mdb_txn_abort(transaction_);
  }
  if (--environment_.reader_count_ == 0)
    environment_.readers_gone_.notify_all();
}

std::optional<std::span<const std::byte>> lmdb_reader::get(MDB_dbi table,
                                                           std::span<const std::byte> key) const {
  auto name = value_of(key);
  MDB_val value{};
  const auto result = mdb_get(transaction_, table, &name, &value);
  // LMDB refuses to look for a key that is too long to be there.
  if (result == MDB_NOTFOUND || result == MDB_BAD_VALSIZE)
    return std::nullopt;
  check_lmdb(result, "read a table");
  return bytes_of(value);
}

} // namespace skald
