#include "apps/skald/trace/transaction_trace.hpp"

#include "actors/rebuild.hpp"

#include <algorithm>
#include <unordered_map>

namespace skald {

namespace {

void decode_or_throw(byte_span bytes, position at, record& out) {
  if (auto wrong = decode_record(bytes, at, out))
    throw store_error(store_error::cause::damaged, "the record at position " + std::to_string(at) +
                                                       " is damaged: " + *wrong +
                                                       "; run `skald verify`");
}

// Where the transaction can have begun: with the first record of the aggregate whose id it has, or,
// if a client chose the id freely, anywhere.
position first_position(const journal& log, const registry& types, std::string_view correlation) {
  position result = 0;
  for (const auto& type : types.types()) {
    const auto head = log.head({type->name, std::string{correlation}});
    if (!head)
      continue;
    auto first = head->last;
    const auto view = log.view();
    walk_back(*view, head->last, [&](const record& x) {
      first = x.at;
      return true;
    });
    result = result == 0 ? first : std::min(result, first);
  }
  return std::max<position>(result, 1);
}

// Finds what led to a turn among the turns before it.
class causes {
public:
  explicit causes(std::vector<traced_turn>& turns) : turns_(turns) {}

  // Turns are to be given in their order.
  void find_for(std::size_t index) {
    auto& turn = turns_[index];
    const auto& x = turn.content;
    turn.role = x.role;
    switch (x.kind) {
    case input_kind::command:
      turn.cause = x.source.type == reactor::address_type ? publisher_of(index) : sender_of(x);
      turn.depth = turn.cause ? turns_[*turn.cause].depth + 1 : 0;
      break;
    case input_kind::outcome: {
      turn.cause = answerer_of(index);
      if (const auto asked = sender_of(x)) {
        turn.depth = turns_[*asked].depth;
        turn.role = role_of(turns_[*asked].content, x.input);
      }
      break;
    }
    case input_kind::deadline:
      turn.cause = setter_of(index);
      turn.depth = turn.cause ? turns_[*turn.cause].depth : 0;
      break;
    }
    const auto sender = x.stream.to_address();
    for (std::uint32_t i = 0; i < x.dispatches.size(); ++i)
      senders_.emplace(dispatch_id(sender, x.turn, i), index);
  }

private:
  std::optional<std::size_t> sender_of(const record& x) const {
    const auto found = senders_.find(x.input);
    return found == senders_.end() ? std::nullopt : std::optional{found->second};
  }

  static participation role_of(const record& sender, message_id sent) {
    for (std::uint32_t i = 0; i < sender.dispatches.size(); ++i)
      if (dispatch_id(sender.stream.to_address(), sender.turn, i) == sent)
        return sender.dispatches[i].role;
    return participation::none;
  }

  // The turn whose event a handler reacted to with the command that `index` handled.
  std::optional<std::size_t> publisher_of(std::size_t index) const {
    const auto& x = turns_[index].content;
    std::optional<std::size_t> likely; // one that is tried again has another id
    for (auto i = index; i-- > 0;) {
      const auto& each = turns_[i].content;
      if (each.input != x.causation || each.events.empty())
        continue;
      if (may_publish(each, x))
        return i;
      if (!likely)
        likely = i;
    }
    return likely;
  }

  static bool may_publish(const record& from, const record& reaction) {
    constexpr std::uint32_t reactions_max = 64; // of one handler to one event
    const address handler{std::string{reaction.source.id}, to_string(from.stream.to_address())};
    for (std::uint32_t event = 0; event < from.events.size(); ++event)
      for (std::uint32_t i = 0; i < reactions_max; ++i)
        if (dispatch_id(handler, from.turn, (event << 16) + i) == reaction.input)
          return true;
    return false;
  }

  std::optional<std::size_t> answerer_of(std::size_t index) const {
    const auto& x = turns_[index].content;
    return latest_before(index, [&](const record& each) {
      const bool gave_answer =
          each.settles == x.input || (each.kind == input_kind::command && each.input == x.input);
      return each.stream == x.source && gave_answer;
    });
  }

  std::optional<std::size_t> setter_of(std::size_t index) const {
    const auto& x = turns_[index].content;
    return latest_before(index, [&](const record& each) {
      return each.stream == x.stream &&
             std::ranges::any_of(each.deadlines, [&](const deadline_view& set) {
               return set.name == x.input_type && set.due != no_time;
             });
    });
  }

  template <class Predicate>
  std::optional<std::size_t> latest_before(std::size_t index, Predicate holds) const {
    for (auto i = index; i-- > 0;)
      if (holds(turns_[i].content))
        return i;
    return std::nullopt;
  }

  std::vector<traced_turn>& turns_;
  std::unordered_map<message_id, std::size_t, message_id_hash> senders_;
};

} // namespace

transaction_trace trace_transaction(const journal& log, const registry& types,
                                    std::string_view correlation) {
  transaction_trace result{std::string{correlation}, {}};
  record current;
  log.view()->scan(first_position(log, types, correlation), [&](position at, byte_span bytes) {
    decode_or_throw(bytes, at, current);
    if (current.correlation == correlation) {
      auto& turn = result.turns.emplace_back();
      turn.bytes.assign(bytes.begin(), bytes.end());
      decode_or_throw(turn.bytes, at, turn.content);
    }
    return true;
  });
  causes found{result.turns};
  for (std::size_t i = 0; i < result.turns.size(); ++i)
    found.find_for(i);
  return result;
}

std::vector<dispatch_fate> fates_of(const transaction_trace& trace, std::size_t turn) {
  const auto& x = trace.turns[turn].content;
  const auto sender = x.stream.to_address();
  std::vector<dispatch_fate> result(x.dispatches.size());
  for (std::uint32_t i = 0; i < x.dispatches.size(); ++i) {
    const auto id = dispatch_id(sender, x.turn, i);
    for (auto at = turn + 1; at < trace.turns.size(); ++at) {
      const auto& each = trace.turns[at].content;
      if (each.input != id)
        continue;
      auto& fate = each.kind == input_kind::command ? result[i].handled : result[i].answered;
      if (!fate)
        fate = at;
    }
  }
  return result;
}

} // namespace skald
