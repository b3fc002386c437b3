#include "apps/skald/separated_file.hpp"

#include "apps/skald/printable.hpp"

#include <algorithm>
#include <charconv>
#include <istream>
#include <system_error>

namespace skald {

separated_file::separated_file(std::istream& in, std::string name,
                               std::span<const std::string_view> columns, char separator,
                               header names)
    : in_(in), name_(std::move(name)), separator_(separator),
      columns_(columns.begin(), columns.end()) {
  std::string expected;
  for (const auto& each : columns_)
    expected.append(expected.empty() ? "\"" : std::string{separator_} + "\"").append(each) += '"';
  if (!read_line())
    throw user_error{name_ + " is empty; it has to begin with the line " + expected};
  split();
  field_count_ = fields_.size();
  if (names == header::exactly)
    take_exact_header(expected);
  else
    find_columns();
}

void separated_file::take_exact_header(const std::string& expected) {
  if (!std::ranges::equal(fields_, columns_, {}, &one_field::text))
    throw error_at(0, "this is not the header of such a file, which is " + expected);
  for (std::size_t i = 0; i < columns_.size(); ++i)
    places_.push_back(i);
}

void separated_file::find_columns() {
  for (const auto& each : columns_) {
    const auto found = std::ranges::find(fields_, each, &one_field::text);
    if (found == fields_.end())
      throw error_at(0, "the header has no column '" + printable(each) + "'; it is " +
                            printable(line_));
    places_.push_back(static_cast<std::size_t>(found - fields_.begin()));
  }
}

bool separated_file::next() {
  if (!read_line())
    return false;
  split();
  if (fields_.size() != field_count_)
    throw error_at(line_.size(), "the line has " + std::to_string(fields_.size()) +
                                     " fields instead of " + std::to_string(field_count_));
  return true;
}

std::uint64_t separated_file::number(std::size_t column) const {
  const auto& text = field(column);
  std::uint64_t result = 0;
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, result);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    throw error(column, "'" + printable(text) + "' is not a whole number of at most 64 bits");
  return result;
}

user_error separated_file::error(std::size_t column, const std::string& problem) const {
  return error_at(fields_[places_[column]].at, columns_[column] + ": " + problem);
}

user_error separated_file::error_at(std::size_t byte, const std::string& problem) const {
  return user_error{name_ + ", line " + std::to_string(line_number_) + ", column " +
                    std::to_string(byte + 1) + ": " + problem};
}

bool separated_file::read_line() {
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

void separated_file::split() {
  fields_.clear();
  for (std::size_t at = 0;; ++at) {
    auto& next = fields_.emplace_back();
    next.at = at;
    if (at < line_.size() && line_[at] == '"') {
      at = take_quoted(at, next.text);
      if (at < line_.size() && line_[at] != separator_)
        throw error_at(at, std::string{"behind the closing quote there has to be a '"} +
                               separator_ + "'; a quote inside the text is written twice");
    } else {
      at = std::min(line_.find(separator_, at), line_.size());
      next.text = line_.substr(next.at, at - next.at);
      if (const auto quote = next.text.find('"'); quote != std::string::npos)
        throw error_at(next.at + quote, "a quote can only open a field");
    }
    if (at == line_.size())
      return;
  }
}

// Reads the quoted text that opens at `at`. Returns where it ends, behind the closing quote.
std::size_t separated_file::take_quoted(std::size_t at, std::string& text) const {
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
