#pragma once

#include "actors/base_actor.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace skald {

/// The only writer of the journal, on a thread of its own. Takes the turns that have gathered while
/// the last batch was on its way to the disk, commits them as one, and then releases what they
/// send. So nothing leaves an entity before what it follows from is durable.
///
/// A failed commit voids every turn that is not committed, those of the batch and those that
/// entities have built on them: a new epoch begins, the directory has the entities rebuilt from the
/// journal.
class journal_actor final : public base_actor {
public:
  journal_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.journal_writer"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void gather(turn& next);
  void commit_soon();
  void commit_some_time();
  bool expects_more() const;
  void commit();
  void count_commit(std::chrono::steady_clock::duration took) const;
  void release_batch(position first);
  void refuse_batch(const append_result& result);
  void refuse(turn& voided) const;
  void write_indexes_if_due();

  std::vector<turn> batch_;
  std::vector<pending_record> records_;
  bool commit_is_coming_ = false;
  bool last_commit_is_coming_ = false;
  std::size_t expected_ = 0; ///< turns that follow from the last commit
  std::chrono::steady_clock::time_point expected_until_;
  bool writing_indexes_ = false;
  epoch_id epoch_ = 0;
  std::string failure_; ///< of the last append that failed
};

} // namespace skald
