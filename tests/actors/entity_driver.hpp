#pragma once

#include "actors/entity.hpp"
#include "actors/registry.hpp"
#include "messages/codec.hpp"
#include "sample_domain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sample {

/// A message for an entity, filled in as far as tests do not care.
template <class C>
skald::command_message message_of(std::string id, const C& command) {
  skald::command_message result;
  result.id = skald::message_id_of(id);
  result.type = C::type_name;
  skald::encode(command, result.payload);
  return result;
}

/// The message `type`-less confirm or cancel.
inline skald::command_message bare_message(std::string id, skald::participation role) {
  skald::command_message result;
  result.id = skald::message_id_of(id);
  result.role = role;
  return result;
}

inline skald::command_message in_step(skald::command_message x, skald::participation role,
                                      std::string correlation, std::string step) {
  x.role = role;
  x.correlation = std::move(correlation);
  x.step = std::move(step);
  x.source = {"trip", x.correlation};
  return x;
}

inline skald::command_delivery delivered(skald::command_message x) {
  return {std::make_shared<const skald::command_message>(std::move(x)), nullptr, false,
          skald::history_check::unchecked};
}

/// Keeps what it is told.
class kept_reply final : public skald::reply_channel {
public:
  void answer(skald::outcome_ptr answer) override { answers.push_back(std::move(answer)); }
  void show(const skald::entity_view& view) override { views.push_back(view); }

  std::vector<skald::outcome_ptr> answers;
  std::vector<skald::entity_view> views;
};

/// One entity without a runtime: keeps its records as a journal would, and can rebuild it from
/// them.
class entity_driver {
public:
  entity_driver(const skald::registry& types, skald::address self)
      : type_(*types.find(self.type)), self_(std::move(self)),
        live_(std::make_unique<skald::entity>(type_, self_)) {}

  skald::turn handle(skald::delivery_content input) {
    auto result = live_->handle(std::move(input), now);
    if (!result.record.empty()) {
      const auto at = records_.size() + 1;
      records_.push_back(result.record);
      skald::seal_record(records_.back(), at, at - 1);
    }
    return result;
  }

  skald::turn handle(skald::command_message message) {
    message.to = self_;
    if (message.correlation.empty())
      message.correlation = self_.id;
    return handle(skald::delivery_content{delivered(std::move(message))});
  }

  skald::turn answer(const skald::command_message& sent, bool accepted, std::string reason = {}) {
    auto result = std::make_shared<skald::outcome>();
    result->answers = sent.id;
    result->to = self_;
    result->from = sent.to;
    result->correlation = sent.correlation;
    result->accepted = accepted;
    result->recorded = true;
    result->reason = std::move(reason);
    return handle(skald::delivery_content{skald::outcome_delivery{std::move(result)}});
  }

  /// What a crash would leave.
  std::unique_ptr<skald::entity> rebuilt() const {
    auto result = std::make_unique<skald::entity>(type_, self_);
    for (std::size_t at = 1; at <= records_.size(); ++at) {
      const auto wrong = result->replay(stored(at));
      INFO(wrong.value_or(""));
      REQUIRE_FALSE(wrong);
    }
    return result;
  }

  /// The same from a snapshot.
  std::unique_ptr<skald::entity> restored() const {
    auto result = std::make_unique<skald::entity>(type_, self_);
    const auto wrong = result->restore(rebuilt()->snapshot(), records_.size());
    INFO(wrong.value_or(""));
    REQUIRE_FALSE(wrong);
    return result;
  }

  void restart() { live_ = rebuilt(); }

  /// The record at `at`; refers to memory of the driver.
  skald::record stored(std::size_t at) const {
    skald::record result;
    const auto wrong = skald::decode_record(records_.at(at - 1), at, result);
    INFO(wrong.value_or(""));
    REQUIRE_FALSE(wrong);
    return result;
  }

  skald::record last() const { return stored(records_.size()); }
  std::size_t count() const { return records_.size(); }
  skald::entity& live() { return *live_; }

  skald::timestamp now{std::chrono::hours{1}};

private:
  const skald::entity_type& type_;
  skald::address self_;
  std::unique_ptr<skald::entity> live_;
  std::vector<skald::byte_buffer> records_;
};

/// The commands that leave with a turn.
inline std::vector<skald::command_message_ptr> commands_of(const skald::turn& x) {
  std::vector<skald::command_message_ptr> result;
  for (const auto& each : x.deliveries)
    if (const auto* command = std::get_if<skald::command_delivery>(&each.content))
      result.push_back(command->message);
  return result;
}

/// The outcomes that leave with a turn.
inline std::vector<skald::outcome_ptr> outcomes_of(const skald::turn& x) {
  std::vector<skald::outcome_ptr> result;
  for (const auto& each : x.deliveries)
    if (const auto* answered = std::get_if<skald::outcome_delivery>(&each.content))
      result.push_back(answered->content);
  return result;
}

// A jar, and the messages of a transaction that reserves in it with its step `flight`.

inline entity_driver jar_with(std::int64_t tokens) {
  static const auto types = sample_types();
  entity_driver result{types, {"jar", "J"}};
  result.handle(message_of("first", put{tokens}));
  return result;
}

inline skald::command_message reserving(std::string id, std::string transaction,
                                        std::int64_t tokens = 1) {
  const reserve command{transaction, tokens, false};
  return in_step(message_of(std::move(id), command), skald::participation::step, transaction,
                 "flight");
}

inline skald::command_message settling(std::string id, std::string transaction) {
  const settle command{transaction};
  return in_step(message_of(std::move(id), command), skald::participation::confirm, transaction,
                 "flight");
}

inline skald::command_message releasing(std::string id, std::string transaction) {
  const release command{transaction};
  return in_step(message_of(std::move(id), command), skald::participation::cancel, transaction,
                 "flight");
}

} // namespace sample
