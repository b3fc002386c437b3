#include "actors/saga_instruction.hpp"
#include "apps/skald/command_json.hpp"
#include "apps/skald/outcome_json.hpp"
#include "apps/skald/printable.hpp"
#include "apps/skald/sagas/operator_call.hpp"
#include "apps/skald/sagas/saga_finder.hpp"
#include "apps/skald/sagas/saga_text.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <memory>
#include <string>

namespace skald {

namespace {

class operator_session {
public:
  operator_session(const global_options& options, const operator_words& said)
      : options_(options), said_(said), store_(options, session::when_missing::fail) {
    store_.settle();
  }

  // `done` says what the saga's host does now.
  void instruct(std::string_view instruction, std::string_view done) {
    const auto self = instruct_saga(store_.get(), instruction, said_);
    store_.settle();
    const auto now = look_at_saga(store_.get().log(), store_.get().types(), self);
    if (options_.json)
      std::puts(one_line(saga_json(now)).c_str());
    else
      std::fputs((printable(fmt::format("{} {}", to_string(self), done)) + "\n" + saga_heading() +
                  saga_text(now, wall_clock_now()))
                     .c_str(),
                 stdout);
  }

  // Retries or skips what handlers have parked of the transaction. Returns false if nothing is.
  template <class C>
  bool instruct_handlers(std::string_view done) {
    const auto reactors = instruct_reactors<C>(store_.get(), said_);
    for (const auto& each : reactors)
      std::puts(
          options_.json
              ? one_line({{"reactor", each}, {"correlation", said_.id}, {"command", C::type_name}})
                    .c_str()
              : printable(fmt::format("the {} {}", each, done)).c_str());
    return !reactors.empty();
  }

private:
  const global_options& options_;
  const operator_words& said_;
  session store_;
};

std::string missing_reason(const std::string& text) {
  return text.empty() ? "a reason must not be empty" : "";
}

std::shared_ptr<operator_words> add_options(CLI::App& verb) {
  auto what = std::make_shared<operator_words>();
  what->by = current_user();
  verb.add_option("ID", what->id, "Id of the aggregate that hosts the saga")->required();
  verb.add_option("--type", what->type,
                  "Its type; by default that of the saga that the transaction began with")
      ->type_name("T");
  verb.add_option("--reason", what->reason, "Why; it is journaled")
      ->required()
      ->check(missing_reason)
      ->type_name("TEXT");
  verb.add_option("--by", what->by, "Who does it; by default the user who is logged in")
      ->type_name("NAME");
  return what;
}

void add_cancel(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "cancel", "Cancel a saga that runs: what has taken effect is compensated");
  auto what = add_options(*verb);
  verb->footer("Example:\n"
               "  skald cancel T-1 --reason 'the customer has called'");
  verb->callback([&options, what] {
    operator_session{options, *what}.instruct(saga_instructions::cancel,
                                              "is cancelled; what took effect is compensated");
  });
}

void add_terminate(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "terminate",
      "End a saga as it stands: nothing is compensated, the participants are released");
  auto what = add_options(*verb);
  verb->footer("Example:\n"
               "  skald terminate T-1 --reason 'put right by hand at both banks'");
  verb->callback([&options, what] {
    operator_session{options, *what}.instruct(
        saga_instructions::terminate,
        "is terminated; NOTHING is compensated: what took effect stays as it is");
  });
}

void add_retry(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "retry", "Try at once what waits for its next try, has failed for good or is parked");
  auto what = add_options(*verb);
  verb->footer("Example:\n"
               "  skald retry T-1 --reason 'the gateway is up again'");
  verb->callback([&options, what] {
    operator_session call{options, *what};
    if (!call.instruct_handlers<retry_parked>("tries again what it has parked"))
      call.instruct(saga_instructions::retry, "tries again");
  });
}

void add_skip(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "skip", "Go on without a compensation that fails, or without what a handler has parked");
  auto what = add_options(*verb);
  verb->add_option("STEP", what->step, "The saga's step; none for what handlers have parked");
  verb->footer("Example:\n"
               "  skald skip T-1 deposit --reason 'the account is closed; paid back by hand'");
  verb->callback([&options, what] {
    operator_session call{options, *what};
    if (!call.instruct_handlers<skip_parked>("goes on without the first that it has parked"))
      call.instruct(saga_instructions::skip,
                    "goes on without the compensation of step '" + what->step + "'");
  });
}

void add_resolve(CLI::App& program, const global_options& options) {
  auto* verb = program.add_subcommand(
      "resolve", "End a saga whose compensation has failed and that was put right by hand");
  auto what = add_options(*verb);
  verb->footer("Example:\n"
               "  skald resolve T-1 --reason 'paid back by hand'");
  verb->callback([&options, what] {
    operator_session{options, *what}.instruct(saga_instructions::resolve,
                                              "is resolved by hand; the participants are released");
  });
}

} // namespace

void add_operator_verbs(CLI::App& program, const global_options& options) {
  add_cancel(program, options);
  add_terminate(program, options);
  add_retry(program, options);
  add_skip(program, options);
  add_resolve(program, options);
}

} // namespace skald
