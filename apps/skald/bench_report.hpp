#pragma once

#include "apps/skald/bank_totals.hpp"
#include "apps/skald/bench_driver.hpp"

#include <cstdint>

namespace skald {

/// All figures of a run.
struct bench_report {
  bench_result run;
  bank_totals totals;
  std::uint64_t peak_resident_kib = 0;
  /// What bare LMDB takes for the same records in as many commits; 0: it was not measured.
  double floor_seconds = 0;
};

/// Prints `x` on standard output: one JSON object, or a table.
void print_json(const bench_report& x);
void print_table(const bench_report& x);

} // namespace skald
