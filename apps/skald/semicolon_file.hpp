#pragma once

#include "apps/skald/global_options.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// Reads a table whose fields are separated by semicolons and may be quoted, with a header line.
/// Lines end in CRLF or LF. Strict: whatever is not such a table is an error that names its place.
class semicolon_file {
public:
  /// Reads the header line, which has to name `columns`. `name` is the file's, for errors.
  /// @throws user_error
  semicolon_file(std::istream& in, std::string name, std::span<const std::string_view> columns);

  /// Goes to the next line. False at the end of the file.
  /// @throws user_error
  bool next();

  /// The text of a field of the current line, without its quotes.
  const std::string& field(std::size_t column) const { return fields_[column].text; }

  /// The field as a whole number.
  /// @throws user_error
  std::uint64_t number(std::size_t column) const;

  /// An error about a field of the current line.
  user_error error(std::size_t column, const std::string& problem) const;

private:
  struct one_field {
    std::string text;
    std::size_t at = 0; ///< byte of the line, from 0
  };

  bool read_line();
  void split();
  std::size_t take_quoted(std::size_t at, std::string& text) const;
  user_error error_at(std::size_t byte, const std::string& problem) const;

  std::istream& in_;
  std::string name_;
  std::vector<std::string> columns_;
  std::string line_;
  std::uint64_t line_number_ = 0;
  std::vector<one_field> fields_;
};

} // namespace skald
