#include "actors/aggregate.hpp"

#include "messages/codec.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>

using Catch::Matchers::ContainsSubstring;
using namespace skald;

namespace {

struct word_added_v1 {
  static constexpr std::string_view type_name = "WordAdded";
  std::string word;
};

struct word_added_v2 {
  static constexpr std::string_view type_name = "WordAdded";
  static constexpr std::uint32_t schema_version = 2;
  using previous_version = word_added_v1;
  std::string word;
  std::string language;
};

struct word_added {
  static constexpr std::string_view type_name = "WordAdded";
  static constexpr std::uint32_t schema_version = 3;
  using previous_version = word_added_v2;
  std::string word;
  std::string language;
  std::uint64_t length = 0;
};

/// Its first version is known no longer.
struct page_turned {
  static constexpr std::string_view type_name = "PageTurned";
  static constexpr std::uint32_t schema_version = 2;
};

struct add_word {
  static constexpr std::string_view type_name = "AddWord";
  std::string word;
};

struct tell_context {
  static constexpr std::string_view type_name = "TellContext";
};

struct do_nothing {
  static constexpr std::string_view type_name = "DoNothing";
};

struct text {
  static constexpr std::string_view type_name = "text";
  using command = std::variant<add_word, tell_context, do_nothing>;
  using event = std::variant<word_added, page_turned>;

  std::string words;
  std::uint64_t length = 0;
};

template <class Inspector>
bool inspect(Inspector& f, word_added_v1& x) {
  return f.object(x).fields(f.field("word", x.word));
}

template <class Inspector>
bool inspect(Inspector& f, word_added_v2& x) {
  return f.object(x).fields(f.field("word", x.word), f.field("language", x.language));
}

template <class Inspector>
bool inspect(Inspector& f, word_added& x) {
  return f.object(x).fields(f.field("word", x.word), f.field("language", x.language),
                            f.field("length", x.length));
}

template <class Inspector>
bool inspect(Inspector& f, page_turned& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, add_word& x) {
  return f.object(x).fields(f.field("word", x.word));
}

template <class Inspector>
bool inspect(Inspector& f, tell_context& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, do_nothing& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, text& x) {
  return f.object(x).fields(f.field("words", x.words), f.field("length", x.length));
}

word_added_v2 upcast(const word_added_v1& x) {
  return {x.word, "en"};
}

word_added upcast(const word_added_v2& x) {
  return {x.word, x.language, x.word.size()};
}

decision<text> decide(const text&, const add_word& command) {
  return word_added{command.word, "en", command.word.size()};
}

decision<text> decide(const text&, const tell_context&, const decision_context& context) {
  return word_added{to_string(context.self) + " in " + std::string{context.correlation} + " at " +
                        to_string(context.now),
                    "none", 0};
}

decision<text> decide(const text&, const do_nothing&) {
  return {};
}

void evolve(text& state, const word_added& event) {
  state.words += event.word + "(" + event.language + ") ";
  state.length += event.length;
}

void evolve(text&, const page_turned&) {}

std::string_view status_of(const text& state) {
  return state.words.empty() ? "empty" : "written";
}

const address self{"text", "T-1"};

template <class A>
verdict decide_named(typed_aggregate_state<A>& state, std::string_view type, byte_span payload,
                     recorded_events& events) {
  const decision_context context{self, "transaction", timestamp{duration{1}}};
  return state.decide(type, payload, context, events);
}

byte_buffer json(std::string_view what) {
  return cbor_of_json(nlohmann::json::parse(what));
}

} // namespace

TEST_CASE("a command that an aggregate does not know is refused with its name and the known ones") {
  typed_aggregate_state<text> state;
  recorded_events events;
  const auto result = decide_named(state, "AddWrod", json("{}"), events);
  CHECK_FALSE(result.accepted);
  CHECK_FALSE(result.understood);
  CHECK_THAT(result.reason, ContainsSubstring("'AddWrod'") && ContainsSubstring("text") &&
                                ContainsSubstring("AddWord, TellContext, DoNothing"));
  CHECK(events.empty());
}

TEST_CASE("data that does not fit its command is refused with the field's name") {
  typed_aggregate_state<text> state;
  recorded_events events;
  for (const auto* wrong :
       {"{}", R"({"word": 1})", R"({"word": "a", "colour": "red"})", R"(["word"])", "null"}) {
    INFO(wrong);
    const auto result = decide_named(state, "AddWord", json(wrong), events);
    CHECK_FALSE(result.accepted);
    CHECK_FALSE(result.understood);
    CHECK_THAT(result.reason, ContainsSubstring("AddWord"));
  }
  const auto result = decide_named(state, "AddWord", json(R"({"word": 1})"), events);
  CHECK_THAT(result.reason, ContainsSubstring("word"));
  CHECK_FALSE(decide_named(state, "AddWord", byte_buffer{}, events).understood);
  CHECK_FALSE(decide_named(state, "AddWord", byte_buffer(3, std::byte{0xff}), events).understood);
  CHECK(events.empty());
  CHECK(state.get().words.empty());
}

