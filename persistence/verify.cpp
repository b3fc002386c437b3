#include "persistence/verify.hpp"

#include "messages/address.hpp"
#include "persistence/record_head.hpp"
#include "persistence/stream_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace skald {

namespace {

/// Records that are read through one view: a view that is held for long keeps the store from
/// reusing space.
constexpr std::uint64_t records_per_view = 100'000;

std::uint64_t hash_of_status(std::string_view status) {
  return XXH3_64bits(status.data(), status.size());
}

/// What the log says of a stream.
struct stream_state {
  position last = 0;
  std::uint64_t turn = 0;
  std::uint64_t sequence = 0;
  timestamp next_due = no_time;
  std::uint64_t status = 0;
  bool deleted = false;
  bool saga_open = false;
  bool in_index = false;
  bool in_open_sagas = false;
};

class verifier {
public:
  verifier(const journal& x, const record_check& check) : journal_(x), check_(check) {}

  verify_report run() {
    read_log();
    check_heads();
    check_open_sagas();
    check_index_complete();
    return std::move(report_);
  }

private:
  void damage(const std::string& line) {
    if (++report_.damage_count <= damage_lines_max)
      report_.damage.push_back(line);
  }

  void damage(position at, const std::string& what) {
    damage("position " + std::to_string(at) + ": " + what);
  }

  void damage(const record& x, const std::string& what) {
    damage("position " + std::to_string(x.at) + ", " + to_string(x.stream.to_address()) + ": " +
           what);
  }

  void read_log() {
    last_ = journal_.last();
    for (position next = 1; next <= last_;) {
      const auto view = journal_.view();
      const auto end = std::min(last_, next + records_per_view - 1);
      try {
        view->scan(next, [&](position at, byte_span bytes) {
          if (at > end)
            return false;
          read_record(at, bytes);
          next = at + 1;
          return true;
        });
        if (next <= end)
          lost(next++, "the log ends before it");
      } catch (const store_error& error) {
        lost(next++, error.what());
      }
    }
  }

  void lost(position at, const std::string& what, const std::string& whose = {}) {
    damage("position " + std::to_string(at) + whose + ": " + what);
    lost_.insert(at);
  }

  void read_record(position at, byte_span bytes) {
    ++report_.records;
    if (const auto error = decode_record(bytes, at, record_)) {
      // The stream is named for the person who reads this; nothing else is believed.
      const auto head = head_of_record(bytes);
      lost(at, *error, head ? ", seemingly of " + to_string(head->stream.to_address()) : "");
      return;
    }
    check_links();
    count();
    if (!check_)
      return;
    if (const auto objection = check_(record_))
      damage(record_, *objection);
  }

  /// Checks the record against its stream so far, and goes on from it.
  void check_links() {
    const auto [found, is_new] = streams_.try_emplace(hash_of(record_.stream));
    auto& stream = found->second;
    if (is_new)
      ++report_.streams[std::string{record_.stream.type}];
    // Behind a record that is lost the stream's state is not known: it goes on from here.
    const bool known = record_.previous == stream.last || !lost_.contains(record_.previous);
    if (known && record_.previous != stream.last)
      damage(record_, "its previous record is said to be at position " +
                          std::to_string(record_.previous) + ", but is at " +
                          std::to_string(stream.last));
    if (known && record_.turn != stream.turn + 1)
      damage(record_, "its turn is " + std::to_string(record_.turn) + " and follows turn " +
                          std::to_string(stream.turn));
    if (known && record_.sequence != stream.sequence)
      damage(record_, "it begins at sequence " + std::to_string(record_.sequence) +
                          ", but the stream has reached " + std::to_string(stream.sequence));
    stream.last = record_.at;
    stream.turn = record_.turn;
    stream.sequence = record_.sequence + record_.events.size();
    stream.next_due = record_.next_due;
    stream.status = hash_of_status(record_.status);
    stream.deleted = record_.deleted;
    stream.saga_open = record_.saga_open;
  }

  void count() {
    report_.events += record_.events.size();
    report_.sagas_started += record_.saga_change == saga_transition::started;
    report_.sagas_completed += record_.saga_change == saga_transition::completed;
    report_.sagas_compensated += record_.saga_change == saga_transition::compensated;
  }

  /// The stream as the log has it; nothing if the index is ahead of what was read, or has too much,
  /// which is damage.
  stream_state* in_log(const address& stream, const stream_head& head) {
    if (head.last > last_) {
      // It has gone on since. What the log has of it is in the index, then.
      if (const auto found = streams_.find(hash_of(stream)); found != streams_.end())
        found->second.in_index = found->second.in_open_sagas = true;
      return nullptr;
    }
    const auto found = streams_.find(hash_of(stream));
    if (found != streams_.end())
      return &found->second;
    if (!lost_.contains(head.last))
      damage("index, " + to_string(stream) + ": it is not in the log");
    return nullptr;
  }

  void check_heads() {
    journal_.streams({}, [&](const address& stream, const stream_head& head) {
      if (auto* const state = in_log(stream, head)) {
        state->in_index = true;
        const bool equal = head.last == state->last && head.turn == state->turn &&
                           head.sequence == state->sequence && head.deleted == state->deleted &&
                           head.saga_open == state->saga_open && head.next_due == state->next_due &&
                           hash_of_status(head.status) == state->status;
        if (!equal && !lost_.contains(head.last))
          damage("index, " + to_string(stream) + ": its entry says position " +
                 std::to_string(head.last) + ", turn " + std::to_string(head.turn) + ", sequence " +
                 std::to_string(head.sequence) + ", '" + head.status +
                 "', which is not what the log says (position " + std::to_string(state->last) +
                 ")");
      }
      return true;
    });
  }

  void check_open_sagas() {
    journal_.open_sagas([&](const address& stream, const stream_head& head) {
      auto* const state = in_log(stream, head);
      if (state == nullptr)
        return;
      state->in_open_sagas = true;
      if (!state->saga_open && !lost_.contains(head.last))
        damage("index, " + to_string(stream) + ": its saga is listed as open, but is not");
    });
  }

  void check_index_complete() {
    for (const auto& [hash, state] : streams_) {
      report_.sagas_open += state.saga_open;
      if (!state.in_index)
        damage(state.last, "its stream is missing in the index");
      else if (state.saga_open && !state.in_open_sagas)
        damage(state.last, "its stream's open saga is missing in the index");
    }
  }

  const journal& journal_;
  const record_check& check_;
  verify_report report_;
  position last_ = 0;
  record record_;
  std::unordered_map<stream_hash, stream_state, stream_hash_hash> streams_;
  std::unordered_set<position> lost_; // positions of records that cannot be believed
};

} // namespace

verify_report verify(const journal& x, const record_check& check) {
  return verifier{x, check}.run();
}

} // namespace skald
