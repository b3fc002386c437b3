#include "apps/skald/demo_story.hpp"

#include "actors/rebuild.hpp"
#include "apps/bank/account.hpp"
#include "apps/bank/transfer.hpp"
#include "apps/skald/command_json.hpp"
#include "apps/skald/session.hpp"
#include "apps/skald/timeline.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace skald {

namespace {

using nlohmann::ordered_json;

constexpr minor_units euros(std::int64_t x) {
  return {x * 100};
}

constexpr std::array<std::string_view, 3> people{"alice", "bob", "carol"};
constexpr std::int64_t patience_ms = 800;

// Carol's account, which can be made deaf to what it is asked to pay.
struct silence {
  std::atomic<bool> lasts = false;

  bool covers(const delivery& x) const {
    const auto* command = std::get_if<command_delivery>(&x.content);
    return lasts && command && x.to == address{"account", "carol"} &&
           command->message->type == withdraw::type_name;
  }
};

runtime_options with(std::shared_ptr<silence> quiet) {
  runtime_options result;
  result.hold_back = [quiet = std::move(quiet)](const delivery& x) { return quiet->covers(x); };
  return result;
}

class demo {
public:
  explicit demo(const global_options& options)
      : options_(options), store_(options, session::when_missing::create, with(quiet_)),
        story_(store_.get().log(), options.json) {}

  void tell() {
    open_accounts();
    const auto sum_before = sum();
    pay_by_orchestration();
    pay_by_choreography();
    pay_without_money();
    pay_in_silence();
    conclude(sum_before);
  }

private:
  void open_accounts() {
    story_.chapter("Three accounts are opened");
    open("alice", euros(1'000));
    open("bob", euros(200));
    open("carol", euros(50));
    story_.show_new_turns();
  }

  void pay_by_orchestration() {
    story_.chapter("alice pays bob 250.00 by orchestration: the saga of T-1 leads step by step");
    pay("T-1", {"alice", "bob", euros(250), {}, {}}, true);
    story_.show_new_turns();
  }

  void pay_by_choreography() {
    story_.chapter("bob pays carol 120.00 by choreography: handlers react to events, nobody leads");
    pay("T-2", {"bob", "carol", euros(120), transfer_style::choreographed, {}}, true);
    story_.show_new_turns();
  }

  void pay_without_money() {
    story_.chapter("carol pays alice 500.00, which she has not: what was done is undone");
    pay("T-3", {"carol", "alice", euros(500), {}, {}}, false);
    story_.show_new_turns();
  }

  void pay_in_silence() {
    story_.chapter(fmt::format(
        "carol pays bob 70.00, but her account is silent: after {} ms the deadline cancels",
        patience_ms));
    quiet_->lasts = true;
    pay("T-4", {"carol", "bob", euros(70), {}, patience_ms}, false);
    story_.show_new_turns();
    quiet_->lasts = false;
    store_.get().let_go();
    settle();
    story_.note("The request to pay arrives after all, too late:");
    story_.show_new_turns();
  }

  void conclude(minor_units sum_before) {
    const auto sum_after = sum();
    ordered_json balances;
    auto text = "\n" + story_.bold("In the end") + "\n";
    for (const auto each : people) {
      const auto state = account_of(each);
      balances[std::string{each}] = state.balance.count;
      text += fmt::format("  {:<8} {:>10}\n", each, to_string(state.balance));
    }
    const bool is_unchanged = sum_before == sum_after;
    text += fmt::format("  {:<8} {:>10}  {}\n", "sum", to_string(sum_after),
                        is_unchanged ? "as at the beginning" : "CHANGED");
    const auto next = next_commands();
    text += "\n" + story_.bold("Try next") + "\n";
    for (const auto& each : next)
      text += "  " + each + "\n";
    text.pop_back();
    story_.conclude({{"balances", balances},
                     {"sum_before", sum_before.count},
                     {"sum_after", sum_after.count},
                     {"next", next}},
                    text);
    if (!is_unchanged)
      throw user_error("the sum of the balances has changed");
  }

  std::vector<std::string> next_commands() const {
    const auto start = options_.program + (options_.store == global_options{}.store
                                               ? std::string{}
                                               : " --store " + options_.store.string());
    return {start + " show transfer T-4 --history", start + " list transfer --status failed",
            start + " verify"};
  }

  void open(const std::string& who, minor_units balance) {
    expect(command_to<account>(who, open_account{balance}), true);
  }

  void pay(const std::string& id, const transfer_money& what, bool succeeds) {
    auto command = command_to<transfer>(id, what);
    command.until_saga_ends = true;
    expect(std::move(command), succeeds);
  }

  void expect(client_command command, bool accepted) {
    command.by = current_user();
    const auto name = command.type + " of " + to_string(command.to);
    const auto answer = store_.get().ask(std::move(command)).get();
    if (answer->accepted != accepted)
      throw user_error(name + (accepted ? " failed: " + answer->reason : " should have failed"));
    settle();
  }

  void settle() {
    if (!store_.get().wait_until_idle(std::chrono::seconds{60}))
      throw user_error("the store does not come to rest");
  }

  account account_of(std::string_view id) const {
    const auto& target = store_.get();
    const auto found = rebuild(*target.types().find(account::type_name), target.log(),
                               {std::string{account::type_name}, std::string{id}});
    account result;
    if (!found.content)
      throw user_error(found.error);
    if (auto wrong = decode(found.content->view().state, result))
      throw user_error(*wrong);
    return result;
  }

  minor_units sum() const {
    minor_units result;
    for (const auto each : people) {
      const auto state = account_of(each);
      for (const auto part : {state.balance, state.pending, state.outgoing})
        result.count += part.count;
    }
    return result;
  }

  const global_options& options_;
  std::shared_ptr<silence> quiet_ = std::make_shared<silence>();
  session store_;
  timeline story_;
};

} // namespace

void tell_demo(const global_options& options) {
  demo{options}.tell();
}

} // namespace skald