TEST_CASE("a decision is recorded and evolves the state") {
  typed_aggregate_state<text> state;
  recorded_events events;
  const auto result = decide_named(state, "AddWord", json(R"({"word": "hello"})"), events);
  CHECK(result.accepted);
  CHECK(result.understood);
  REQUIRE(events.entries().size() == 1);
  CHECK(events.entries()[0].type == "WordAdded");
  CHECK(events.entries()[0].version == 3);
  CHECK(json_of_cbor(events.payload(events.entries()[0]))["word"] == "hello");
  CHECK(state.get().words == "hello(en) ");
  CHECK(state.status() == "written");
}

TEST_CASE("a decision for nothing accepts and records nothing") {
  typed_aggregate_state<text> state;
  recorded_events events;
  const auto result = decide_named(state, "DoNothing", json("{}"), events);
  CHECK(result.accepted);
  CHECK(events.empty());
}

TEST_CASE("a rejection records nothing and says why") {
  typed_aggregate_state<sample::jar> state;
  recorded_events events;
  const auto result = decide_named(state, "Put", json(R"({"tokens": 0})"), events);
  CHECK_FALSE(result.accepted);
  CHECK(result.understood);
  CHECK(result.reason == "one puts at least one token");
  CHECK(events.empty());
}

TEST_CASE("a failure event is recorded, and the verdict is negative with its reason") {
  typed_aggregate_state<sample::jar> state;
  recorded_events events;
  const auto result = decide_named(
      state, "Reserve", json(R"({"key": "k", "tokens": 5, "by_errand": false})"), events);
  CHECK_FALSE(result.accepted);
  CHECK(result.understood);
  CHECK(result.reason == "not enough tokens");
  REQUIRE(events.entries().size() == 1);
  CHECK(events.entries()[0].type == "ReserveFailed");
}

TEST_CASE("a command handler that wants to know gets the aggregate, the transaction and the time") {
  typed_aggregate_state<text> state;
  recorded_events events;
  REQUIRE(decide_named(state, "TellContext", json("{}"), events).accepted);
  CHECK(state.get().words == "text/T-1 in transaction at 1970-01-01T00:00:00.000001Z(none) ");
}

TEST_CASE("stored events of every older version are raised to the present one") {
  typed_aggregate_state<text> state;
  const auto first = json(R"({"word": "one"})");
  const auto second = json(R"({"word": "zwei", "language": "de"})");
  const auto third = json(R"({"word": "trois", "language": "fr", "length": 50})");
  CHECK_FALSE(state.evolve("WordAdded", 1, first));
  CHECK_FALSE(state.evolve("WordAdded", 2, second));
  CHECK_FALSE(state.evolve("WordAdded", 3, third));
  CHECK(state.get().words == "one(en) zwei(de) trois(fr) ");
  CHECK(state.get().length == 57);
}

TEST_CASE(
    "a stored event that this program cannot read is refused with its name, and changes nothing") {
  typed_aggregate_state<text> state;
  const auto word = json(R"({"word": "one"})");
  const auto unknown = state.evolve("WordRemoved", 1, word);
  REQUIRE(unknown);
  CHECK_THAT(*unknown, ContainsSubstring("'WordRemoved'") && ContainsSubstring("text"));
  const auto newer = state.evolve("WordAdded", 4, word);
  REQUIRE(newer);
  CHECK_THAT(*newer, ContainsSubstring("'WordAdded'") && ContainsSubstring("version 4"));
  const auto zero = state.evolve("WordAdded", 0, word);
  REQUIRE(zero);
  CHECK_THAT(*zero, ContainsSubstring("version 0"));
  const auto forgotten = state.evolve("PageTurned", 1, json("{}"));
  REQUIRE(forgotten);
  CHECK_THAT(*forgotten, ContainsSubstring("'PageTurned'") && ContainsSubstring("version 1"));
  const auto malformed = state.evolve("WordAdded", 2, word);
  REQUIRE(malformed);
  CHECK_THAT(*malformed, ContainsSubstring("'WordAdded'") && ContainsSubstring("language"));
  CHECK(state.get().words.empty());
}

TEST_CASE("a state is kept and taken back") {
  typed_aggregate_state<text> state;
  recorded_events events;
  REQUIRE(decide_named(state, "AddWord", json(R"({"word": "hello"})"), events).accepted);
  byte_buffer kept;
  state.encode_state(kept);
  typed_aggregate_state<text> again;
  REQUIRE_FALSE(again.decode_state(kept));
  CHECK(again.get().words == state.get().words);
  CHECK(again.get().length == state.get().length);
  kept.pop_back();
  CHECK(again.decode_state(kept));
}
