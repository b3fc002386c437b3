#include "persistence/lmdb_resident_pages.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace skald {

namespace {

// Readers between two looks at the process's memory. Each maps the few pages of its way through a
// tree, and what the system maps around them.
constexpr std::uint32_t readers_between_looks = 1'024;

/// File pages that the process has mapped, in bytes; 0 if the system does not say.
std::size_t mapped_file_bytes() {
  std::ifstream statistics{"/proc/self/statm"};
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  statistics >> size >> resident >> shared;
  return shared * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

struct mapped_range {
  std::uintptr_t first = 0;
  std::uintptr_t last = 0;
};

/// Where `file` is mapped from its start on. LMDB does not tell.
std::optional<mapped_range> range_of(const std::string& file) {
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with(" " + file))
      continue;
    // FIRST-LAST PERMISSIONS OFFSET ...
    const auto dash = line.find('-');
    const auto space = line.find(' ');
    const auto offset = line.find(' ', space + 1) + 1;
    if (std::stoull(line.substr(offset), nullptr, 16) == 0)
      return mapped_range{std::stoull(line, nullptr, 16),
                          std::stoull(line.substr(dash + 1), nullptr, 16)};
  }
  return std::nullopt;
}

} // namespace

bool lmdb_resident_pages::count_reader() {
  return ++readers_ % readers_between_looks == 0;
}

void lmdb_resident_pages::let_go(std::size_t used) const {
  if (mapped_file_bytes() <= limit_)
    return;
  std::error_code error;
  const auto file = std::filesystem::canonical(data_file_, error);
  if (error)
    return;
  // LMDB's map is for reading and shared: what is let go of is on disk or in the page cache.
  if (const auto range = range_of(file.string()))
    ::madvise(reinterpret_cast<void*>(range->first), std::min(used, range->last - range->first),
              MADV_DONTNEED);
}

} // namespace skald
