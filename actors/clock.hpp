#pragma once

#include "messages/time.hpp"

#include <atomic>

namespace skald {

/// Where a runtime gets the time from. Any thread.
class clock {
public:
  virtual ~clock() = default;
  virtual timestamp now() const = 0;

  /// Must the runtime be told when time has moved (`runtime::time_has_moved`), because it does so
  /// by hand?
  virtual bool manual() const { return false; }
};

/// The machine's wall clock.
class wall_clock final : public clock {
public:
  timestamp now() const override { return wall_clock_now(); }
};

/// A clock for tests: stands still until it is moved.
class manual_clock final : public clock {
public:
  explicit manual_clock(timestamp start) : now_(start.time_since_epoch().count()) {}

  timestamp now() const override { return timestamp{duration{now_.load()}}; }
  bool manual() const override { return true; }

  void advance(duration by) { now_ += by.count(); }

private:
  std::atomic<duration::rep> now_;
};

} // namespace skald
