#include "apps/skald/lmdb_floor.hpp"

#include "apps/skald/global_options.hpp"
#include "apps/skald/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <lmdb.h>

#include <filesystem>
#include <vector>

using namespace skald;

namespace {

std::size_t entries_in(const std::filesystem::path& folder) {
  MDB_env* handle = nullptr;
  REQUIRE(mdb_env_create(&handle) == MDB_SUCCESS);
  REQUIRE(mdb_env_open(handle, folder.c_str(), MDB_RDONLY, 0) == MDB_SUCCESS);
  MDB_stat figures{};
  CHECK(mdb_env_stat(handle, &figures) == MDB_SUCCESS);
  mdb_env_close(handle);
  return figures.ms_entries;
}

} // namespace

TEST_CASE("the floor appends every record of every batch and counts its time") {
  const temporary_folder scratch{std::filesystem::temp_directory_path()};
  {
    lmdb_floor floor{scratch.path(), 5 * 200, 5};
    CHECK(floor.spent().count() == 0);
    const std::vector<byte_buffer> batch(3, byte_buffer(200));
    floor.append(batch);
    floor.append(std::span{batch}.first(2));
    CHECK(floor.spent().count() > 0);
  }
  CHECK(entries_in(scratch.path()) == 5);
}

TEST_CASE("the floor says which folder it cannot use") {
  const temporary_folder scratch{std::filesystem::temp_directory_path()};
  CHECK_THROWS_AS(lmdb_floor(scratch.path() / "missing", 0, 0), user_error);
}

TEST_CASE("a temporary folder goes with its owner, and what is in it") {
  std::filesystem::path path;
  {
    const temporary_folder scratch{std::filesystem::temp_directory_path()};
    path = scratch.path();
    std::filesystem::create_directories(path / "a" / "b");
    CHECK(std::filesystem::is_directory(path));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a temporary folder that cannot be made says where") {
  CHECK_THROWS_AS(temporary_folder{"no-such-folder"}, user_error);
}
