#include "apps/skald/outcome_writer.hpp"

#include "apps/skald/global_options.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace skald {

using nlohmann::ordered_json;

outcome_writer::outcome_writer(const journal& log, std::size_t places)
    : log_(log), places_(places), thread_([this] { run(); }) {}

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
  // Under the lock to the end: once the item is written, the writer may be gone.
  const std::lock_guard lock{mutex_};
  items_.push_back(std::move(next));
  if (items_.size() == 1)
    work_.notify_one();
}

void outcome_writer::run() {
  std::vector<item> batch;
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      work_.wait(lock, [this] { return ending_ || !items_.empty(); });
      if (items_.empty())
        return;
      batch.swap(items_);
    }
    std::string failure;
    const auto text = text_of(batch, failure);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      failure = std::string{"the outcomes cannot be written: "} + std::strerror(errno);
    std::lock_guard lock{mutex_};
    if (failure_.empty())
      failure_ = std::move(failure);
    taken_ -= batch.size();
    batch.clear();
    place_.notify_all();
  }
}

std::string outcome_writer::text_of(const std::vector<item>& batch, std::string& failure) const {
  std::string result;
  for (const auto& each : batch) {
    if (const auto* done = std::get_if<answered>(&each))
      result += line_of(*done, failure);
    else
      result += std::get<std::string>(each);
    result += '\n';
  }
  return result;
}

std::string outcome_writer::line_of(const answered& x, std::string& failure) const {
  bool handled = false;
  try {
    handled = was_handled(log_, x.asked, *x.answer);
    if (!handled)
      failure = "line " + std::to_string(x.line) + " was not done: " + x.answer->reason;
  } catch (const store_error& error) {
    failure = error.what();
  }
  ordered_json result;
  result["line"] = x.line;
  result.update(outcome_json(x.asked, *x.answer, handled));
  return one_line(result);
}

void outcome_writer::check() const {
  if (!failure_.empty())
    throw user_error(failure_);
}

} // namespace skald
