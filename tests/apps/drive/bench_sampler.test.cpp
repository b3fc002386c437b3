#include "apps/skald/bench_sampler.hpp"

#include "apps/skald/global_options.hpp"
#include "apps/skald/temporary_folder.hpp"
#include "persistence/memory_journal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

using namespace skald;

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> result;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    result.push_back(line);
  return result;
}

std::vector<double> numbers_of(const std::string& line) {
  std::vector<double> result;
  std::size_t start = 0;
  for (std::size_t end = 0; end != std::string::npos; start = end + 1) {
    end = line.find(',', start);
    result.push_back(std::stod(line.substr(start, end - start)));
  }
  return result;
}

} // namespace

TEST_CASE("a sampler writes a line at each interval and one at the end") {
  const temporary_folder folder{std::filesystem::temp_directory_path()};
  const auto file = folder.path() / "samples.csv";
  const memory_journal log;
  std::mutex mutex;
  std::condition_variable sampled;
  std::uint64_t samples = 0;
  bench_sampler sampler{file};
  sampler.start(
      log,
      [&] {
        const std::lock_guard lock{mutex};
        sampled.notify_all();
        return ++samples * 10;
      },
      std::chrono::milliseconds{1});
  {
    std::unique_lock lock{mutex};
    CHECK(sampled.wait_for(lock, std::chrono::minutes{1}, [&] { return samples >= 3; }));
  }
  sampler.finish();
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == samples + 1);
  CHECK(lines.front() == "seconds,transfers,resident_kib,store_bytes,journal_position");
  double before = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto numbers = numbers_of(lines[i]);
    REQUIRE(numbers.size() == 5);
    CHECK(numbers[0] >= before);
    CHECK(numbers[1] == 10.0 * static_cast<double>(i));
    CHECK(numbers[2] > 0);
    before = numbers[0];
  }
}

TEST_CASE("a sampler that cannot write says which file and what to do") {
  CHECK_THROWS_MATCHES(
      bench_sampler("/nowhere/samples.csv"), user_error,
      Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring("/nowhere/samples.csv") &&
                                      Catch::Matchers::ContainsSubstring("--samples")));
}

TEST_CASE("samples that do not fit on the disk are an error, not a shorter file") {
  const memory_journal log;
  CHECK_THROWS_AS(bench_sampler("/dev/full"), user_error);
}
