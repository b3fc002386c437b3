#include "entity_driver.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <random>

using namespace sample;
using skald::participation;
using skald::saga_progress;

namespace {

const auto types = sample_types();

void check_same_view(const skald::entity_view& a, const skald::entity_view& b) {
  REQUIRE(a.exists == b.exists);
  REQUIRE(a.sequence == b.sequence);
  REQUIRE(a.turn == b.turn);
  REQUIRE(a.deleted == b.deleted);
  REQUIRE(a.status == b.status);
  REQUIRE(a.in_saga == b.in_saga);
  REQUIRE(a.state == b.state);
}

bool same_steps(const saga_progress& a, const saga_progress& b) {
  if (a.steps().size() != b.steps().size())
    return false;
  for (std::size_t i = 0; i < a.steps().size(); ++i) {
    const auto& x = a.steps()[i];
    const auto& y = b.steps()[i];
    if (x.name != y.name || x.status != y.status || x.participant != y.participant ||
        x.refusals != y.refusals || x.awaits_answer != y.awaits_answer ||
        x.message->id != y.message->id)
      return false;
  }
  return true;
}

/// Plays random inputs against one entity and keeps comparing it with what its records give.
class random_play {
public:
  random_play(std::uint64_t seed, skald::address self)
      : random_(seed), x_(types, std::move(self)) {}

  std::uint64_t pick(std::uint64_t count) { return random_() % count; }

  void play(skald::delivery_content input) {
    const auto before = pick(2) == 0 ? x_.rebuilt() : x_.restored();
    const bool same_before = is_same(*before);
    const auto result = x_.handle(input);
    for (const auto& each : commands_of(result))
      sent_.push_back(each);
    if (same_before) {
      const auto again = before->handle(std::move(input), x_.now);
      REQUIRE(again.record == result.record);
      REQUIRE(again.deliveries.size() == result.deliveries.size());
      REQUIRE(again.next_due == result.next_due);
      REQUIRE(again.lookups.size() == result.lookups.size());
    }
    check_same_view(x_.rebuilt()->view(), x_.live().view());
    is_same(*x_.rebuilt());
    check_same_view(x_.restored()->view(), x_.live().view());
    is_same(*x_.restored());
    check_record();
  }

  void play(skald::command_message message) {
    message.to = x_.live().self();
    if (message.correlation.empty())
      message.correlation = message.to.id;
    play(skald::delivery_content{delivered(std::move(message))});
  }

  void play_some_answer() {
    if (sent_.empty())
      return;
    // Mostly to what was sent last, sometimes to something long answered.
    const auto& to = pick(4) == 0 ? sent_[pick(sent_.size())] : sent_.back();
    auto answer = std::make_shared<skald::outcome>();
    answer->answers = to->id;
    answer->from = to->to;
    answer->correlation = to->correlation;
    answer->accepted = pick(3) != 0;
    answer->reason = answer->accepted ? "" : "refused";
    play(skald::delivery_content{skald::outcome_delivery{std::move(answer)}});
  }

  entity_driver& driver() { return x_; }

private:
  // Answers to single confirms are not recorded before the last. So a saga that was rebuilt while
  // it confirms asks again, and records what the live one need not.
  bool is_same(const skald::entity& rebuilt) {
    const auto& live = x_.live().progress();
    REQUIRE(rebuilt.progress().current() == live.current());
    REQUIRE(rebuilt.progress().deadlines() == live.deadlines());
    const bool same = same_steps(rebuilt.progress(), live);
    if (live.current() == saga_progress::phase::confirming)
      return false;
    if (live.current() == saga_progress::phase::completed)
      return same;
    REQUIRE(same);
    return true;
  }

  void check_record() {
    if (x_.count() == checked_)
      return;
    const auto stored = x_.last();
    REQUIRE(stored.turn == turn_ + 1);
    REQUIRE(stored.sequence == sequence_);
    REQUIRE(stored.time >= time_);
    REQUIRE(stored.saga_open == x_.live().progress().open());
    REQUIRE(stored.next_due == x_.live().progress().next_due());
    turn_ = stored.turn;
    sequence_ = stored.sequence + stored.events.size();
    time_ = stored.time;
    checked_ = x_.count();
  }

  std::mt19937_64 random_;
  entity_driver x_;
  std::vector<skald::command_message_ptr> sent_;
  std::size_t checked_ = 0;
  std::uint64_t turn_ = 0;
  std::uint64_t sequence_ = 0;
  skald::timestamp time_ = skald::timestamp::min();
};

} // namespace

TEST_CASE("the records of a participant give the same participant, for random inputs") {
  const auto seed = GENERATE(range(1u, 21u));
  INFO("seed " << seed);
  random_play game{seed, {"jar", "J"}};
  for (int i = 0; i < 150; ++i) {
    game.driver().now += skald::duration{static_cast<std::int64_t>(game.pick(2'000'000))} -
                         std::chrono::milliseconds{500};
    const auto transaction = "T" + std::to_string(game.pick(6));
    const auto step = game.pick(2) == 0 ? "flight" : "hotel";
    const auto key = transaction + step;
    const auto id = "m" + std::to_string(game.pick(10) == 0 ? game.pick(150) : i);
    switch (game.pick(7)) {
    case 0:
      game.play(message_of(id, put{static_cast<std::int64_t>(game.pick(5))}));
      break;
    case 1:
    case 2:
      game.play(
          in_step(message_of(id, reserve{key, static_cast<std::int64_t>(game.pick(6)), false}),
                  participation::step, transaction, step));
      break;
    case 3:
      game.play(in_step(message_of(id, settle{key}), participation::confirm, transaction, step));
      break;
    case 4:
      game.play(in_step(message_of(id, release{key}), participation::cancel, transaction, step));
      break;
    case 5:
      game.play(message_of(id, set_stuck{game.pick(3) == 0}));
      break;
    default:
      game.play(skald::delivery_content{skald::resume_delivery{}});
    }
  }
}

TEST_CASE("the records of a saga give the same saga, for random inputs") {
  const auto seed = GENERATE(range(1u, 101u));
  INFO("seed " << seed);
  random_play game{seed, {"trip", "T"}};
  for (int i = 0; i < 60; ++i) {
    game.driver().now += std::chrono::milliseconds{game.pick(600)};
    const auto id = "m" + std::to_string(i);
    switch (game.pick(12)) {
    case 0:
      game.play(message_of(id, plan_trip{"f", "h", "c", 1, 2'000}));
      break;
    case 1:
      game.play(skald::delivery_content{skald::deadline_delivery{}});
      break;
    case 2:
      if (game.pick(10) == 0)
        game.play(message_of(id, give_up{"changed my mind"}));
      break;
    case 3:
      game.play(skald::delivery_content{skald::resume_delivery{}});
      break;
    default:
      game.play_some_answer();
    }
  }
}
