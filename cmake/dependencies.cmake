# Every library that Skald uses, in one place. scripts/setup installs what is missing.
list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

find_package(Threads REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/find_caf.cmake)
find_package(LMDB 0.9.24 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)

# Header-only as Skald uses it: XXH_INLINE_ALL.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
add_library(skald_xxhash INTERFACE)
target_include_directories(skald_xxhash SYSTEM INTERFACE "${XXHASH_INCLUDE_DIR}")

if(SKALD_APPS)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
  find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
  include(${CMAKE_CURRENT_LIST_DIR}/find_httplib.cmake)
endif()
if(SKALD_BENCHMARKS)
  find_package(benchmark 1.7 REQUIRED)
endif()
if(SKALD_TESTS)
  find_package(Catch2 3 REQUIRED)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
endif()
