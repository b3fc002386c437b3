#include "apps/skald/semicolon_file.hpp"

#include "apps/skald/printable.hpp"

#include <algorithm>
#include <charconv>
#include <istream>
#include <system_error>

namespace skald {

semicolon_file::semicolon_file(std::istream& in, std::string name,
                               std::span<const std::string_view> columns)
    : in_(in), name_(std::move(name)) {
  std::string expected;
  for (const auto each : columns)
    expected.append(expected.empty() ? "\"" : ";\"").append(each).append("\"");
  if (!read_line())
    throw user_error{name_ + " is empty; it has to begin with the line " + expected};
  // The header has to be split before there are columns to name in errors.
  split();
  bool same = fields_.size() == columns.size();
  for (std::size_t i = 0; same && i < columns.size(); ++i)
    same = fields_[i].text == columns[i];
  if (!same)
    throw error_at(0, "this is not the header of such a file, which is " + expected);
  columns_.assign(columns.begin(), columns.end());
}

bool semicolon_file::next() {
  if (!read_line())
    return false;
  split();
  if (fields_.size() != columns_.size())
    throw error_at(line_.size(), "the line has " + std::to_string(fields_.size()) +
                                     " fields instead of " + std::to_string(columns_.size()));
  return true;
}

std::uint64_t semicolon_file::number(std::size_t column) const {
  const auto& text = field(column);
  std::uint64_t result = 0;
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, result);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    throw error(column, "'" + printable(text) + "' is not a whole number of at most 64 bits");
  return result;
}

user_error semicolon_file::error(std::size_t column, const std::string& problem) const {
  return error_at(fields_[column].at, columns_[column] + ": " + problem);
}

user_error semicolon_file::error_at(std::size_t byte, const std::string& problem) const {
  return user_error{name_ + ", line " + std::to_string(line_number_) + ", column " +
                    std::to_string(byte + 1) + ": " + problem};
}

bool semicolon_file::read_line() {
  if (!std::getline(in_, line_)) {
    if (in_.bad())
      throw user_error{name_ + " cannot be read behind line " + std::to_string(line_number_)};
    return false;
  }
  ++line_number_;
  if (line_.ends_with('\r'))
    line_.pop_back();
  return true;
}

void semicolon_file::split() {
  fields_.clear();
  for (std::size_t at = 0;; ++at) {
    auto& next = fields_.emplace_back();
    next.at = at;
    if (at < line_.size() && line_[at] == '"') {
      at = take_quoted(at, next.text);
      if (at < line_.size() && line_[at] != ';')
        throw error_at(at, "behind the closing quote there has to be a semicolon; a quote inside "
                           "the text is written twice");
    } else {
      at = std::min(line_.find(';', at), line_.size());
      next.text = line_.substr(next.at, at - next.at);
      if (const auto quote = next.text.find('"'); quote != std::string::npos)
        throw error_at(next.at + quote, "a quote can only open a field");
    }
    if (at == line_.size())
      return;
  }
}

// Reads the quoted text that opens at `at`. Returns where it ends, behind the closing quote.
std::size_t semicolon_file::take_quoted(std::size_t at, std::string& text) const {
  const auto opening = at++;
  while (true) {
    const auto quote = line_.find('"', at);
    if (quote == std::string::npos)
      throw error_at(opening, "the quote is not closed on its line");
    text.append(line_, at, quote - at);
    at = quote + 1;
    if (at == line_.size() || line_[at] != '"')
      return at;
    text.push_back('"');
    ++at;
  }
}

} // namespace skald
