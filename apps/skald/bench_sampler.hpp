#pragma once

#include "persistence/journal.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

namespace skald {

/// Writes how a run goes on as lines of a CSV file, one each second and one at its end, so that
/// growth can be plotted.
class bench_sampler {
public:
  using milliseconds = std::chrono::milliseconds;

  /// @throws user_error if the file cannot be written.
  explicit bench_sampler(const std::filesystem::path& file);
  ~bench_sampler();
  bench_sampler(const bench_sampler&) = delete;
  bench_sampler& operator=(const bench_sampler&) = delete;

  /// Writes lines from now on. `done` tells how many transfers are done, to any thread.
  void start(const journal& log, std::function<std::uint64_t()> done,
             milliseconds interval = std::chrono::seconds{1});

  /// Writes the last line. After `start`.
  /// @throws user_error if any line could not be written.
  void finish();

private:
  void sample();
  void run(milliseconds interval);
  void stop();

  std::filesystem::path path_;
  std::ofstream file_;
  const journal* log_ = nullptr;
  std::function<std::uint64_t()> done_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace skald
