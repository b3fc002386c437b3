#pragma once

#include "apps/skald/outcome_json.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace skald {

/// Writes outcome lines to standard output as they come, in a thread of its own, and bounds how
/// many commands are unanswered: one holds its place until its line is written, so whoever reads
/// the lines too slowly slows down whoever sends commands.
class outcome_writer {
public:
  /// `log` is that of the runtime that answers.
  outcome_writer(const journal& log, std::size_t places);

  /// Waits until every place is free.
  ~outcome_writer();

  outcome_writer(const outcome_writer&) = delete;
  outcome_writer& operator=(const outcome_writer&) = delete;

  /// Waits for a free place and takes it.
  /// @throws user_error if the lines can no longer be written, or a command was not handled: the
  /// store takes nothing more then.
  void take_place();

  /// The command of line `line` has its outcome. Any thread; does not wait.
  void add(std::size_t line, asked_command asked, outcome_ptr answer);

  /// Line `line` is no command.
  void add_error(std::size_t line, const std::string& error, std::size_t column);

  /// Waits until every line is written.
  /// @throws user_error as `take_place`.
  void finish();

private:
  struct answered {
    std::size_t line;
    asked_command asked;
    outcome_ptr answer;
  };
  using item = std::variant<answered, std::string>;

  void add(item next);
  void run();
  std::string text_of(const std::vector<item>& batch, std::string& failure) const;
  std::string line_of(const answered& x, std::string& failure) const;
  void check() const;

  const journal& log_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable place_;
  std::vector<item> items_;
  std::size_t places_;
  std::size_t taken_ = 0;
  std::string failure_;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace skald
