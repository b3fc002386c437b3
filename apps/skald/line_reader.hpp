#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// Reads a file or a pipe line by line in bounded memory. A line is there as soon as it is
/// complete, also where the writer of a pipe then waits for an answer.
class line_reader {
public:
  static constexpr std::size_t line_size_max = std::size_t{1} << 20;

  enum class found { line, too_long, end };

  /// Reads `path`; standard input if it is `-`.
  /// @throws user_error
  explicit line_reader(const std::string& path);
  ~line_reader();
  line_reader(const line_reader&) = delete;
  line_reader& operator=(const line_reader&) = delete;

  /// Goes to the next line. One that is longer than `line_size_max` is passed over and counts.
  /// @throws user_error if the file cannot be read.
  found next();

  /// The line that `next` found, without its end. Valid until the next call.
  std::string_view text() const { return line_; }

  /// Its number, from 1.
  std::size_t number() const { return number_; }

private:
  bool fill();

  std::string path_;
  int file_ = -1;
  std::vector<char> buffer_;
  std::string_view unread_;
  std::string line_;
  std::size_t number_ = 0;
};

} // namespace skald
