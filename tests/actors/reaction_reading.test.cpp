#include "actors/reaction_reading.hpp"

#include "messages/codec.hpp"
#include "persistence/memory_journal.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <stdexcept>
#include <string>

using Catch::Matchers::ContainsSubstring;
using namespace sample;

namespace {

const skald::address receiver{"jar", "till"};

/// Reserves a token twice for each jar that is smashed; the second time as a step.
skald::reactor keeper() {
  return skald::reactor("keeper").on<jar, smashed>([](const smashed&) {
    return std::vector<skald::reaction>{
        skald::plainly(skald::to<jar>("till", reserve{"a", 1, false})),
        skald::as_step("keep", skald::to<jar>("till", reserve{"b", 1, false}))};
  });
}

/// A journal into which a test writes what happened.
class story {
public:
  story() {
    skald::record x;
    x.stream = skald::address_view{"jar", "A"};
    const auto event = skald::encode(smashed{});
    x.events.push_back({smashed::type_name, 1, event});
    x.correlation = "A";
    append(x, shards_);
  }

  /// The till has handled `message`.
  void handled(const skald::command_message& message, bool accepted, bool records_event) {
    skald::record x;
    x.stream = receiver;
    x.source = message.source;
    x.input = message.id;
    x.input_type = message.type;
    x.correlation = message.correlation;
    x.role = message.role;
    x.step = message.step;
    x.accepted = accepted;
    const auto event = skald::encode(reserve_failed{"a", "empty", false});
    if (records_event)
      x.events.push_back({reserve_failed::type_name, 1, event});
    append(x, till_);
  }

  void cancelled(bool accepted) {
    skald::record x;
    x.stream = receiver;
    x.input = skald::message_id_of("cancel");
    x.correlation = "A";
    x.role = skald::participation::cancel;
    x.step = "keep";
    x.accepted = accepted;
    append(x, till_);
  }

  skald::reaction_reading read(skald::event_place place = {1, 0}) const {
    return skald::read_reaction(log, handler, place);
  }

  skald::memory_journal log;
  skald::reactor handler = keeper();

private:
  struct stream {
    skald::stream_cursor cursor;
    std::uint64_t turn = 0;
    std::uint64_t sequence = 0;
  };

  void append(skald::record& x, stream& its_stream) {
    x.turn = ++its_stream.turn;
    x.sequence = its_stream.sequence;
    its_stream.sequence += x.events.size();
    skald::byte_buffer bytes;
    skald::encode_record(x, bytes);
    const std::vector<skald::pending_record> batch{{&bytes, &its_stream.cursor}};
    REQUIRE(log.append(batch).what == skald::append_result::status::committed);
  }

  stream shards_;
  stream till_;
};

} // namespace

TEST_CASE("what nobody has handled is to be sent under its first ids") {
  const story x;
  const auto found = x.read();
  CHECK(found.error.empty());
  REQUIRE(found.event);
  CHECK(found.event->from == skald::address{"jar", "A"});
  const auto first = x.handler.react(*found.event);
  REQUIRE(found.unsettled.size() == 2);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(found.unsettled[i]->id == first[i]->id);
}

TEST_CASE("what was accepted, or answered with a failure event, is settled") {
  story x;
  const auto sent = x.read().unsettled;
  SECTION("accepted") {
    x.handled(*sent[0], true, false);
  }
  SECTION("failed by an event") {
    x.handled(*sent[0], false, true);
  }
  const auto found = x.read();
  REQUIRE(found.unsettled.size() == 1);
  CHECK(found.unsettled[0]->id == sent[1]->id);
}

TEST_CASE("what was refused is sent again under the id of its next attempt") {
  story x;
  const auto sent = x.read().unsettled;
  auto again = *sent[0];
  for (unsigned attempt = 1; attempt <= 3; ++attempt) {
    x.handled(again, false, false);
    const auto found = x.read();
    REQUIRE(found.unsettled.size() == 2);
    CHECK(found.unsettled[0]->id == x.handler.id_of_attempt(sent[0]->id, attempt));
    CHECK(found.unsettled[1]->id == sent[1]->id);
    again = *found.unsettled[0];
  }
  x.handled(again, true, false);
  CHECK(x.read().unsettled.size() == 1);
}

TEST_CASE("a step that was cancelled meanwhile is settled") {
  story x;
  const auto sent = x.read().unsettled;
  x.handled(*sent[1], false, false);
  SECTION("by a cancel that was accepted") {
    x.cancelled(true);
    REQUIRE(x.read().unsettled.size() == 1);
    CHECK(x.read().unsettled[0]->id == sent[0]->id);
  }
  SECTION("but not by one that was refused") {
    x.cancelled(false);
    CHECK(x.read().unsettled.size() == 2);
  }
}

TEST_CASE("what another sender's command under the same type did settles nothing") {
  story x;
  auto other = *x.read().unsettled[0];
  other.id = skald::message_id_of("other");
  x.handled(other, true, false);
  CHECK(x.read().unsettled.size() == 2);
}

TEST_CASE("an event that cannot be read or reacted to is an error") {
  story x;
  CHECK_THAT(x.read({1, 1}).error, ContainsSubstring("no event 1"));
  CHECK_THAT(x.read({9, 0}).error, ContainsSubstring("9"));
  CHECK_FALSE(x.read({9, 0}).event);
  x.handler.on<jar, smashed>([](const smashed&) -> std::vector<skald::reaction> {
    throw std::runtime_error("it cannot be kept");
  });
  const auto found = x.read();
  CHECK(found.error == "it cannot be kept");
  CHECK(found.event);
  CHECK(found.unsettled.empty());
}
