#include "apps/skald/process_usage.hpp"

#include <fstream>
#include <string>
#include <string_view>
#include <sys/resource.h>

namespace skald {

namespace {

std::uint64_t kib_in_status(std::string_view key) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key))
      return std::stoull(line.substr(key.size()));
  return 0;
}

double seconds_of(const timeval& x) {
  constexpr double micro = 1e-6;
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) * micro;
}

} // namespace

std::uint64_t peak_resident_kib() {
  return kib_in_status("VmHWM:");
}

std::uint64_t resident_kib() {
  return kib_in_status("VmRSS:");
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

} // namespace skald
