#include "persistence/batch_sealer.hpp"

namespace skald {

namespace {

std::string ordinal(const std::vector<record_head>& before) {
  return "record " + std::to_string(before.size() + 1) + " of the batch ";
}

} // namespace

std::optional<std::string> batch_sealer::check(std::span<const pending_record> batch) {
  heads_.clear();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& pending = batch[i];
    if (i + 4 < batch.size())
      __builtin_prefetch(batch[i + 4].bytes->data());
    const auto head = head_of_record(*pending.bytes);
    if (!head)
      return ordinal(heads_) + "is malformed";
    if (head->stream.type.empty() || head->stream.id.empty())
      return ordinal(heads_) + "has a stream without a type or id";
    if (head->stream.type.size() + 1 + head->stream.id.size() > stream_key_size_max)
      return ordinal(heads_) +
             "has a stream whose type and id are too long: " + to_string(head->stream.to_address());
    heads_.push_back(*head);
    __builtin_prefetch(pending.cursor, 1); // for `seal`: cursors lie all over the memory
  }
  return std::nullopt;
}

void batch_sealer::seal(std::span<const pending_record> batch, position first) {
  previous_.clear();
  for (const auto& pending : batch) {
    const auto at = first + previous_.size();
    const auto previous = pending.cursor->last;
    previous_.push_back(previous);
    seal_record(*pending.bytes, at, previous);
    pending.cursor->last = at;
  }
}

void batch_sealer::undo(std::span<const pending_record> batch) const {
  // Backwards, because a stream may stand in the batch more than once.
  for (auto i = batch.size(); i-- > 0;)
    batch[i].cursor->last = previous_[i];
}

} // namespace skald
