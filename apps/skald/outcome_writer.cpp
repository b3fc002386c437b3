#include "apps/skald/outcome_writer.hpp"

#include "apps/skald/global_options.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace skald {

using nlohmann::ordered_json;

namespace {

std::string line_of(std::size_t line, const asked_command& asked, const outcome& answer) {
  ordered_json result;
  result["line"] = line;
  result.update(outcome_json(asked, answer));
  return one_line(result);
}

} // namespace

outcome_writer::outcome_writer(std::size_t places) : places_(places), thread_([this] { run(); }) {}

outcome_writer::~outcome_writer() {
  {
    std::unique_lock lock{mutex_};
    place_.wait(lock, [this] { return taken_ == 0; });
    ending_ = true;
  }
  work_.notify_one();
  thread_.join();
}

void outcome_writer::take_place() {
  std::unique_lock lock{mutex_};
  place_.wait(lock, [this] { return taken_ < places_ || !failure_.empty(); });
  check();
  ++taken_;
}

void outcome_writer::add(std::size_t line, asked_command asked, outcome_ptr answer) {
  add(answered{line, std::move(asked), std::move(answer)});
}

void outcome_writer::add_error(std::size_t line, const std::string& error, std::size_t column) {
  ordered_json result;
  result["line"] = line;
  result["error"] = error;
  result["column"] = column;
  add(one_line(result));
}

void outcome_writer::finish() {
  std::unique_lock lock{mutex_};
  place_.wait(lock, [this] { return taken_ == 0; });
  check();
}

void outcome_writer::add(item next) {
  bool first = false;
  {
    std::lock_guard lock{mutex_};
    first = items_.empty();
    items_.push_back(std::move(next));
  }
  if (first)
    work_.notify_one();
}

void outcome_writer::run() {
  std::vector<item> batch;
  std::string text;
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      work_.wait(lock, [this] { return ending_ || !items_.empty(); });
      if (items_.empty())
        return;
      batch.swap(items_);
    }
    text.clear();
    for (const auto& each : batch) {
      if (const auto* done = std::get_if<answered>(&each))
        text += line_of(done->line, done->asked, *done->answer);
      else
        text += std::get<std::string>(each);
      text += '\n';
    }
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    const auto code = errno;
    std::lock_guard lock{mutex_};
    if (!written && failure_.empty())
      failure_ = std::string{"the outcomes cannot be written: "} + std::strerror(code);
    taken_ -= batch.size();
    batch.clear();
    place_.notify_all();
  }
}

void outcome_writer::check() const {
  if (!failure_.empty())
    throw user_error(failure_);
}

} // namespace skald
