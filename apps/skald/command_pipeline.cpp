#include "apps/skald/command_pipeline.hpp"

#include "apps/skald/global_options.hpp"

#include <string_view>

namespace skald {

namespace {

// How long to let a busy runtime work where no answer of our own is to be expected.
constexpr duration breathing_space = std::chrono::seconds{1};

// Did the runtime refuse the command without recording anything, because too much is under way?
bool is_busy(const outcome& answer) {
  return !answer.accepted && answer.sequence == 0 && answer.reason.starts_with("busy");
}

} // namespace

/// Carries answers from the runtime's threads to the one that sends.
class command_pipeline::answer_queue final : public reply_channel {
public:
  using entry = std::pair<outcome_ptr, steady_clock::time_point>;

  void answer(outcome_ptr answer) override {
    const auto now = steady_clock::now();
    const std::lock_guard lock{mutex_};
    entries_.emplace_back(std::move(answer), now);
    if (entries_.size() == 1)
      not_empty_.notify_one();
  }

  void show(const entity_view&) override {}

  /// Waits for at least one answer, though not beyond `limit` if there is one, and puts all there
  /// are into `out`.
  void take(std::vector<entry>& out, const std::optional<steady_clock::time_point>& limit) {
    out.clear();
    std::unique_lock lock{mutex_};
    const auto is_any = [this] { return !entries_.empty(); };
    if (limit)
      not_empty_.wait_until(lock, *limit, is_any);
    else
      not_empty_.wait(lock, is_any);
    entries_.swap(out);
  }

private:
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::vector<entry> entries_;
};

command_pipeline::command_pipeline(runtime& target, std::size_t in_flight_max)
    : target_(target), in_flight_max_(in_flight_max), answers_(std::make_shared<answer_queue>()) {}

void command_pipeline::run(const source& next, const sink& done) {
  bool has_room = true;
  while (true) {
    send(next, has_room);
    if (in_flight_.empty() && !next_)
      return;
    // What was refused goes out again only behind an answer: that made room.
    do {
      if (in_flight_.empty() && !next_) {
        make_room();
        has_room = true;
      } else {
        has_room = take_answers(done);
      }
    } while (!has_room && !is_next_due());
  }
}

void command_pipeline::send(const source& next, bool with_refused) {
  std::vector<client_command> batch;
  const auto now = steady_clock::now();
  while (in_flight_.size() < in_flight_max_) {
    waiting entry;
    if (with_refused && !refused_.empty()) {
      entry = std::move(refused_.front());
      refused_.pop_front();
    } else if (auto fresh = take_due(next, now)) {
      const auto start = fresh->due.value_or(now);
      entry = {std::move(*fresh), start};
    } else {
      break;
    }
    batch.push_back(entry.content.command);
    in_flight_.emplace(message_id_of(batch.back().message_id), std::move(entry));
  }
  if (!batch.empty())
    target_.submit_all(std::move(batch), answers_);
}

// The next command, if there is one and it is time to send it. No time is before every time.
std::optional<command_pipeline::item> command_pipeline::take_due(const source& next,
                                                                 steady_clock::time_point now) {
  if (!next_)
    next_ = next();
  if (!next_ || next_->due > now)
    return std::nullopt;
  return std::exchange(next_, std::nullopt);
}

bool command_pipeline::is_next_due() const {
  return next_ && next_->due <= steady_clock::now();
}

// Waits until something is answered or the next command is due. Returns whether any of the answers
// was more than a refusal for being busy.
bool command_pipeline::take_answers(const sink& done) {
  std::vector<answer_queue::entry> taken;
  // Without room for it, there is no hurry.
  const bool could_send = next_ && in_flight_.size() < in_flight_max_;
  answers_->take(taken, could_send ? next_->due : std::nullopt);
  bool progress = false;
  for (const auto& [answer, came] : taken) {
    auto found = in_flight_.extract(answer->answers);
    if (found.empty())
      continue;
    auto& entry = found.mapped();
    if (is_busy(*answer)) {
      refused_.push_back(std::move(entry));
      continue;
    }
    if (!answer->accepted && answer->sequence == 0)
      throw user_error{"the " + entry.content.command.type + " for " +
                       to_string(entry.content.command.to) + " was not done: " + answer->reason};
    progress = true;
    done(entry.content.tag, *answer, came - entry.sent);
  }
  return progress;
}

void command_pipeline::make_room() {
  target_.wait_until_idle(breathing_space);
}

} // namespace skald
