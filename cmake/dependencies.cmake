# Every library that Skald uses, in one place. scripts/setup installs what is missing.
find_package(Threads REQUIRED)
find_package(CAF 0.18.7 REQUIRED COMPONENTS core)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(Catch2 3 REQUIRED)
find_package(benchmark REQUIRED)

# LMDB ships no CMake package.
find_path(LMDB_INCLUDE_DIR lmdb.h REQUIRED)
find_library(LMDB_LIBRARY lmdb REQUIRED)
if(NOT TARGET LMDB::lmdb)
  add_library(LMDB::lmdb UNKNOWN IMPORTED)
  set_target_properties(LMDB::lmdb PROPERTIES
    IMPORTED_LOCATION "${LMDB_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${LMDB_INCLUDE_DIR}")
endif()
# Header-only as Skald uses it.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
