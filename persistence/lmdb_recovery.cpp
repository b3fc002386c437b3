#include "persistence/lmdb_recovery.hpp"

#include "messages/crc32c.hpp"
#include "persistence/record_format.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace skald {

namespace fs = std::filesystem;

namespace {

/// Records whose heads are gathered before they are written, when an index is made anew.
constexpr std::uint64_t rebuild_batch_size = 1'000'000;

store_error missing(const std::string& what) {
  return {store_error::cause::missing, what};
}

bool is_newer_record(byte_span bytes) {
  namespace format = record_format;
  return bytes.size() >= format::head_offset &&
         load_fixed<std::uint8_t>(bytes.data() + format::version_offset) > format::format_version &&
         checksum_of_record(bytes) == crc32c(bytes.subspan(format::length_offset));
}

/// Takes the heads of the records from `first` to `last` into `overlay`, each record checked in
/// full.
void gather(const fs::path& store, lmdb_log& log, position first, position last,
            lmdb_overlay& overlay) {
  record decoded;
  const auto view = log.view();
  view->scan(first, [&](position at, byte_span bytes) {
    if (const auto error = decode_record(bytes, at, decoded)) {
      const auto what = "the record at position " + std::to_string(at) + ": " + *error;
      if (is_newer_record(bytes))
        throw store_error{store_error::cause::newer_format,
                          "the store " + store.string() +
                              " was written by a newer program: " + what + "; use that program"};
      throw damaged_log(store, what);
    }
    const auto head = head_of_record(bytes);
    overlay.add({&*head, 1}, at, checksum_of_record(bytes));
    return at < last;
  });
}

/// Whether `mark` names a record that this log has.
bool covers(lmdb_log& log, position last, index_mark mark) {
  if (mark.at == 0)
    return true;
  if (mark.at > last)
    return false;
  const auto view = log.view();
  const auto bytes = view->at(mark.at);
  return bytes.size() >= record_format::head_offset && checksum_of_record(bytes) == mark.checksum;
}

std::unique_ptr<lmdb_index> make_index(const fs::path& store, lmdb_log& log, position last,
                                       std::size_t map_size) {
  const lmdb_store_layout layout{store};
  const auto folder = unfinished(layout.index);
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error)
    fs::create_directory(folder, error);
  if (error)
    throw explain_errno(store, error.value(), "create the folder " + folder.string());
  try {
    auto index = lmdb_index::create(store, folder, log.id(), map_size);
    for (position first = 1; first <= last; first += rebuild_batch_size) {
      lmdb_overlay batch{{}};
      gather(store, log, first, std::min(last, first + rebuild_batch_size - 1), batch);
      index->write(batch.begin_write());
    }
  } catch (...) {
    fs::remove_all(folder, error);
    throw;
  }
  fs::remove_all(layout.index, error);
  if (error)
    throw explain_errno(store, error.value(), "remove the folder " + layout.index.string());
  finish_folder(layout.index, store);
  auto index = lmdb_index::open(store, layout.index, log.id(), map_size);
  if (!index)
    throw explain_errno(store, EIO, "read the index that was just made");
  return index;
}

/// Sees that `store` is a folder with a store in it or one that may be made there. Makes the folder
/// if it is missing, and says whether it did.
bool prepare_folder(const fs::path& store, bool create) {
  const lmdb_store_layout layout{store};
  std::error_code error;
  const auto what = fs::status(store, error).type();
  if (what == fs::file_type::directory) {
    if (fs::exists(layout.journal, error))
      return false;
    if (fs::exists(layout.index, error))
      throw damaged_log(store, "the folder " + layout.journal.string() + " is missing");
  } else if (what != fs::file_type::not_found) {
    throw missing(store.string() +
                  " cannot hold a store: " + (error ? error.message() : "it is not a folder"));
  }
  if (!create)
    throw missing("there is no store at " + store.string() +
                  "; `skald run` or `skald demo` creates one");
  if (what == fs::file_type::directory)
    return false;
  if (!fs::create_directory(store, error) && error)
    throw explain_errno(store, error.value(), "create its folder");
  return true;
}

opened_store open_prepared(const fs::path& folder, const lmdb_options& options) {
  opened_store opened;
  opened.folder = folder;
  opened.lock = std::make_unique<lmdb_store_lock>(folder);
  const lmdb_store_layout layout{folder};
  if (!fs::exists(layout.journal))
    lmdb_log::create(folder);
  opened.log = std::make_unique<lmdb_log>(folder, options.map_size);
  opened.last = opened.log->view()->last();
  opened.index = lmdb_index::open(folder, layout.index, opened.log->id(), options.map_size);
  if (opened.index && !covers(*opened.log, opened.last, opened.index->upto()))
    opened.index.reset();
  if (!opened.index)
    opened.index = make_index(folder, *opened.log, opened.last, options.map_size);
  const auto upto = opened.index->upto();
  opened.overlay = std::make_unique<lmdb_overlay>(upto);
  if (upto.at < opened.last)
    gather(folder, *opened.log, upto.at + 1, opened.last, *opened.overlay);
  return opened;
}

} // namespace

opened_store open_store(const fs::path& folder, const lmdb_options& options) {
  const bool made_folder = prepare_folder(folder, options.create);
  try {
    return open_prepared(folder, options);
  } catch (...) {
    std::error_code error;
    if (made_folder)
      fs::remove_all(folder, error);
    throw;
  }
}

} // namespace skald
