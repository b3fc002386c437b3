#include "apps/skald/line_reader.hpp"

#include "apps/skald/global_options.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace skald {

namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;

} // namespace

line_reader::line_reader(const std::string& path) : path_(path), buffer_(read_size) {
  file_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0)
    throw user_error("cannot open " + path + ": " + std::strerror(errno));
}

line_reader::~line_reader() {
  if (file_ != STDIN_FILENO)
    ::close(file_);
}

line_reader::found line_reader::next() {
  line_.clear();
  bool too_long = false;
  bool any = false;
  while (!unread_.empty() || fill()) {
    any = true;
    const auto end = unread_.find('\n');
    const auto part = unread_.substr(0, end);
    too_long = too_long || line_.size() + part.size() > line_size_max;
    if (!too_long)
      line_ += part;
    unread_.remove_prefix(end == std::string_view::npos ? unread_.size() : end + 1);
    if (end != std::string_view::npos)
      break;
  }
  if (!any)
    return found::end;
  ++number_;
  return too_long ? found::too_long : found::line;
}

bool line_reader::fill() {
  ssize_t size = 0;
  do
    size = ::read(file_, buffer_.data(), buffer_.size());
  while (size < 0 && errno == EINTR);
  if (size < 0)
    throw user_error("cannot read " + path_ + ": " + std::strerror(errno));
  unread_ = {buffer_.data(), static_cast<std::size_t>(size)};
  return size > 0;
}

} // namespace skald
