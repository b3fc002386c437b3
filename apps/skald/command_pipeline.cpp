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

  /// Waits for at least one answer and puts all there are into `out`.
  void take(std::vector<entry>& out) {
    out.clear();
    std::unique_lock lock{mutex_};
    not_empty_.wait(lock, [this] { return !entries_.empty(); });
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
  while (true) {
    send(next);
    if (in_flight_.empty())
      return;
    // What was refused goes out again only behind an answer: that made room.
    while (!take_answers(done))
      if (in_flight_.empty()) {
        make_room();
        break;
      }
  }
}

void command_pipeline::send(const source& next) {
  std::vector<client_command> batch;
  const auto now = steady_clock::now();
  while (in_flight_.size() < in_flight_max_) {
    waiting entry;
    if (!refused_.empty()) {
      entry = std::move(refused_.front());
      refused_.pop_front();
    } else if (auto fresh = next()) {
      entry = {std::move(*fresh), now};
    } else {
      break;
    }
    batch.push_back(entry.content.command);
    in_flight_.emplace(message_id_of(batch.back().message_id), std::move(entry));
  }
  if (!batch.empty())
    target_.submit_all(std::move(batch), answers_);
}

// Returns whether any of the answers was more than a refusal for being busy.
bool command_pipeline::take_answers(const sink& done) {
  std::vector<answer_queue::entry> taken;
  answers_->take(taken);
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
