#include "actors/reaction_flow.hpp"

#include "messages/codec.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <memory>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using namespace sample;
using skald::event_place;
using skald::position;

namespace {

/// The flow of a reactor that settles a key for each put, and never tries twice.
class driver {
public:
  explicit driver(position done = 0, position last = 0) : flow(handler_, {}, done, last) {}

  void happens(position at, const std::string& correlation) {
    flow.take_event(event<jar>(at, "A", correlation, was_put{static_cast<std::int64_t>(at), 0}),
                    now, out);
  }

  /// The reactor's own aggregate of what is parked has recorded `what`.
  template <class E>
  void is_recorded(const E& what) {
    flow.take_event(event<skald::parked_reactions>(++last_, "payer", "operator", what), now, out);
  }

  void answer(const skald::command_message& message, bool accepted) {
    skald::outcome result;
    result.answers = message.id;
    result.from = message.to;
    result.accepted = accepted;
    if (!accepted)
      result.reason = "stuck";
    flow.take_outcome(result, now, out);
  }

  /// What was to be sent since it was last asked for.
  std::vector<skald::command_message_ptr> sent() { return std::exchange(out.sends, {}); }

  /// The one that was.
  skald::command_message_ptr sent_one() {
    auto all = sent();
    REQUIRE(all.size() == 1);
    return all.front();
  }

  /// The journal is read, and says that `unsettled` is still to be sent.
  void read(std::vector<skald::command_message_ptr> unsettled) {
    const auto places = std::exchange(out.reads, {});
    REQUIRE(places.size() == 1);
    flow.take_reading({places.front(), nullptr, std::move(unsettled), {}}, now, out);
  }

  /// `message` is refused for good, and its event is being parked.
  skald::parked_event give_up(const skald::command_message_ptr& message) {
    answer(*message, false);
    read({message});
    return parking_of(*sent_one());
  }

  static skald::parked_event parking_of(const skald::command_message& message) {
    REQUIRE(message.type == "ParkEvent");
    skald::park_event command;
    REQUIRE_FALSE(skald::decode(message.payload, command));
    return command.what;
  }

  skald::timestamp now{std::chrono::seconds{1'000}};
  skald::reaction_flow::output out;

private:
  template <class A, class E>
  static skald::published_event_ptr event(position at, std::string from,
                                          const std::string& correlation, const E& content) {
    skald::published_event result;
    result.at = result.turn = at;
    result.from = {std::string{A::type_name}, std::move(from)};
    result.correlation = correlation;
    result.event = {std::string{E::type_name}, 1, skald::encode(content)};
    return std::make_shared<skald::published_event>(std::move(result));
  }

  skald::reactor handler_ = skald::reactor("payer")
                                .on<jar, was_put>([](const was_put& happened) {
                                  return std::vector<skald::reaction>{skald::plainly(skald::to<jar>(
                                      "till", settle{"k" + std::to_string(happened.tokens)}))};
                                })
                                .retry({.retries = 0});
  position last_ = 1'000;

public:
  skald::reaction_flow flow;
};

} // namespace

TEST_CASE("events are reacted to as they come, and the position follows the answers") {
  driver x;
  x.happens(1, "T-1");
  x.happens(2, "T-1");
  const auto sent = x.sent();
  REQUIRE(sent.size() == 2);
  CHECK(x.flow.done_up_to() == 0);
  x.answer(*sent[1], true);
  CHECK(x.flow.done_up_to() == 0);
  x.answer(*sent[0], true);
  CHECK(x.flow.done_up_to() == 2);
  CHECK(x.flow.unanswered().empty());
  x.answer(*sent[0], false); // comes again
  CHECK(x.out.reads.empty());
}

TEST_CASE("events that are published for the sake of another reactor are passed over") {
  driver x{10, 10};
  x.happens(10, "T-1");
  CHECK(x.sent().empty());
  x.happens(11, "T-1");
  CHECK(x.sent().size() == 1);
}

TEST_CASE("after a restart the events of a transaction are reacted to one at a time") {
  driver x{10, 12};
  x.happens(11, "T-1");
  x.happens(12, "T-1");
  x.happens(13, "T-1");
  const auto first = x.sent_one();
  x.happens(14, "T-2");
  CHECK(x.sent().size() == 1);
  x.answer(*first, true);
  x.answer(*x.sent_one(), true);
  x.answer(*x.sent_one(), true);
  x.happens(15, "T-1");
  x.happens(16, "T-1");
  CHECK(x.sent().size() == 2);
}

TEST_CASE(
    "an event that is refused while its transaction is parked is parked with its own reason") {
  driver x;
  x.happens(1, "T-1");
  x.happens(2, "T-1");
  const auto sent = x.sent();
  const auto first = x.give_up(sent[0]);
  CHECK(first.attempts == 1);
  REQUIRE(x.out.problems.size() == 1);
  CHECK_THAT(x.out.problems.front(), ContainsSubstring("WasPut of jar/A") &&
                                         ContainsSubstring("position 1") &&
                                         ContainsSubstring("T-1") && ContainsSubstring("stuck"));
  x.is_recorded(skald::event_parked{first});
  x.answer(*sent[1], false);
  const auto second = x.parking_of(*x.sent_one());
  CHECK(second.place == event_place{2, 0});
  CHECK(second.attempts == 0);
  CHECK_THAT(second.reason, ContainsSubstring("stuck"));
  CHECK(x.out.problems.size() == 1);
  CHECK(x.flow.done_up_to() == 1);
}

TEST_CASE("an event that need not be parked any more is reacted to") {
  driver x;
  x.happens(1, "T-1");
  const auto first = x.give_up(x.sent_one());
  x.is_recorded(skald::event_parked{first});
  x.happens(2, "T-1");
  const auto parking = x.sent_one();
  REQUIRE(parking->type == "ParkEvent");
  x.is_recorded(skald::parked_retried{"T-1", "mended"});
  x.read({});
  const auto unparking = x.sent_one();
  REQUIRE(unparking->type == "UnparkEvent");
  x.is_recorded(skald::event_unparked{"T-1", {1, 0}});
  x.answer(*unparking, true);
  CHECK(x.sent().empty());
  x.answer(*parking, true); // nothing was recorded, since nothing was parked by then
  const auto second = x.sent_one();
  CHECK(second->type == "Settle");
  x.answer(*second, true);
  CHECK(x.flow.done_up_to() > 2);
}

TEST_CASE("a parking that is refused is reported, and neither the event nor its line go on") {
  driver x;
  x.happens(1, "T-1");
  x.answer(*x.sent_one(), false);
  x.read({std::make_shared<skald::command_message>()});
  const auto parking = x.sent_one();
  x.answer(*parking, false);
  REQUIRE(x.out.problems.size() == 2);
  CHECK_THAT(x.out.problems.back(), ContainsSubstring("cannot park"));
  x.happens(2, "T-1");
  CHECK(x.sent().empty());
  CHECK(x.flow.done_up_to() == 0);
  // It is among what is sent again when the journal goes on.
  REQUIRE(x.flow.unanswered().size() == 1);
  CHECK(x.flow.unanswered().front()->id == parking->id);
}
