#include "apps/skald/command_pipeline.hpp"

#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/global_options.hpp"
#include "tests/apps/drive/bank_on_memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <map>
#include <string>

using namespace skald;

namespace {

command_pipeline::item opening(std::uint64_t number) {
  const auto id = std::to_string(number);
  auto command = command_to<account>(id, open_account{minor_units{100}});
  command.message_id = "open:" + id;
  return {std::move(command), number};
}

// Opens accounts through a pipeline; counts the answers to each.
std::map<std::uint64_t, int> open_accounts(command_pipeline& pipeline, std::uint64_t count) {
  std::map<std::uint64_t, int> accepted;
  std::uint64_t sent = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent == count)
          return std::nullopt;
        return opening(++sent);
      },
      [&](std::uint64_t tag, const outcome& answer, auto) {
        CHECK(answer.accepted);
        CHECK(answer.from.id == std::to_string(tag));
        ++accepted[tag];
      });
  return accepted;
}

} // namespace

TEST_CASE("every command of a pipeline is answered once") {
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 7};
  const auto accepted = open_accounts(pipeline, 500);
  CHECK(accepted.size() == 500);
  for (const auto& [tag, count] : accepted)
    CHECK(count == 1);
}

TEST_CASE("a pipeline without commands ends at once") {
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 7};
  CHECK(open_accounts(pipeline, 0).empty());
}

TEST_CASE("a command that finds the runtime busy is sent again until it is handled") {
  runtime_options options;
  options.backlog_max = 2;
  bank_on_memory bank{options};
  command_pipeline pipeline{bank.get(), 64};
  CHECK(open_accounts(pipeline, 500).size() == 500);
}

TEST_CASE("a pipeline has no more commands under way than it may") {
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 3};
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        CHECK(sent - answered < 3);
        if (sent == 50)
          return std::nullopt;
        return opening(++sent);
      },
      [&](std::uint64_t, const outcome&, auto) { ++answered; });
  CHECK(answered == 50);
}

TEST_CASE("a source that waits for an answer is asked again when it has come") {
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 64};
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent > answered || sent == 20)
          return std::nullopt;
        return opening(++sent);
      },
      [&](std::uint64_t tag, const outcome&, auto) { CHECK(tag == ++answered); });
  CHECK(answered == 20);
}

TEST_CASE("commands that are due later are sent then, not before") {
  using std::chrono::milliseconds;
  using clock = command_pipeline::steady_clock;
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 64};
  const auto start = clock::now();
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent == 20)
          return std::nullopt;
        auto next = opening(++sent);
        next.due = start + milliseconds{5 * sent};
        return next;
      },
      [&](std::uint64_t tag, const outcome&, auto) {
        CHECK(clock::now() - start >= milliseconds{5 * tag});
        ++answered;
      });
  CHECK(answered == 20);
}

TEST_CASE("a command that is sent late for lack of room took as long as since it was due") {
  using clock = command_pipeline::steady_clock;
  constexpr std::chrono::seconds late{3};
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 1};
  const auto start = clock::now();
  std::uint64_t sent = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent == 5)
          return std::nullopt;
        auto next = opening(++sent);
        next.due = start - late;
        return next;
      },
      [&](std::uint64_t, const outcome&, clock::duration took) { CHECK(took >= late); });
  CHECK(sent == 5);
}

TEST_CASE("commands that are due at a time are sent again if the runtime is busy") {
  runtime_options options;
  options.backlog_max = 2;
  bank_on_memory bank{options};
  command_pipeline pipeline{bank.get(), 64};
  const auto start = command_pipeline::steady_clock::now();
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  pipeline.run(
      [&]() -> std::optional<command_pipeline::item> {
        if (sent == 500)
          return std::nullopt;
        auto next = opening(++sent);
        next.due = start + std::chrono::microseconds{20 * sent};
        return next;
      },
      [&](std::uint64_t, const outcome& answer, auto) { answered += answer.accepted ? 1 : 0; });
  CHECK(answered == 500);
}

TEST_CASE("a command that cannot be handled ends the pipeline with its reason") {
  bank_on_memory bank;
  command_pipeline pipeline{bank.get(), 2};
  bool sent = false;
  const auto send_nonsense = [&]() -> std::optional<command_pipeline::item> {
    if (std::exchange(sent, true))
      return std::nullopt;
    client_command command;
    command.to = {"ship", "S-1"};
    command.type = "Launch";
    command.message_id = "launch";
    return command_pipeline::item{std::move(command), 1};
  };
  CHECK_THROWS_MATCHES(
      pipeline.run(send_nonsense, [](std::uint64_t, const outcome&, auto) { FAIL(); }), user_error,
      Catch::Matchers::Message("the Launch for ship/S-1 was not done: there is no aggregate type "
                               "'ship'; the types are account, transfer, parked_reactions"));
}
