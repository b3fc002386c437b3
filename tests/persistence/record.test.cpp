#include "persistence/record.hpp"

#include "messages/crc32c.hpp"
#include "persistence/record_format.hpp"
#include "persistence/record_head.hpp"
#include "tests/persistence/record_samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <random>

using namespace skald;
using namespace skald::test;

namespace {

byte_buffer sealed(const record& x, position at = 0) {
  byte_buffer bytes;
  encode_record(x, bytes);
  seal_record(bytes, at == 0 ? x.at : at, x.previous);
  return bytes;
}

void reseal_checksum(byte_buffer& bytes) {
  store_fixed(bytes.data(), crc32c(byte_span{bytes}.subspan(record_format::length_offset)));
}

} // namespace

TEST_CASE("a record reads back as it was written") {
  for (const auto& sample : record_samples()) {
    INFO(sample.name);
    const auto bytes = sealed(sample.value);
    record read;
    REQUIRE(decode_record(bytes, sample.value.at, read) == std::nullopt);
    CHECK(equal(read, sample.value));
  }
}

TEST_CASE("a record that was read before leaves no trace in the next") {
  const auto samples = record_samples();
  record read;
  for (const auto& first : samples)
    for (const auto& second : samples) {
      INFO(first.name << ", then " << second.name);
      REQUIRE(decode_record(sealed(first.value), first.value.at, read) == std::nullopt);
      const auto bytes = sealed(second.value);
      REQUIRE(decode_record(bytes, second.value.at, read) == std::nullopt);
      CHECK(equal(read, second.value));
    }
}

TEST_CASE("encoding appends to what the buffer holds") {
  const auto samples = record_samples();
  byte_buffer bytes{std::byte{1}, std::byte{2}};
  encode_record(samples[0].value, bytes);
  byte_buffer alone;
  encode_record(samples[0].value, alone);
  CHECK(byte_buffer{bytes.begin() + 2, bytes.end()} == alone);
  CHECK(bytes[1] == std::byte{2});
}

TEST_CASE("the texts of a decoded record lie in its bytes") {
  const auto bytes = sealed(deleted_aggregate());
  record read;
  REQUIRE(decode_record(bytes, load_fixed<position>(bytes.data() + 9), read) == std::nullopt);
  const auto inside = [&](std::string_view text) {
    return as_bytes(text).data() >= bytes.data() &&
           as_bytes(text).data() + text.size() <= bytes.data() + bytes.size();
  };
  CHECK(inside(read.stream.id));
  CHECK(inside(read.input_type));
  CHECK(inside(read.status));
  CHECK(inside(read.events.at(0).type));
  CHECK(inside(as_text(read.events.at(0).payload)));
  CHECK(inside(read.dispatches.at(0).step));
}

TEST_CASE("an outcome keeps a causation of its own, and has its input as one without taking room") {
  auto x = deleted_aggregate();
  const auto size = sealed(x, x.at).size();
  x.causation = {8, 9};
  const auto bytes = sealed(x, x.at);
  CHECK(bytes.size() == size + 16);
  record read;
  REQUIRE_FALSE(decode_record(bytes, x.at, read));
  CHECK(read.causation == message_id{8, 9});
}

