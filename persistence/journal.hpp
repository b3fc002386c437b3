#pragma once

#include "messages/address.hpp"
#include "messages/bytes.hpp"
#include "persistence/record.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace skald {

/// A store that cannot be opened or read. The message names the store, what is wrong and what to
/// do.
class store_error : public std::runtime_error {
public:
  enum class cause { in_use, newer_format, damaged, disk_full, read_only, missing, other };

  store_error(cause its_cause, const std::string& what)
      : std::runtime_error(what), why(its_cause) {}

  cause why;
};

/// What a journal knows of a stream without reading its records: the index entry of its last
/// record.
struct stream_head {
  position last = 0;          ///< position of the stream's last record
  std::uint64_t turn = 0;     ///< number of that record in the stream
  std::uint64_t sequence = 0; ///< sequence of the stream's last event
  bool deleted = false;
  bool saga_open = false;
  timestamp next_due = no_time;
  std::string status;

  bool operator==(const stream_head&) const = default;
};

/// Where the next record of a live stream links to. Owned by the stream's entity, written by the
/// thread that appends only, once the entity has sent its first turn.
struct stream_cursor {
  position last = 0;
};

/// A record on its way into the journal: encoded, not yet sealed.
struct pending_record {
  byte_buffer* bytes = nullptr;
  stream_cursor* cursor = nullptr;
};

/// What became of an append.
struct append_result {
  enum class status {
    committed, ///< every record is on disk
    refused,   ///< none is; the journal is as before and may take a later append
    unknown,   ///< nobody can tell before the store is opened anew: the journal takes nothing more
  };

  status what = status::committed;
  std::string reason;
};

/// A consistent view of everything committed when it was made. Keep it short-lived: an old view
/// keeps the store from reusing space. Any thread, one thread at a time.
class journal_view {
public:
  virtual ~journal_view() = default;

  /// The bytes of the record at `at`, valid as long as the view.
  /// @throws store_error (damaged) if there is no such record.
  virtual byte_span at(position at) = 0;

  /// Position of the last record; 0 if there is none.
  virtual position last() = 0;

  /// Calls `visit` with each record from `first` on, in order, until it returns false.
  virtual void scan(position first, const std::function<bool(position, byte_span)>& visit) = 0;
};

/// The log of all turns, and what is derived from it. One thread appends; every other call may come
/// from any thread. The log is the only truth; heads, snapshots and subscription positions are
/// indexes that may lag behind it on disk and are brought up from the log's tail when the journal
/// is opened.
class journal {
public:
  virtual ~journal() = default;

  /// Seals `batch` (assigning positions, linking each record to its stream's last) and makes it
  /// durable as one. Either all of it is committed or none.
  virtual append_result append(std::span<const pending_record> batch) = 0;

  /// Position of the last committed record.
  virtual position last() const = 0;

  /// The head of `stream`, up to the last committed record. Empty if it has none.
  virtual std::optional<stream_head> head(const address& stream) const = 0;

  /// Calls `visit` with every stream of `type` (of every type if it is empty) in the order of ids,
  /// until it returns false.
  virtual void
  streams(std::string_view type,
          const std::function<bool(const address&, const stream_head&)>& visit) const = 0;

  /// Calls `visit` with every stream whose saga is open.
  virtual void
  open_sagas(const std::function<void(const address&, const stream_head&)>& visit) const = 0;

  virtual std::unique_ptr<journal_view> view() const = 0;

  /// The newest snapshot of `stream` as it was kept; empty if there is none. `at` is the position
  /// of the record after which it was taken.
  struct snapshot {
    position at = 0;
    byte_buffer bytes;
  };
  virtual std::optional<snapshot> newest_snapshot(const address& stream) const = 0;
  virtual void keep_snapshot(const address& stream, snapshot taken) = 0;

  /// The position up to which the subscription `name` is done; 0 if it is not known.
  virtual position subscription(std::string_view name) const = 0;
  virtual void keep_subscription(std::string_view name, position done) = 0;

  /// Records committed since the indexes were last written to disk.
  virtual std::uint64_t index_lag() const = 0;

  /// What the store takes on disk, indexes included as far as they are written. Space that was
  /// freed for new records counts, space beyond the last record does not. 0: it is not on disk.
  virtual std::uint64_t bytes_on_disk() const { return 0; }

  /// Writes the indexes to disk up to the last committed record. Slow; runs beside appends and
  /// reads.
  /// @throws store_error if the disk refuses.
  virtual void write_indexes() = 0;
};

} // namespace skald
