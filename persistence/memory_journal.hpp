#pragma once

#include "persistence/batch_sealer.hpp"
#include "persistence/journal.hpp"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace skald {

/// A journal that lives as long as its process: for tests, and for trying things out.
class memory_journal final : public journal {
public:
  append_result append(std::span<const pending_record> batch) override;
  position last() const override;
  std::optional<stream_head> head(const address& stream) const override;
  void streams(std::string_view type,
               const std::function<bool(const address&, const stream_head&)>& visit) const override;
  void
  open_sagas(const std::function<void(const address&, const stream_head&)>& visit) const override;
  std::unique_ptr<journal_view> view() const override;
  std::optional<snapshot> newest_snapshot(const address& stream) const override;
  void keep_snapshot(const address& stream, snapshot taken) override;
  position subscription(std::string_view name) const override;
  void keep_subscription(std::string_view name, position done) override;
  std::uint64_t index_lag() const override;
  void write_indexes() override;

  /// Makes the next append end as `result` says. If that is `unknown`, `survives` decides whether
  /// the batch is there after `reopen`.
  void fail_next_append(append_result result, bool survives = false);

  /// As if the process had been killed and the store opened anew: an append that ended unknown is
  /// settled, and snapshots and subscriptions are those of the last `write_indexes`.
  void reopen();

private:
  class memory_view;

  struct kept_state {
    std::map<address, snapshot> snapshots;
    std::map<std::string, position, std::less<>> subscriptions;
  };

  void commit(std::span<const byte_buffer> records);
  std::vector<std::pair<address, stream_head>> heads_in(std::string_view type) const;

  mutable std::mutex mutex_;
  std::deque<byte_buffer> records_; // a deque, so that views may refer to its elements
  std::map<address, stream_head> heads_;
  kept_state kept_;
  kept_state written_;
  position indexed_ = 0;

  batch_sealer sealer_;
  std::optional<append_result> next_result_;
  bool next_survives_ = false;
  std::optional<append_result> failure_;
  std::vector<byte_buffer> surviving_;
};

} // namespace skald
