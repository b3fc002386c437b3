#include "persistence/lmdb_resident_pages.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace skald {

namespace {

// Readers between two looks at the process's memory. Each maps the few pages of its way through a
// tree, and what the system maps around them.
constexpr std::uint32_t readers_between_looks = 256;

// Of the file, let go of at once: the rest stays for those who will need it soon.
constexpr std::size_t portion = std::size_t{1} << 26;

/// File pages that the process has mapped, in bytes; 0 if the system does not say.
std::size_t mapped_file_bytes() {
  std::ifstream statistics{"/proc/self/statm"};
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  statistics >> size >> resident >> shared;
  return shared * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Where `file` is mapped from its start on; null if it is not. LMDB does not tell.
std::byte* start_of(const std::string& file) {
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    // FIRST-LAST PERMISSIONS OFFSET DEVICE NODE PATH
    if (!line.ends_with(" " + file))
      continue;
    const auto offset = line.find(' ', line.find(' ') + 1) + 1;
    if (std::stoull(line.substr(offset), nullptr, 16) == 0)
      return reinterpret_cast<std::byte*>(std::stoull(line, nullptr, 16));
  }
  return nullptr;
}

} // namespace

bool lmdb_resident_pages::count_reader() {
  return ++readers_ % readers_between_looks == 0;
}

void lmdb_resident_pages::let_go(std::size_t used) {
  const std::unique_lock lock{letting_go_, std::try_to_lock};
  if (!lock || mapped_file_bytes() <= limit_)
    return;
  std::error_code error;
  const auto file = std::filesystem::canonical(data_file_, error);
  auto* const start = error ? nullptr : start_of(file.string());
  if (start == nullptr)
    return;
  // A little more than must be, so that this need not be done soon again.
  const auto enough = limit_ - limit_ / 8;
  for (std::size_t done = 0; done < used && mapped_file_bytes() > enough; done += portion) {
    if (next_ >= used)
      next_ = 0;
    // LMDB's map is for reading and shared: what is let go of is on disk or in the page cache.
    ::madvise(start + next_, std::min(portion, used - next_), MADV_DONTNEED);
    next_ += portion;
  }
}

} // namespace skald
