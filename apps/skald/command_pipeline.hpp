#pragma once

#include "actors/runtime.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace skald {

/// Sends commands from one thread that may wait, with a bounded number of them under way.
class command_pipeline {
public:
  using steady_clock = std::chrono::steady_clock;

  /// A command and what its sender knows it by.
  struct item {
    client_command command; ///< has a message id that no other command under way has
    std::uint64_t tag = 0;
    std::optional<steady_clock::time_point> due{}; ///< when to send it; empty: at once
  };

  /// The next command; empty if there is none before another answer has come.
  using source = std::function<std::optional<item>()>;

  /// Told of every answer: whose it is, and how long it took from when the command was due or, if
  /// it was not due at any time, from the first sending. So the delay of one that had to wait for
  /// room counts.
  using sink = std::function<void(std::uint64_t tag, const outcome&, steady_clock::duration)>;

  command_pipeline(runtime& target, std::size_t in_flight_max);

  /// Sends until `next` has no more and everything is answered. A command that is refused because
  /// the runtime is busy is sent again, and `done` does not hear of it.
  /// @throws user_error if a command was neither handled nor refused by the domain.
  void run(const source& next, const sink& done);

private:
  class answer_queue;

  struct waiting {
    item content;
    steady_clock::time_point sent;
  };

  void send(const source& next, bool with_refused);
  std::optional<item> take_due(const source& next, steady_clock::time_point now);
  bool is_next_due() const;
  bool take_answers(const sink& done);
  void make_room();

  runtime& target_;
  std::size_t in_flight_max_;
  std::shared_ptr<answer_queue> answers_;
  std::unordered_map<message_id, waiting, message_id_hash> in_flight_;
  std::deque<waiting> refused_; ///< to be sent again
  std::optional<item> next_;    ///< is not due yet
};

} // namespace skald
