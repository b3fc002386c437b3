#pragma once

#include "actors/routing_slip.hpp"
#include "messages/command_message.hpp"
#include "messages/time.hpp"
#include "persistence/record.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald {

/// The routing slips that an aggregate has passed on: the fold of its stream's records. A message
/// with a slip stays here until whoever gets it has recorded it, so that a slip is never lost.
class slip_desk {
public:
  struct outstanding {
    std::string name; ///< `name_of` the message, and name of its deadline
    command_message_ptr message;
    bool awaits_answer = true; ///< to that message; it is sent again after a crash
    unsigned refusals = 0;     ///< of that message, as often as it was tried
    timestamp again = no_time; ///< when it is to be tried again
  };

  /// Where a slip that holds the aggregate went from here.
  struct trail {
    std::string hold; ///< key of the hold
    std::string step; ///< name of the stop that it went to
    address to;
  };

  /// Takes in a turn. `dispatched` are the messages of `x.dispatches`; those among them that bring
  /// a slip to its next stop leave the trail of the hold `from`; empty: they are sent again.
  void take(const record& x, const std::vector<command_message_ptr>& dispatched,
            const std::string& from);

  /// Forgets where those slips went whose hold `is_held` does not confirm: they have come back.
  template <class F>
  void forget_trails(F is_held) {
    std::erase_if(trails_, [&](const trail& each) {
      const bool is_over = !is_held(each.hold);
      if (is_over)
        forget_step(each);
      return is_over;
    });
  }

  const std::vector<outstanding>& sent() const { return sent_; }
  const outstanding* find(message_id id) const;
  const outstanding* find(std::string_view name) const;

  const std::vector<trail>& trails() const { return trails_; }
  const trail* find_trail(std::string_view hold) const;

  /// Did a slip of `correlation` go from here to the stop `step`, as far as is remembered?
  bool leads_to(std::string_view correlation, std::string_view step) const;

  bool empty() const { return sent_.empty(); }

  /// When the next message is to be tried again.
  timestamp next_due() const;

  void restore(std::vector<outstanding> sent, std::vector<trail> trails) {
    sent_ = std::move(sent);
    trails_ = std::move(trails);
  }

private:
  void take_answer(const record& x);
  void forget_step(const trail& left);

  // Few, mostly none.
  std::vector<outstanding> sent_;
  std::vector<trail> trails_;
};

} // namespace skald
