#include "apps/skald/progress_bar.hpp"

#include "apps/skald/figures.hpp"

#include <algorithm>
#include <unistd.h>

namespace skald {

namespace {

constexpr std::uint64_t bar_width = 30;
constexpr std::chrono::milliseconds redraw_interval{100};
constexpr auto erase_line = "\r\x1b[K";

} // namespace

std::string progress_line(const std::string& label, std::uint64_t done, std::uint64_t total) {
  const auto whole = std::max<std::uint64_t>(total, 1);
  const auto part = std::min(done, whole);
  const auto filled = static_cast<std::size_t>(part * bar_width / whole);
  auto percent = std::to_string(part * 100 / whole);
  percent.insert(0, 4 - std::min<std::size_t>(percent.size(), 4), ' ');
  return label + " [" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "]" +
         percent + "%  " + grouped(done) + " of " + grouped(total);
}

progress_bar::progress_bar(std::string label, std::uint64_t total, std::FILE* terminal)
    : label_(std::move(label)), total_(total), terminal_(terminal),
      shown_(::isatty(::fileno(terminal)) == 1) {}

progress_bar::~progress_bar() {
  if (shown_)
    std::fputs(erase_line, terminal_);
}

void progress_bar::show(std::uint64_t done) {
  done_ = done;
  if (!shown_)
    return;
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < redraw_interval)
    return;
  drawn_ = now;
  std::fputs((erase_line + progress_line(label_, done_, total_)).c_str(), terminal_);
  std::fflush(terminal_);
}

} // namespace skald
