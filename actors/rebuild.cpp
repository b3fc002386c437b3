#include "actors/rebuild.hpp"

#include "persistence/record_head.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace skald {

namespace {

void decode_or_throw(byte_span bytes, position at, record& out) {
  if (auto wrong = decode_record(bytes, at, out))
    throw store_error(store_error::cause::damaged, "the record at position " + std::to_string(at) +
                                                       " is damaged: " + *wrong +
                                                       "; run `skald verify`");
}

} // namespace

void walk_back(journal_view& view, position last, const std::function<bool(const record&)>& visit) {
  record current;
  for (auto at = last; at != 0; at = current.previous) {
    decode_or_throw(view.at(at), at, current);
    if (!visit(current))
      return;
  }
}

namespace {

struct stored_record {
  position at = 0;
  byte_span bytes; ///< valid as long as the view
};

/// The records from the stream's last one, which stands at `last`, back to the one behind `since`,
/// newest first. Follows the links and checks nothing else: whoever reads the records will. Empty
/// if the links do not lead to `since`.
std::optional<std::vector<stored_record>> linked_records(journal_view& view, position last,
                                                         position since) {
  std::vector<stored_record> found;
  auto at = last;
  while (at > since) {
    found.push_back({at, view.at(at)});
    const auto previous = previous_of_record(found.back().bytes);
    if (!previous || *previous >= at)
      return std::nullopt;
    at = *previous;
  }
  return at == since ? std::optional{std::move(found)} : std::nullopt;
}

/// The records of a stream that count, newest first, each read in full on the way.
/// @throws store_error (damaged) if one cannot be read.
std::vector<stored_record> records_within(journal_view& view, position last,
                                          const rebuild_limit& limit) {
  std::vector<stored_record> found;
  walk_back(view, last, [&](const record& x) {
    // A turn counts as a whole: one that goes beyond the limit does not.
    if ((!limit.sequence || x.sequence + x.events.size() <= *limit.sequence) &&
        (!limit.time || x.time <= *limit.time))
      found.push_back({x.at, view.at(x.at)});
    return true;
  });
  return found;
}

rebuilt replay(std::unique_ptr<entity> from, const std::vector<stored_record>& records) {
  record current;
  for (auto i = records.size(); i-- > 0;) {
    decode_or_throw(records[i].bytes, records[i].at, current);
    if (current.stream != address_view{from->self()})
      return {nullptr, 0,
              "the record at position " + std::to_string(current.at) + " belongs to " +
                  to_string(current.stream.to_address()) + ", not to " + to_string(from->self())};
    if (auto wrong = from->replay(current))
      return {nullptr, 0, *wrong};
  }
  return {std::move(from), records.size(), {}};
}

/// The shortest way; null if it leads nowhere.
rebuilt rebuild_by_links(const entity_type& type, const journal& log, journal_view& view,
                         const address& self, position last) {
  auto from = std::make_unique<entity>(type, self);
  if (const auto kept = log.newest_snapshot(self)) {
    // One that cannot be read, or that does not belong here, is no loss.
    const auto records = linked_records(view, last, kept->at);
    if (records && !from->restore(kept->bytes, kept->at))
      return replay(std::move(from), *records);
    from = std::make_unique<entity>(type, self);
  }
  const auto records = linked_records(view, last, 0);
  return records ? replay(std::move(from), *records) : rebuilt{};
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
      try {
        if (auto result = rebuild_by_links(type, log, *view, self, head->last); result.content)
          return result;
      } catch (const store_error&) {
        // A record is damaged. Which one does not show where its own link led astray.
      }
    }
    return replay(std::make_unique<entity>(type, self), records_within(*view, head->last, limit));
  } catch (const std::exception& error) { // of the journal, or of a handler
    return {nullptr, 0, to_string(self) + " cannot be rebuilt: " + error.what()};
  }
}

} // namespace skald
