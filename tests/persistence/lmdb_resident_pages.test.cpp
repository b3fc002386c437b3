#include "persistence/lmdb_resident_pages.hpp"

#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace skald;

namespace {

constexpr std::size_t file_size = std::size_t{1} << 24;

/// A file of its own that is mapped as LMDB does it.
class mapped_file {
public:
  mapped_file() : path_(folder_.path() / "data.mdb") {
    std::ofstream{path_} << std::string(file_size, 'x');
    const auto file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(file >= 0);
    map_ = ::mmap(nullptr, 2 * file_size, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    REQUIRE(map_ != MAP_FAILED);
  }

  ~mapped_file() { ::munmap(map_, 2 * file_size); }

  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Reads all of it. Is it what was written?
  bool is_intact() const {
    const std::string_view content{static_cast<const char*>(map_), file_size};
    return content.find_first_not_of('x') == std::string_view::npos;
  }

private:
  test::temporary_folder folder_;
  std::filesystem::path path_;
  void* map_ = nullptr;
};

/// File pages that this process has mapped, in bytes.
std::size_t mapped_bytes() {
  std::ifstream statistics{"/proc/self/statm"};
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  statistics >> size >> resident >> shared;
  return shared * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

TEST_CASE("pages of a data file that were read leave the process, and can be read again") {
  const mapped_file file;
  const auto before = mapped_bytes();
  REQUIRE(file.is_intact());
  REQUIRE(mapped_bytes() >= before + file_size / 2);
  lmdb_resident_pages pages{file.path(), 0};
  pages.let_go(file_size);
  CHECK(mapped_bytes() < before + file_size / 4);
  CHECK(file.is_intact());
}

TEST_CASE("pages stay as long as the process has few of them mapped") {
  const mapped_file file;
  REQUIRE(file.is_intact());
  const auto before = mapped_bytes();
  lmdb_resident_pages pages{file.path(), before + 16 * file_size};
  pages.let_go(file_size);
  CHECK(mapped_bytes() >= before);
}

TEST_CASE("pages of a file that is not mapped, or not there, are nothing to let go of") {
  const test::temporary_folder folder;
  const auto path = folder.path() / "data.mdb";
  lmdb_resident_pages pages{path, 0};
  pages.let_go(file_size);
  std::ofstream{path} << "x";
  pages.let_go(file_size);
  CHECK(std::filesystem::file_size(path) == 1);
}

TEST_CASE("the memory of the process is looked at once in many readers") {
  lmdb_resident_pages pages{"data.mdb"};
  int looks = 0;
  for (int i = 0; i < 10'000; ++i)
    looks += pages.count_reader();
  CHECK(looks > 0);
  CHECK(looks < 100);
}
