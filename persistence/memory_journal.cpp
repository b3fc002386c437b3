#include "persistence/memory_journal.hpp"

#include <algorithm>
#include <utility>

namespace skald {

class memory_journal::memory_view final : public journal_view {
public:
  explicit memory_view(const memory_journal& owner) : owner_(owner), last_(owner.last()) {}

  byte_span at(position at) override {
    if (at == 0 || at > last_)
      throw store_error{store_error::cause::damaged,
                        "the journal in memory has no record at position " + std::to_string(at)};
    const std::lock_guard lock{owner_.mutex_};
    return owner_.records_[at - 1];
  }

  position last() override { return last_; }

  void scan(position first, const std::function<bool(position, byte_span)>& visit) override {
    for (auto i = std::max(first, position{1}); i <= last_; ++i)
      if (!visit(i, at(i)))
        return;
  }

private:
  const memory_journal& owner_;
  position last_;
};

append_result memory_journal::append(std::span<const pending_record> batch) {
  const std::lock_guard lock{mutex_};
  if (failure_)
    return *failure_;
  if (auto error = sealer_.check(batch))
    return {append_result::status::refused, std::move(*error)};
  const auto result = std::exchange(next_result_, std::nullopt).value_or(append_result{});
  if (result.what == append_result::status::refused)
    return result;
  sealer_.seal(batch, records_.size() + 1);
  std::vector<byte_buffer> records;
  for (const auto& pending : batch)
    records.push_back(*pending.bytes);
  if (result.what == append_result::status::committed) {
    commit(records);
  } else {
    sealer_.undo(batch);
    failure_ = result;
    if (next_survives_)
      surviving_ = std::move(records);
  }
  return result;
}

void memory_journal::commit(std::span<const byte_buffer> records) {
  for (const auto& bytes : records) {
    records_.push_back(bytes);
    const auto head = head_of_record(records_.back());
    heads_[head->stream.to_address()] = stream_head_of(*head, records_.size());
  }
}

position memory_journal::last() const {
  const std::lock_guard lock{mutex_};
  return records_.size();
}

std::optional<stream_head> memory_journal::head(const address& stream) const {
  const std::lock_guard lock{mutex_};
  const auto found = heads_.find(stream);
  return found == heads_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<std::pair<address, stream_head>> memory_journal::heads_in(std::string_view type) const {
  const std::lock_guard lock{mutex_};
  std::vector<std::pair<address, stream_head>> found;
  for (auto i = heads_.lower_bound({std::string{type}, {}}); i != heads_.end(); ++i) {
    if (!type.empty() && i->first.type != type)
      break;
    found.push_back(*i);
  }
  return found;
}

void memory_journal::streams(
    std::string_view type,
    const std::function<bool(const address&, const stream_head&)>& visit) const {
  for (const auto& [stream, head] : heads_in(type))
    if (!visit(stream, head))
      return;
}

void memory_journal::open_sagas(
    const std::function<void(const address&, const stream_head&)>& visit) const {
  for (const auto& [stream, head] : heads_in({}))
    if (head.saga_open)
      visit(stream, head);
}

std::unique_ptr<journal_view> memory_journal::view() const {
  return std::make_unique<memory_view>(*this);
}

std::optional<journal::snapshot> memory_journal::newest_snapshot(const address& stream) const {
  const std::lock_guard lock{mutex_};
  const auto found = kept_.snapshots.find(stream);
  return found == kept_.snapshots.end() ? std::nullopt : std::optional{found->second};
}

void memory_journal::keep_snapshot(const address& stream, snapshot taken) {
  const std::lock_guard lock{mutex_};
  auto& kept = kept_.snapshots[stream];
  if (taken.at >= kept.at)
    kept = std::move(taken);
}

position memory_journal::subscription(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto found = kept_.subscriptions.find(name);
  return found == kept_.subscriptions.end() ? 0 : found->second;
}

void memory_journal::keep_subscription(std::string_view name, position done) {
  const std::lock_guard lock{mutex_};
  kept_.subscriptions.insert_or_assign(std::string{name}, done);
}

std::uint64_t memory_journal::index_lag() const {
  const std::lock_guard lock{mutex_};
  return records_.size() - indexed_;
}

void memory_journal::write_indexes() {
  const std::lock_guard lock{mutex_};
  indexed_ = records_.size();
  written_ = kept_;
}

void memory_journal::fail_next_append(append_result result, bool survives) {
  const std::lock_guard lock{mutex_};
  next_result_ = std::move(result);
  next_survives_ = survives;
}

void memory_journal::reopen() {
  const std::lock_guard lock{mutex_};
  commit(surviving_);
  surviving_.clear();
  failure_.reset();
  kept_ = written_;
}

} // namespace skald
