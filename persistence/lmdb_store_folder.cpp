#include "persistence/lmdb_store_folder.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace skald {

namespace fs = std::filesystem;

namespace {

std::string name_of(const fs::path& store) {
  return "the store " + store.string();
}

/// The process id that a LOCK file holds, or "unknown".
std::string holder(int file) {
  std::array<char, 32> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  const std::string_view read{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  const auto digits = read.substr(0, read.find_first_not_of("0123456789"));
  return digits.empty() ? "unknown" : std::string{digits};
}

/// Makes names made in `folder` last.
void sync_folder(const fs::path& folder, const fs::path& store) {
  const auto file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const auto synced = file >= 0 && ::fsync(file) == 0;
  const auto code = errno;
  if (file >= 0)
    ::close(file);
  if (!synced)
    throw explain_errno(store, code, "sync the folder " + folder.string());
}

store_error::cause cause_of(int code) {
  switch (code) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return store_error::cause::disk_full;
  case EACCES:
  case EPERM:
  case EROFS:
    return store_error::cause::read_only;
  case ENOENT:
  case ENOTDIR:
    return store_error::cause::missing;
  case MDB_VERSION_MISMATCH:
    return store_error::cause::newer_format;
  default:
    return store_error::cause::other;
  }
}

const char* advice_on(store_error::cause why) {
  switch (why) {
  case store_error::cause::disk_full:
    return "; free some space or raise the quota or file size limit, then start again";
  case store_error::cause::read_only:
    return "; give this user write permission for the folder and everything in it";
  case store_error::cause::missing:
    return "; check the path";
  case store_error::cause::newer_format:
    return "; use the newer program that wrote it";
  default:
    return "";
  }
}

} // namespace

lmdb_store_lock::lmdb_store_lock(const fs::path& store) {
  file_ = ::open((store / "LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0)
    throw explain_errno(store, errno, "open its file LOCK");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const auto code = errno;
    const auto process = holder(file_);
    ::close(file_);
    if (code != EWOULDBLOCK)
      throw explain_errno(store, code, "lock its file LOCK");
    throw store_error{store_error::cause::in_use,
                      name_of(store) + " is in use by process " + process +
                          "; stop that process, or choose another folder"};
  }
  const auto process = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file_, 0) != 0 ||
      ::pwrite(file_, process.data(), process.size(), 0) != static_cast<ssize_t>(process.size())) {
    const auto code = errno;
    ::close(file_);
    throw explain_errno(store, code, "write its file LOCK");
  }
}

lmdb_store_lock::~lmdb_store_lock() {
  ::close(file_);
}

fs::path unfinished(const fs::path& folder) {
  return folder.string() + ".new";
}

void finish_folder(const fs::path& folder, const fs::path& store) {
  sync_folder(unfinished(folder), store);
  std::error_code error;
  fs::rename(unfinished(folder), folder, error);
  if (error)
    throw explain_errno(store, error.value(), "name the folder " + folder.string());
  sync_folder(store, store);
}

store_error explain(const fs::path& store, const lmdb_error& error) {
  if (error.damaged())
    return damaged_log(store, error.what());
  const auto why = cause_of(error.code);
  return {why, name_of(store) + ": " + error.what() + advice_on(why)};
}

store_error explain_errno(const fs::path& store, int code, const std::string& doing) {
  const auto why = cause_of(code);
  return {why, name_of(store) + ": cannot " + doing + ": " + std::strerror(code) + advice_on(why)};
}

store_error damaged_log(const fs::path& store, const std::string& what) {
  return {store_error::cause::damaged, name_of(store) + " is damaged: " + what +
                                           "; leave it as it is and go on from a backup of it"};
}

} // namespace skald
