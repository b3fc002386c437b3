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

/// Reads a table whose fields are separated by one character (a semicolon, a comma) and may be
/// quoted, with a header line. Lines end in CRLF or LF. Strict: whatever is not such a table is an
/// error that names its place.
class separated_file {
public:
  /// What the header line has to name: the columns and nothing else, or the columns among others,
  /// in any order.
  enum class header { exactly, among_others };

  /// Reads the header line, which has to name `columns`. `name` is the file's, for errors.
  /// @throws user_error
  separated_file(std::istream& in, std::string name, std::span<const std::string_view> columns,
                 char separator = ';', header names = header::exactly);

  /// Goes to the next line. False at the end of the file.
  /// @throws user_error
  bool next();

  /// The text of a field of the current line, without its quotes. `column` is an index into the
  /// columns that were asked for.
  const std::string& field(std::size_t column) const { return fields_[places_[column]].text; }

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

  void take_exact_header(const std::string& expected);
  void find_columns();
  bool read_line();
  void split();
  std::size_t take_quoted(std::size_t at, std::string& text) const;
  user_error error_at(std::size_t byte, const std::string& problem) const;

  std::istream& in_;
  std::string name_;
  char separator_;
  std::vector<std::string> columns_; ///< that were asked for
  std::vector<std::size_t> places_;  ///< of these, among the fields
  std::size_t field_count_ = 0;
  std::string line_;
  std::uint64_t line_number_ = 0;
  std::vector<one_field> fields_;
};

} // namespace skald
