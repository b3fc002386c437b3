#include "apps/skald/progress_bar.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <memory>
#include <string>

using namespace skald;

TEST_CASE("a progress line shows bar, share and counts") {
  CHECK(progress_line("transfers", 0, 10) ==
        "transfers [                              ]   0%  0 of 10");
  CHECK(progress_line("transfers", 38'826, 77'652) ==
        "transfers [###############               ]  50%  38,826 of 77,652");
  CHECK(progress_line("accounts", 1'000'000, 1'000'000) ==
        "accounts [##############################] 100%  1,000,000 of 1,000,000");
}

TEST_CASE("a progress line bears a job without work and more work than was announced") {
  CHECK(progress_line("transfers", 0, 0).ends_with("  0%  0 of 0"));
  CHECK(progress_line("transfers", 12, 10).ends_with("100%  12 of 10"));
}

TEST_CASE("a progress bar writes nothing where there is no terminal") {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  REQUIRE(file);
  {
    progress_bar bar{"transfers", 2, file.get()};
    bar.advance();
    bar.advance();
  }
  CHECK(std::ftell(file.get()) == 0);
}
