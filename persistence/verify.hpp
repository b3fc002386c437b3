#pragma once

#include "persistence/journal.hpp"
#include "persistence/record.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace skald {

/// What a journal holds, and what is wrong with it.
struct verify_report {
  std::uint64_t records = 0;
  std::uint64_t events = 0;
  std::map<std::string, std::uint64_t> streams; ///< by type

  std::uint64_t sagas_started = 0;
  std::uint64_t sagas_open = 0;
  std::uint64_t sagas_completed = 0;
  std::uint64_t sagas_compensated = 0;

  /// The first of them, each with the position and the stream concerned as far as they are known.
  std::vector<std::string> damage;
  std::uint64_t damage_count = 0;

  bool intact() const { return damage_count == 0; }
};

inline constexpr std::size_t damage_lines_max = 100;

/// Sees every intact record, in order. Says what is wrong with it in the eyes of the application,
/// or nothing.
using record_check = std::function<std::optional<std::string>(const record&)>;

/// Reads the log once, up to what was its last record when it began, and checks every record
/// (checksum, form, position), every stream (turns, sequences and links without a gap) and the
/// indexes against it. May run beside appends: streams that go on meanwhile are checked as far as
/// the log was read. Takes memory by the number of streams.
verify_report verify(const journal& x, const record_check& check = {});

} // namespace skald
