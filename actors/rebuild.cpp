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

namespace {

// Positions of the records from the stream's last one back to, not including, `since`; empty
// `found` if the stream has no record there.
struct tail {
  bool found = true;
  std::vector<position> positions; ///< newest first
};

tail tail_of(journal_view& view, position last, position since, const rebuild_limit& limit) {
  tail result;
  result.found = since == 0 || since == last;
  if (since == last)
    return result;
  walk_back(view, last, [&](const record& x) {
    // A turn counts as a whole: one that goes beyond the limit does not.
    const bool within = (!limit.sequence || x.sequence + x.events.size() <= *limit.sequence) &&
                        (!limit.time || x.time <= *limit.time);
    if (within)
      result.positions.push_back(x.at);
    result.found = result.found || x.previous == since;
    return since == 0 || x.previous > since;
  });
  return result;
}

rebuilt replay(const entity_type& type, const address& self, journal_view& view,
               std::unique_ptr<entity> from, const std::vector<position>& positions) {
  if (!from)
    from = std::make_unique<entity>(type, self);
  record current;
  for (auto i = positions.size(); i-- > 0;) {
    decode_or_throw(view, positions[i], current);
    if (current.stream != address_view{self})
      return {nullptr, 0,
              "the record at position " + std::to_string(current.at) + " belongs to " +
                  to_string(current.stream.to_address()) + ", not to " + to_string(self)};
    if (auto wrong = from->replay(current))
      return {nullptr, 0, *wrong};
  }
  return {std::move(from), positions.size(), {}};
}

} // namespace

rebuilt rebuild(const entity_type& type, const journal& log, const address& self,
                const rebuild_limit& limit) {
  const auto head = log.head(self);
  if (!head)
    return {std::make_unique<entity>(type, self), 0, {}};
  try {
    const auto view = log.view();
    if (!limit.sequence && !limit.time) {
      if (const auto kept = log.newest_snapshot(self)) {
        const auto rest = tail_of(*view, head->last, kept->at, limit);
        auto from = std::make_unique<entity>(type, self);
        // One that cannot be read, or that does not belong here, is no loss.
        if (rest.found && !from->restore(kept->bytes, kept->at))
          return replay(type, self, *view, std::move(from), rest.positions);
      }
    }
    return replay(type, self, *view, nullptr, tail_of(*view, head->last, 0, limit).positions);
  } catch (const std::exception& error) { // of the journal, or of a handler
    return {nullptr, 0, to_string(self) + " cannot be rebuilt: " + error.what()};
  }
}

} // namespace skald
