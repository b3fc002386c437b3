#pragma once

#include "actors/aggregate.hpp"
#include "apps/bank/account.hpp"
#include "messages/codec.hpp"
#include "persistence/lmdb_journal.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace skald {

/// A store of its own, in the current folder, with the records that transfers leave in accounts: an
/// opening, then deposits and their confirmations in turn, one event in each record.
class bank_store {
public:
  explicit bank_store(std::size_t accounts) : accounts_(accounts) {
    auto name = (std::filesystem::current_path() / "skald-benchmark-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot make the folder " + name);
    folder_ = name;
    open();
  }

  ~bank_store() {
    log_.reset();
    std::filesystem::remove_all(folder_);
  }

  bank_store(const bank_store&) = delete;
  bank_store& operator=(const bank_store&) = delete;

  static address account_number(std::size_t number) {
    return {std::string{account::type_name}, std::to_string(number)};
  }

  journal& log() { return *log_; }
  void open() { log_ = open_lmdb_journal(store()); }
  void close() { log_.reset(); }
  std::filesystem::path store() const { return folder_ / "store"; }

  /// Appends `count` records; `account_of` says to whose stream each goes.
  void append(std::size_t count, const std::function<std::size_t(std::size_t)>& account_of) {
    constexpr std::size_t batch_size = 4'096;
    std::vector<byte_buffer> encoded(batch_size);
    std::vector<pending_record> batch;
    for (std::size_t i = 0; i < count;) {
      batch.clear();
      for (; i < count && batch.size() < batch_size; ++i) {
        auto& bytes = encoded[batch.size()];
        const auto number = account_of(i);
        bytes.clear();
        encode_turn(number, bytes);
        batch.push_back({&bytes, &accounts_[number].cursor});
      }
      if (log_->append(batch).what != append_result::status::committed)
        throw std::runtime_error("the records cannot be appended");
    }
  }

private:
  struct account_stream {
    stream_cursor cursor;
    std::uint64_t turn = 0;
  };

  template <class E>
  void add_event(record& x, const E& event) {
    payload_.clear();
    encode(event, payload_);
    x.events.push_back({E::type_name, schema_version_of<E>(), payload_});
  }

  void encode_turn(std::size_t number, byte_buffer& out) {
    auto& stream = accounts_[number];
    const auto self = account_number(number);
    const auto transfer = std::to_string((stream.turn + 1) / 2 * accounts_.size() + number);
    record x;
    x.stream = self;
    x.sequence = stream.turn;
    x.turn = ++stream.turn;
    // As fast as a hot account goes.
    x.time = timestamp{duration{1'700'000'000'000'000 + static_cast<std::int64_t>(x.turn) * 100}};
    x.input = message_id_of(self.id + ":" + std::to_string(x.turn));
    x.first_sent = x.time - duration{500};
    x.correlation = x.turn == 1 ? self.id : transfer;
    x.status = "open";
    if (x.turn == 1) {
      x.input_type = open_account::type_name;
      add_event(x, account_opened{minor_units{1'000'000}});
    } else {
      x.source = {"transfer", transfer};
      x.causation = x.input;
      x.step = "deposit";
      if (x.turn % 2 == 0) {
        x.role = participation::step;
        x.input_type = deposit::type_name;
        add_event(
            x, deposited{transfer, "1", self.id, minor_units{100}, transfer_style::orchestrated});
      } else {
        x.role = participation::confirm;
        x.input_type = confirm_deposit::type_name;
        add_event(x, deposit_confirmed{transfer, minor_units{100}});
      }
    }
    encode_record(x, out);
  }

  std::filesystem::path folder_;
  std::vector<account_stream> accounts_;
  byte_buffer payload_;
  std::unique_ptr<journal> log_;
};

} // namespace skald
