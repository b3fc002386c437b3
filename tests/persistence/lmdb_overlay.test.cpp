#include "persistence/lmdb_overlay.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace skald;

namespace {

constexpr std::size_t stream_count = 700;
constexpr std::size_t batch_size = 1'000;
constexpr position record_count = 200 * batch_size;

/// Records go to the streams in turn: the one at `at` belongs to this.
std::size_t stream_at(position at) {
  return at % stream_count;
}

/// The last record of the stream that stands not behind `upto`; 0 if there is none.
position last_of(std::size_t stream, position upto) {
  const auto back = (upto + stream_count - stream) % stream_count;
  return upto < back ? 0 : upto - back;
}

std::string id_of(std::size_t stream) {
  return std::to_string(stream);
}

void add_all(lmdb_overlay& overlay) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < stream_count; ++i)
    ids.push_back(id_of(i));
  std::vector<record_head> batch(batch_size);
  for (position first = 1; first <= record_count; first += batch_size) {
    for (std::size_t i = 0; i < batch_size; ++i)
      batch[i].stream = {"account", ids[stream_at(first + i)]};
    overlay.add(batch, first, static_cast<std::uint32_t>(first));
  }
}

} // namespace

TEST_CASE("what is set aside has every head up to its mark, whatever is added meanwhile") {
  lmdb_overlay overlay{{}};
  std::vector<position> written(stream_count, 0);
  std::jthread adding{[&] { add_all(overlay); }};
  position upto = 0;
  for (bool fails = true; upto < record_count; fails = !fails) {
    const auto& changes = overlay.begin_write();
    const auto mark = changes.upto.at;
    REQUIRE(mark >= upto);
    if (!fails) {
      for (const auto& entry : changes.heads.entries())
        written[std::stoul(address_of_key(entry.key).id)] = entry.head.last;
      for (std::size_t i = 0; i < stream_count; ++i)
        REQUIRE(written[i] >= last_of(i, mark));
      upto = mark;
    }
    overlay.end_write(!fails);
  }
  adding.join();
  for (std::size_t i = 0; i < stream_count; ++i) {
    INFO("stream " << i);
    const auto newer = overlay.head(address_view{"account", id_of(i)});
    REQUIRE(std::max(written[i], newer ? newer->last : 0) == last_of(i, record_count));
  }
}
