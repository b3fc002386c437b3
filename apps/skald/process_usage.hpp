#pragma once

#include <cstdint>

namespace skald {

/// The most memory that this process has had resident so far, in KiB; 0 if the system does not say.
std::uint64_t peak_resident_kib();

/// What it has resident now.
std::uint64_t resident_kib();

/// Seconds of processor time that all threads of this process have used so far, the kernel's work
/// for them included.
double processor_seconds();

} // namespace skald
