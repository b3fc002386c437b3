#pragma once

#include "messages/bytes.hpp"
#include "persistence/record.hpp"

#include <lmdb.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>

namespace skald::test {

inline void require_lmdb(int code) {
  if (code != MDB_SUCCESS)
    throw std::runtime_error(mdb_strerror(code));
}

/// A table of a store that nobody has open, as LMDB gives it: to do to it what Skald never does.
class raw_table {
public:
  raw_table(const std::filesystem::path& folder, const char* name, unsigned flags = 0) {
    MDB_env* environment = nullptr;
    require_lmdb(mdb_env_create(&environment));
    environment_.reset(environment);
    require_lmdb(mdb_env_set_maxdbs(environment, 8));
    require_lmdb(mdb_env_set_mapsize(environment, std::size_t{1} << 28));
    require_lmdb(mdb_env_open(environment, folder.c_str(), 0, 0644));
    require_lmdb(mdb_txn_begin(environment, nullptr, 0, &transaction_));
    require_lmdb(mdb_dbi_open(transaction_, name, flags, &table_));
  }

  ~raw_table() { mdb_txn_commit(transaction_); }

  raw_table(const raw_table&) = delete;
  raw_table& operator=(const raw_table&) = delete;

  byte_buffer get(byte_span key) {
    auto name = value_of(key);
    MDB_val value{};
    require_lmdb(mdb_get(transaction_, table_, &name, &value));
    const auto* const first = static_cast<const std::byte*>(value.mv_data);
    return {first, first + value.mv_size};
  }

  void put(byte_span key, const byte_buffer& bytes) {
    auto name = value_of(key);
    auto value = value_of(bytes);
    require_lmdb(mdb_put(transaction_, table_, &name, &value, 0));
  }

  void put(std::string_view key, const byte_buffer& bytes) { put(as_bytes(key), bytes); }

  void remove(byte_span key) {
    auto name = value_of(key);
    require_lmdb(mdb_del(transaction_, table_, &name, nullptr));
  }

private:
  struct closer {
    void operator()(MDB_env* x) const { mdb_env_close(x); }
  };

  static MDB_val value_of(byte_span bytes) {
    return {bytes.size(), const_cast<std::byte*>(bytes.data())};
  }

  std::unique_ptr<MDB_env, closer> environment_;
  MDB_txn* transaction_ = nullptr;
  MDB_dbi table_ = 0;
};

inline byte_span key_of(const position& at) {
  return std::as_bytes(std::span{&at, 1});
}

/// The records of a store that nobody has open.
struct raw_records : raw_table {
  explicit raw_records(const std::filesystem::path& store)
      : raw_table(store / "journal", "records", MDB_INTEGERKEY) {}
};

/// Every file of a store that holds data, with what is in it.
inline std::map<std::string, std::string> contents_of(const std::filesystem::path& store) {
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
    const auto name = entry.path().filename();
    if (!entry.is_regular_file() || name == "LOCK" || name == "lock.mdb")
      continue;
    std::ifstream file{entry.path(), std::ios::binary};
    found[entry.path().string()] = {std::istreambuf_iterator<char>{file}, {}};
  }
  return found;
}

/// While it lives, this process can make no file longer than `size_max` bytes: a disk that is full.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t size_max) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size_max, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

private:
  void (*handler_)(int);
  rlimit before_{};
};

} // namespace skald::test
