#pragma once

#include "actors/runtime.hpp"
#include "messages/codec.hpp"
#include "sample_domain.hpp"
#include "watched_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sample {

/// An actor system as a user of the runtime would have it.
class test_system {
public:
  test_system() : system_(prepared(configuration_)) {}

  caf::actor_system& get() { return system_; }

private:
  static caf::actor_system_config& prepared(caf::actor_system_config& configuration) {
    static const bool once = (skald::init_actor_types(), true);
    static_cast<void>(once);
    configuration.set("caf.scheduler.max-threads", 3);
    return configuration;
  }

  caf::actor_system_config configuration_;
  caf::actor_system system_;
};

/// What `future` brings; fails the test if that takes longer than a minute.
template <class T>
T await(std::future<T> future) {
  REQUIRE(future.wait_for(std::chrono::minutes{1}) == std::future_status::ready);
  return future.get();
}

/// Has `future` brought anything yet?
template <class T>
bool ready(const std::future<T>& future) {
  return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

/// A clock that stands still until it is moved, and counts how often it is looked at.
class test_clock final : public skald::clock {
public:
  skald::timestamp now() const override {
    const std::lock_guard guard{mutex_};
    ++looks_;
    changed_.notify_all();
    return time_.now();
  }

  bool manual() const override { return time_.manual(); }

  void advance(skald::duration by) { time_.advance(by); }

  int looks() const {
    const std::lock_guard guard{mutex_};
    return looks_;
  }

  /// Returns when it has been looked at `count` times in all; false if that takes longer than a
  /// minute.
  bool wait_for_looks(int count) const {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::minutes{1}, [&] { return looks_ >= count; });
  }

private:
  skald::manual_clock time_{skald::timestamp{std::chrono::hours{1'000}}};
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable int looks_ = 0;
};

/// A runtime of the sample domain on a journal in memory, with a clock that the test moves.
class runtime_fixture {
public:
  explicit runtime_fixture(skald::runtime_options its_options = {})
      : options(std::move(its_options)) {
    options.on_problem = [this](const std::string& problem) {
      const std::lock_guard guard{mutex_};
      problems_.push_back(problem);
      changed_.notify_all();
    };
  }

  ~runtime_fixture() {
    journal->let_append();
    host.reset();
  }

  void start() {
    host = std::make_unique<skald::runtime>(
        system.get(), make_types(), std::make_unique<watched_journal>(journal), options, clock);
  }

  /// As if the process had been killed and started anew.
  void restart() {
    host.reset();
    journal->log.reopen();
    start();
  }

  template <class A, class C>
  std::future<skald::outcome_ptr> send(std::string id, const C& command, std::string message = {}) {
    return host->ask(to<A>(std::move(id), command, std::move(message)));
  }

  template <class A, class C>
  skald::client_command to(std::string id, const C& command, std::string message = {}) {
    auto result = skald::command_to<A>(std::move(id), command);
    result.message_id = std::move(message);
    return result;
  }

  template <class A, class C>
  skald::outcome_ptr ask(std::string id, const C& command, std::string message = {}) {
    return await(send<A>(std::move(id), command, std::move(message)));
  }

  template <class A>
  skald::entity_view show(std::string id) {
    return await(host->show({std::string{A::type_name}, std::move(id)}));
  }

  /// The state of `A` as it is shown.
  template <class A>
  A state(std::string id) {
    const auto view = show<A>(std::move(id));
    INFO(view.error);
    REQUIRE(view.error.empty());
    A result;
    REQUIRE_FALSE(skald::decode(view.state, result));
    return result;
  }

  void settle() { REQUIRE(host->wait_until_idle(std::chrono::minutes{1})); }

  void pass(skald::duration time) {
    clock->advance(time);
    host->time_has_moved();
  }

  /// Asks `condition`, which has to talk to the runtime, until it holds.
  template <class F>
  void eventually(F condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!condition())
      REQUIRE(std::chrono::steady_clock::now() < end);
  }

  std::vector<std::string> problems() const {
    const std::lock_guard guard{mutex_};
    return problems_;
  }

  bool wait_for_problem() {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::minutes{1}, [this] { return !problems_.empty(); });
  }

  /// Records of the journal that `visit` is true for.
  template <class F>
  int count_records(F visit) const {
    int result = 0;
    journal->each_record([&](const skald::record& x) { result += visit(x) ? 1 : 0; });
    return result;
  }

  test_system system;
  std::shared_ptr<journal_box> journal = std::make_shared<journal_box>();
  std::shared_ptr<test_clock> clock = std::make_shared<test_clock>();
  skald::runtime_options options;
  std::function<skald::registry()> make_types = sample_types;
  std::unique_ptr<skald::runtime> host;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> problems_;
};

/// Holds back deliveries that `choose` picks, while it is closed. For `runtime_options::hold_back`.
class delivery_gate {
public:
  explicit delivery_gate(std::function<bool(const skald::delivery&)> choose)
      : choose_(std::move(choose)) {}

  bool operator()(const skald::delivery& x) {
    const std::lock_guard guard{mutex_};
    if (!closed_ || !choose_(x))
      return false;
    ++held_;
    changed_.notify_all();
    return true;
  }

  void open() {
    const std::lock_guard guard{mutex_};
    closed_ = false;
  }

  void close() {
    const std::lock_guard guard{mutex_};
    closed_ = true;
    held_ = 0;
  }

  /// Returns when `count` deliveries have been held back; false if that takes longer than a minute.
  bool wait_for_held(int count = 1) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::minutes{1}, [&] { return held_ >= count; });
  }

private:
  std::function<bool(const skald::delivery&)> choose_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = true;
  int held_ = 0;
};

/// A hook that asks `gate`, which the test keeps.
inline std::function<bool(const skald::delivery&)> hook(std::shared_ptr<delivery_gate> gate) {
  return [gate](const skald::delivery& x) { return (*gate)(x); };
}

/// Is it a command named `type`?
inline std::function<bool(const skald::delivery&)> command_named(std::string type) {
  return [type = std::move(type)](const skald::delivery& x) {
    const auto* command = std::get_if<skald::command_delivery>(&x.content);
    return command != nullptr && command->message->type == type;
  };
}

/// Is it the outcome of a command, on its way to somebody of `type`?
inline std::function<bool(const skald::delivery&)> outcome_for(std::string type) {
  return [type = std::move(type)](const skald::delivery& x) {
    return x.to.type == type && std::holds_alternative<skald::outcome_delivery>(x.content);
  };
}

} // namespace sample
