#include "actors/rebuild.hpp"

#include <algorithm>
#include <vector>

namespace skald {

namespace {

void decode_or_throw(journal_view& view, position at, record& out) {
  if (auto wrong = decode_record(view.at(at), at, out))
    throw store_error(store_error::cause::damaged, "the record at position " + std::to_string(at) +
                                                       " is damaged: " + *wrong +
                                                       "; run `skald verify`");
}

} // namespace

void walk_back(journal_view& view, position last, const std::function<bool(const record&)>& visit) {
  record current;
  for (auto at = last; at != 0; at = current.previous) {
    decode_or_throw(view, at, current);
    if (!visit(current))
      return;
  }
}

rebuilt rebuild(const entity_type& type, const journal& log, const address& self,
                const rebuild_limit& limit) {
  auto result = std::make_unique<entity>(type, self);
  const auto head = log.head(self);
  if (!head)
    return {std::move(result), {}};
  try {
    const auto view = log.view();
    std::vector<position> positions;
    walk_back(*view, head->last, [&](const record& x) {
      // A turn counts as a whole: one that goes beyond the limit does not.
      const bool within = (!limit.sequence || x.sequence + x.events.size() <= *limit.sequence) &&
                          (!limit.time || x.time <= *limit.time);
      if (within)
        positions.push_back(x.at);
      return true;
    });
    record current;
    for (auto i = positions.size(); i-- > 0;) {
      decode_or_throw(*view, positions[i], current);
      if (current.stream.type != self.type || current.stream.id != self.id)
        return {nullptr, "the record at position " + std::to_string(current.at) + " belongs to " +
                             to_string(current.stream.to_address()) + ", not to " +
                             to_string(self)};
      if (auto wrong = result->replay(current))
        return {nullptr, *wrong};
    }
    return {std::move(result), {}};
  } catch (const store_error& error) {
    return {nullptr, to_string(self) + " cannot be rebuilt: " + error.what()};
  }
}

} // namespace skald
