#include "apps/skald/command_json.hpp"
#include "apps/skald/line_reader.hpp"
#include "apps/skald/outcome_writer.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>

namespace skald {

namespace {

// How many commands may be unanswered.
constexpr std::size_t window = 1'024;

// How many sagas may be begun and not waited for before the runtime gets time to catch up.
constexpr std::size_t unwatched_sagas_max = 4'096;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Writes the outcome of one line's command. A command that is dropped without an answer gets a line
// too, or the program would wait for ever.
class line_reply final : public reply_channel {
public:
  line_reply(outcome_writer& writer, std::size_t line, const client_command& command)
      : writer_(writer), line_(line), asked_(command) {}

  ~line_reply() override {
    if (!answered_)
      writer_.add_error(line_, "the runtime stopped before the answer came", 1);
  }

  void answer(outcome_ptr answer) override {
    answered_ = true;
    writer_.add(line_, std::move(asked_), std::move(answer));
  }

  void show(const entity_view&) override {}

private:
  outcome_writer& writer_;
  std::size_t line_;
  asked_command asked_;
  bool answered_ = false;
};

// Sends a script's commands in the order of their lines, from one thread: so those of one aggregate
// reach it in that order, and an account is open before a later transfer's deposit arrives.
class script {
public:
  script(runtime& target, line_reader& lines)
      : target_(target), lines_(lines), writer_(target.log(), window) {}

  void run() {
    for (auto found = lines_.next(); found != line_reader::found::end; found = lines_.next()) {
      if (found == line_reader::found::too_long)
        refuse("the line is longer than " + std::to_string(line_reader::line_size_max) + " bytes",
               line_reader::line_size_max + 1);
      else if (!is_blank(lines_.text()))
        take_line();
    }
    writer_.finish();
  }

  std::size_t bad_lines() const { return bad_lines_; }

private:
  void take_line() {
    try {
      auto command = command_of_json(lines_.text());
      if (auto wrong = command_error(target_.types(), command))
        return refuse(*wrong, 1);
      send(std::move(command));
    } catch (const json_error& error) {
      refuse(error.what(), error.column);
    }
  }

  void send(client_command command) {
    command.by = user_;
    const bool is_unwatched = starts_saga(command) && !command.until_saga_ends;
    writer_.take_place();
    auto reply = std::make_shared<line_reply>(writer_, lines_.number(), command);
    target_.submit(std::move(command), std::move(reply));
    if (is_unwatched && ++unwatched_sagas_ % unwatched_sagas_max == 0)
      while (!target_.wait_until_idle(std::chrono::minutes{1}))
        ;
  }

  void refuse(const std::string& error, std::size_t column) {
    ++bad_lines_;
    writer_.take_place();
    writer_.add_error(lines_.number(), error, column);
  }

  runtime& target_;
  line_reader& lines_;
  outcome_writer writer_;
  const std::string user_ = current_user();
  std::size_t unwatched_sagas_ = 0;
  std::size_t bad_lines_ = 0;
};

void run(const global_options& options, const std::string& path, int& exit_code) {
  line_reader lines{path};
  runtime_options settings;
  // The script bounds by itself what is under way, and so keeps the order of its lines, which a
  // command that is refused as `busy` and sent again would lose.
  settings.backlog_max = std::numeric_limits<std::size_t>::max();
  // A long script needs no more memory than a short one: few entities live at once, and few heads
  // wait to be written.
  settings.live_entities_max = 10'000;
  settings.index_interval = 20'000;
  session store{options, session::when_missing::create, settings};
  script commands{store.get(), lines};
  commands.run();
  if (commands.bad_lines() == 0)
    return;
  exit_code = 1;
  std::fprintf(stderr, "skald: %zu of %zu lines are bad; see their outcome lines\n",
               commands.bad_lines(), lines.number());
}

} // namespace

void add_run_verb(CLI::App& program, const global_options& options, int& exit_code) {
  auto* verb = program.add_subcommand("run", "Send the commands of a file, one JSON object a line");
  auto path = std::make_shared<std::string>();
  verb->add_option("FILE", *path, "The file; - for standard input")->required();
  verb->footer(
      "Writes one outcome line for each line, in any order, with its line number. A transfer is\n"
      "answered when it has ended, or when it is accepted if its line has \"wait\": false.\n\n"
      "Example:\n"
      "  skald run - <<'LINES'\n"
      "  {\"type\":\"account\",\"id\":\"A-1\",\"command\":\"OpenAccount\","
      "\"data\":{\"opening_balance\":100000}}\n"
      "  {\"type\":\"account\",\"id\":\"A-2\",\"command\":\"OpenAccount\","
      "\"data\":{\"opening_balance\":0}}\n"
      "  {\"type\":\"transfer\",\"id\":\"T-1\",\"command\":\"TransferMoney\","
      "\"data\":{\"from\":\"A-1\",\"to\":\"A-2\",\"amount\":2500}}\n"
      "  LINES\n\n"
      "Optional keys: message_id (the same id is the same message), correlation_id,\n"
      "expected_version, wait.");
  verb->callback([&options, path, &exit_code] { run(options, *path, exit_code); });
}

} // namespace skald
