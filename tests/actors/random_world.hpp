#pragma once

#include "actors/lookup.hpp"
#include "actors/rebuild.hpp"
#include "messages/codec.hpp"
#include "persistence/memory_journal.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sample {

/// A runtime without actors that loses, repeats and reorders what is under way between its
/// entities, and crashes now and then.
class random_world {
public:
  explicit random_world(std::uint64_t seed, skald::registry types = sample_types())
      : random_(seed), types_(std::move(types)) {}

  void send(skald::address to, std::string_view type, skald::byte_buffer payload,
            const std::string& correlation = {}) {
    auto message = std::make_shared<skald::command_message>();
    message->id = skald::message_id_of("client " + std::to_string(++clients_));
    message->correlation = correlation.empty() ? to.id : correlation;
    message->first_sent = now_;
    message->type = type;
    message->payload = std::move(payload);
    message->to = to;
    under_way_.push_back({{std::move(to), skald::command_delivery{message, {}}}, 0});
  }

  template <class A, class C>
  void send(std::string id, const C& command, const std::string& correlation = {}) {
    send({std::string{A::type_name}, std::move(id)}, C::type_name, skald::encode(command),
         correlation);
  }

  /// Everything that may go wrong does.
  void run_badly(int steps) {
    for (int i = 0; i < steps; ++i) {
      now_ += skald::duration{static_cast<std::int64_t>(pick(30'000))};
      if (pick(60) == 0)
        crash();
      if (pick(10) == 0)
        live_.erase({"jar", std::string(1, "abcdefg"[pick(7)])});
      fire_deadlines();
      if (under_way_.empty())
        continue;
      const auto at = pick(under_way_.size());
      auto& chosen = under_way_[at];
      // A client's command is delivered once at least: nobody else sends it again.
      const bool lost = pick(12) == 0 && !from_client(chosen.content);
      const auto content = chosen.content;
      if (lost || pick(2) == 0 || ++chosen.times == 3)
        under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(at));
      if (!lost)
        deliver(content);
    }
  }

  /// Whatever clients have sent arrives.
  void deliver_from_clients() {
    const auto first = std::ranges::stable_partition(
        under_way_, [](const flying& each) { return !from_client(each.content); });
    const std::vector<flying> those(first.begin(), first.end());
    under_way_.erase(first.begin(), first.end());
    for (const auto& each : those)
      deliver(each.content);
  }

  /// From now on all is well: what was lost is sent again.
  void run_well() {
    while (true) {
      crash();
      while (!under_way_.empty()) {
        const auto at = pick(under_way_.size());
        const auto content = under_way_[at].content;
        under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(at));
        deliver(content);
      }
      const auto before = log_.last();
      now_ += std::chrono::minutes{10};
      fire_deadlines();
      if (under_way_.empty() && log_.last() == before)
        return;
    }
  }

  skald::entity& entity_at(const skald::address& self) {
    auto& live = live_[self];
    if (!live) {
      auto result = skald::rebuild(*types_.find(self.type), log_, self);
      INFO(result.error);
      REQUIRE(result.content);
      live = std::move(result.content);
    }
    return *live;
  }

  template <class A>
  A state(const std::string& id) {
    A result;
    REQUIRE_FALSE(skald::decode(entity_at({std::string{A::type_name}, id}).view().state, result));
    return result;
  }

private:
  struct flying {
    skald::delivery content;
    int times = 0; ///< it was delivered and left under way
  };

  std::uint64_t pick(std::uint64_t count) { return random_() % count; }

  static bool from_client(const skald::delivery& x) {
    const auto* command = std::get_if<skald::command_delivery>(&x.content);
    return command != nullptr && command->message->source.empty();
  }

  void deliver(const skald::delivery& x) {
    if (x.to.type == skald::reactor::address_type)
      return;
    auto result = entity_at(x.to).handle(x.content, now_);
    if (!result.record.empty())
      commit(result);
    for (auto& each : result.lookups)
      look_up(std::move(each));
    for (auto& each : result.deliveries)
      under_way_.push_back({std::move(each), 0});
    for (auto& each : result.publications)
      publish(each);
  }

  void commit(skald::turn& x) {
    const std::vector<skald::pending_record> batch{{&x.record, x.cursor.get()}};
    REQUIRE(log_.append(batch).what == skald::append_result::status::committed);
    for (auto& each : x.publications)
      each.at = log_.last();
  }

  void look_up(skald::command_delivery again) {
    const auto& message = *again.message;
    const auto found = skald::look_up(log_, message);
    if (found.first_answer) {
      if (!message.source.empty())
        under_way_.push_back({{message.source, skald::outcome_delivery{found.first_answer}}, 0});
      return;
    }
    again.history =
        found.cancelled ? skald::history_check::cancelled : skald::history_check::new_here;
    const auto to = message.to;
    under_way_.push_back({{to, std::move(again)}, 0});
  }

  void publish(const skald::published_event& event) {
    for (const auto& each : types_.reactors())
      for (auto& message : each.react(event)) {
        const auto to = message->to;
        under_way_.push_back({{to, skald::command_delivery{std::move(message), {}}}, 0});
      }
  }

  void fire_deadlines() {
    log_.open_sagas([&](const skald::address& self, const skald::stream_head& head) {
      if (head.next_due != skald::no_time && head.next_due <= now_)
        due_.push_back(self);
    });
    for (const auto& self : std::exchange(due_, {}))
      deliver({self, skald::deadline_delivery{}});
  }

  // All that was under way is lost, but for what clients and handlers send again.
  void crash() {
    live_.clear();
    std::erase_if(under_way_, [](const flying& each) { return !from_client(each.content); });
    log_.open_sagas([&](const skald::address& self, const skald::stream_head&) {
      under_way_.push_back({{self, skald::resume_delivery{}}, 0});
    });
    skald::record stored;
    log_.view()->scan(1, [&](skald::position at, skald::byte_span bytes) {
      REQUIRE_FALSE(skald::decode_record(bytes, at, stored));
      for (std::uint32_t i = 0; i < stored.events.size(); ++i)
        if (types_.find(stored.stream.type)->find_subscription(stored.events[i].type))
          publish(published(stored, i));
      return true;
    });
  }

  static skald::published_event published(const skald::record& stored, std::uint32_t index) {
    const auto& event = stored.events[index];
    return {stored.at,
            stored.stream.to_address(),
            std::string{stored.correlation},
            stored.turn,
            index,
            stored.time,
            stored.input,
            {std::string{event.type}, event.version, {event.payload.begin(), event.payload.end()}}};
  }

  std::mt19937_64 random_;
  skald::registry types_;
  skald::memory_journal log_;
  std::map<skald::address, std::unique_ptr<skald::entity>> live_;
  std::vector<flying> under_way_;
  std::vector<skald::address> due_;
  skald::timestamp now_{std::chrono::hours{1'000}};
  int clients_ = 0;
};

} // namespace sample