TEST_CASE("a turn with an event and a dispatch of 60 bytes each, names included, takes 228 bytes") {
  const byte_buffer payload(60, std::byte{1});
  record x;
  x.turn = 3;
  x.sequence = 2;
  x.stream = {"transfer", "T-1000001"};
  x.time = at_micros(1'700'000'000'000'000);
  x.kind = input_kind::outcome;
  x.input = {1, 2};
  x.input_type = "Deposit";
  x.correlation = "T-1000001";
  x.status = "depositing";
  x.saga_open = true;
  x.next_due = at_micros(1'700'000'005'000'000);
  x.events = {{"Deposited", 1, byte_span{payload}.first(51)}};
  x.dispatches = {{{"account", "A-100001"},
                   participation::step,
                   "withdraw",
                   "Withdraw",
                   byte_span{payload}.first(29)}};
  CHECK(sealed(x, 1).size() == 228);
}

TEST_CASE("the head of a record agrees with the whole of it") {
  for (const auto& sample : record_samples()) {
    INFO(sample.name);
    const auto& x = sample.value;
    const auto bytes = sealed(x);
    const auto head = head_of_record(bytes);
    REQUIRE(head);
    CHECK(head->at == x.at);
    CHECK(head->previous == x.previous);
    CHECK(head->stream == x.stream);
    const auto entry = stream_head_of(*head, x.at);
    CHECK(entry == stream_head{x.at, x.turn, x.sequence + x.events.size(), x.deleted, x.saga_open,
                               x.next_due, std::string{x.status}});
  }
}

TEST_CASE("damage to a record is named") {
  const auto sample = record_samples()[1].value;
  auto bytes = sealed(sample);
  record read;

  SECTION("any flipped bit breaks the checksum or the length") {
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
      auto flipped = bytes;
      flipped[i / 8] ^= std::byte{1} << (i % 8);
      CHECK(decode_record(flipped, sample.at, read));
    }
    bytes.back() ^= std::byte{1};
    const auto error = decode_record(bytes, sample.at, read);
    REQUIRE(error);
    CHECK(error->starts_with("its checksum is "));
  }

  SECTION("a record in another's place is named with both places") {
    CHECK(decode_record(bytes, sample.at + 1, read) == "it is the record of position " +
                                                           std::to_string(sample.at) + ", not of " +
                                                           std::to_string(sample.at + 1));
  }

  SECTION("a record cut short anywhere is told from its length") {
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK(decode_record(byte_span{bytes}.first(size), sample.at, read));
    CHECK(decode_record(byte_span{bytes}.first(bytes.size() - 1), sample.at, read) ==
          "its length says " + std::to_string(bytes.size()) + " bytes, but there are " +
              std::to_string(bytes.size() - 1));
  }

  SECTION("bytes behind the last field are damage even under a good checksum") {
    bytes.push_back(std::byte{0});
    store_fixed(bytes.data() + record_format::length_offset,
                static_cast<std::uint32_t>(bytes.size()));
    reseal_checksum(bytes);
    CHECK(decode_record(bytes, sample.at, read) == "1 bytes follow its last field");
  }

  SECTION("a record of a newer format is not guessed at") {
    bytes[record_format::version_offset] = std::byte{2};
    reseal_checksum(bytes);
    CHECK(decode_record(bytes, sample.at, read) ==
          "its format version is 2; this program knows version 1");
    CHECK_FALSE(head_of_record(bytes));
  }

  SECTION("a count of events that the bytes cannot hold is refused without making room for them") {
    record empty;
    empty.stream = {"a", "b"};
    auto small = sealed(empty, 1);
    small[record_format::head_offset + 2] = std::byte{0x7f};
    reseal_checksum(small);
    CHECK(decode_record(small, 1, read) == "its field 'event type' is malformed");
    CHECK(read.events.size() <= 1);
  }

  SECTION("an unknown saga transition is refused") {
    bytes[record_format::flags_offset + 3] |= std::byte{0x0f};
    reseal_checksum(bytes);
    CHECK(decode_record(bytes, sample.at, read) == "its field 'saga transition' is malformed");
  }
}

TEST_CASE("bytes that are no record never make the decoder read outside them") {
  std::mt19937_64 random{20260301};
  record read;
  std::size_t accepted = 0;
  for (const auto& sample : record_samples())
    for (int round = 0; round < 4000; ++round) {
      auto bytes = sealed(sample.value);
      for (auto changes = 1 + random() % 4; changes > 0; --changes)
        bytes[record_format::flags_offset +
              random() % (bytes.size() - record_format::flags_offset)] =
            static_cast<std::byte>(random());
      if (random() % 4 == 0) {
        bytes.resize(record_format::head_offset +
                     random() % (bytes.size() - record_format::head_offset));
        store_fixed(bytes.data() + record_format::length_offset,
                    static_cast<std::uint32_t>(bytes.size()));
      }
      reseal_checksum(bytes);
      // Of its exact size, so that a sanitizer sees the first byte that is read behind it.
      const auto exact = std::make_unique<std::byte[]>(bytes.size());
      std::copy(bytes.begin(), bytes.end(), exact.get());
      const byte_span span{exact.get(), bytes.size()};
      head_of_record(span);
      if (decode_record(span, sample.value.at, read))
        continue;
      ++accepted;
      byte_buffer again;
      encode_record(read, again);
      seal_record(again, read.at, read.previous);
      record reread;
      REQUIRE(decode_record(again, read.at, reread) == std::nullopt);
      REQUIRE(equal(read, reread));
    }
  CHECK(accepted > 0);
}

TEST_CASE("records of format version 1 that were stored once still read the same") {
  for (const auto& sample : record_samples()) {
    INFO(sample.name);
    const auto stored = read_fixture(sample.name);
    record read;
    REQUIRE(decode_record(stored, sample.value.at, read) == std::nullopt);
    CHECK(equal(read, sample.value));
    CHECK(sealed(sample.value) == stored);
  }
}
