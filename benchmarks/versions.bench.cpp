// Says with every result what it was made with.

#include <benchmark/benchmark.h>
#include <caf/config.hpp>
#include <lmdb.h>

#include <string>

namespace {

const bool versions_are_known = [] {
  const auto caf_version = std::to_string(CAF_VERSION / 10'000) + "." +
                           std::to_string(CAF_VERSION / 100 % 100) + "." +
                           std::to_string(CAF_VERSION % 100);
  benchmark::AddCustomContext("CAF", caf_version);
  benchmark::AddCustomContext("LMDB", std::to_string(MDB_VERSION_MAJOR) + "." +
                                          std::to_string(MDB_VERSION_MINOR) + "." +
                                          std::to_string(MDB_VERSION_PATCH));
#ifdef __clang__
  benchmark::AddCustomContext("compiler", "Clang " __clang_version__);
#else
  benchmark::AddCustomContext("compiler", "GCC " __VERSION__);
#endif
  return true;
}();

} // namespace
