#pragma once

#include "actors/entity.hpp"
#include "actors/registry.hpp"
#include "persistence/journal.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace skald {

/// Calls `visit` with the records of the stream whose last record stands at `last`, newest first,
/// until it returns false.
/// @throws store_error (damaged) if a record cannot be read.
void walk_back(journal_view& view, position last, const std::function<bool(const record&)>& visit);

/// Up to where a stream is to be rebuilt. By default: all of it.
struct rebuild_limit {
  std::optional<std::uint64_t> sequence; ///< the last event that counts
  std::optional<timestamp> time;         ///< the last turn that counts was not later than this
};

/// What rebuilding gave.
struct rebuilt {
  std::unique_ptr<entity> content; ///< null if there is a problem
  std::uint64_t replayed = 0;      ///< records that no snapshot covers
  std::string error;               ///< names the aggregate, the sequence and what is wrong
};

/// Rebuilds the entity `self` from its records in `log`. Begins with its newest snapshot if there
/// is one that can be read and no limit is given.
rebuilt rebuild(const entity_type& type, const journal& log, const address& self,
                const rebuild_limit& limit = {});

} // namespace skald
