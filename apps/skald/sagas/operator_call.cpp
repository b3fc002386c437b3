#include "apps/skald/sagas/operator_call.hpp"

#include "actors/saga_instruction.hpp"
#include "apps/skald/global_options.hpp"
#include "apps/skald/sagas/saga_finder.hpp"

namespace skald {

namespace detail {

void ask_or_throw(runtime& target, client_command command, const operator_words& said) {
  command.by = said.by;
  const auto name = command.type + " of " + to_string(command.to);
  if (const auto answer = target.ask(std::move(command)).get(); !answer->accepted)
    throw user_error(name + " was not done: " + answer->reason);
}

std::vector<std::string> reactors_meant(const runtime& target, const operator_words& said) {
  if (!said.step.empty() || !said.type.empty())
    return {};
  return reactors_with_parked(target.log(), target.types(), said.id);
}

} // namespace detail

address instruct_saga(runtime& target, std::string_view instruction, const operator_words& said) {
  const auto saga = find_open_saga(target.log(), target.types(), said.id, said.type);
  if (instruction == saga_instructions::skip && said.step.empty())
    throw user_error("say which step of " + to_string(saga.self) + " is to be skipped");
  saga_instruction content{said.reason, {}};
  if (!said.step.empty())
    content.step = said.step;
  client_command command;
  command.to = saga.self;
  command.type = instruction;
  command.payload = encode(content);
  detail::ask_or_throw(target, std::move(command), said);
  return saga.self;
}

} // namespace skald
