#include "apps/skald/command_json.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace skald {

namespace {

struct send_options {
  address to;
  std::string command;
  std::string data = "{}";
  std::string message_id;
  std::string correlation;
  std::optional<std::uint64_t> expected_version;
  bool no_wait = false;
};

byte_buffer payload_of(const std::string& data) {
  try {
    const auto parsed = parse_json(data);
    if (!parsed.is_object())
      throw json_error("a command's data must be an object", 1);
    return cbor_of_json(parsed);
  } catch (const json_error& error) {
    throw CLI::ValidationError("JSON", std::string{error.what()} + " (column " +
                                           std::to_string(error.column) + ")");
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("JSON", error.what());
  }
}

client_command command_from(const send_options& x) {
  client_command result;
  result.to = x.to;
  result.type = x.command;
  result.payload = payload_of(x.data);
  result.message_id = x.message_id;
  result.correlation = x.correlation;
  result.by = current_user();
  result.expected_version = x.expected_version;
  result.until_saga_ends = !x.no_wait && starts_saga(result);
  return result;
}

void send(const global_options& options, const send_options& what) {
  const auto command = command_from(what);
  session store{options, session::when_missing::create};
  const asked_command asked{command};
  const auto answer = store.get().ask(command).get();
  const bool handled = was_handled(store.get().log(), asked, *answer);
  if (options.json)
    std::puts(one_line(outcome_json(asked, *answer, handled)).c_str());
  if (!answer->accepted) {
    const auto* verdict = command.until_saga_ends ? " failed: " : " was rejected: ";
    throw user_error(command.type + " of " + to_string(command.to) +
                     (handled ? verdict : " was not done: ") + answer->reason);
  }
  if (!options.json)
    std::printf("%s of %s %s; it is at sequence %llu\n", printable(command.type).c_str(),
                printable(to_string(command.to)).c_str(),
                command.until_saga_ends ? "is completed" : "is accepted",
                static_cast<unsigned long long>(answer->sequence));
}

std::string correlation_error(const std::string& text) {
  return id_error(text).value_or("");
}

} // namespace

void add_send_verb(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand("send", "Send one command and print its outcome");
  auto what = std::make_shared<send_options>();
  verb->add_option("TYPE", what->to.type, "Type of the receiver, such as account")->required();
  verb->add_option("ID", what->to.id, "Its id")->required();
  verb->add_option("COMMAND", what->command, "Name of the command, such as OpenAccount")
      ->required();
  verb->add_option("JSON", what->data, "The command's data, a JSON object")->capture_default_str();
  verb->add_option("--message-id", what->message_id, "The same id is the same message")
      ->type_name("TEXT");
  verb->add_option("--correlation-id", what->correlation,
                   "Business transaction that the command belongs to; by default the receiver's id")
      ->check(correlation_error)
      ->type_name("TEXT");
  verb->add_option("--expected-version", what->expected_version,
                   "Refuse the command if the receiver has another version")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb->add_flag("--no-wait", what->no_wait, "Do not wait for the end of the transfer or order");
  verb->footer("Example:\n"
               "  skald send account A-1 OpenAccount '{\"opening_balance\": 100000}'\n"
               "  skald send transfer T-1 TransferMoney '{\"from\": \"A-1\", \"to\": \"A-2\", "
               "\"amount\": 2500}'");
  verb->callback([&options, what] { send(options, *what); });
}

} // namespace skald
