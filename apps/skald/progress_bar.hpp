#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace skald {

/// `transfers [##########          ]  50%  38,826 of 77,652`.
std::string progress_line(const std::string& label, std::uint64_t done, std::uint64_t total);

/// Shows on a terminal how far a long job has come; on anything else it shows nothing. Gone when
/// the job ends.
class progress_bar {
public:
  /// Draws on `terminal`, normally stderr, so that results on stdout stay clean.
  progress_bar(std::string label, std::uint64_t total, std::FILE* terminal = stderr);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// One more is done.
  void advance() { show(done_ + 1); }

  /// So much is done.
  void show(std::uint64_t done);

private:
  std::string label_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  std::FILE* terminal_;
  bool shown_;
  std::chrono::steady_clock::time_point drawn_;
};

} // namespace skald
