#include "apps/skald/bench_sampler.hpp"

#include "apps/skald/global_options.hpp"
#include "apps/skald/process_usage.hpp"

#include <cstdio>
#include <utility>

namespace skald {

bench_sampler::bench_sampler(const std::filesystem::path& file) : path_(file), file_(file) {
  file_ << "seconds,transfers,resident_kib,store_bytes,journal_position\n" << std::flush;
  if (!file_)
    throw user_error{"cannot write the samples to " + file.string() +
                     "; give --samples a file in a folder that is there and may be written"};
}

bench_sampler::~bench_sampler() {
  stop();
}

void bench_sampler::start(const journal& log, std::function<std::uint64_t()> done,
                          milliseconds interval) {
  log_ = &log;
  done_ = std::move(done);
  start_ = std::chrono::steady_clock::now();
  thread_ = std::thread{[this, interval] { run(interval); }};
}

void bench_sampler::finish() {
  stop();
  sample();
  if (!file_)
    throw user_error{"the samples in " + path_.string() + " are not complete: the disk refuses"};
}

void bench_sampler::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    stopped_.notify_one();
  }
  if (thread_.joinable())
    thread_.join();
}

void bench_sampler::run(milliseconds interval) {
  auto next = start_ + interval;
  std::unique_lock lock{mutex_};
  while (!stopped_.wait_until(lock, next, [this] { return stopping_; })) {
    sample();
    next += interval;
  }
}

void bench_sampler::sample() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f", elapsed.count());
  file_ << seconds << ',' << done_() << ',' << resident_kib() << ',' << log_->bytes_on_disk() << ','
        << log_->last() << '\n'
        << std::flush;
}

} // namespace skald
