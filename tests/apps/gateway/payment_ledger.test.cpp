#include "apps/gateway/payment_ledger.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>

using namespace skald;

namespace {

class scratch_folder {
public:
  scratch_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "skald-ledger-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

} // namespace

TEST_CASE("a request with a key that was used takes no effect and gets the first answer") {
  payment_ledger ledger;
  const auto first = ledger.charge("k-1", "O-1", 500);
  const auto again = ledger.charge("k-1", "O-1", 500);
  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.text == first.text);
  CHECK(ledger.total().charges == 1);
  CHECK(ledger.total().charged == 500);
}

TEST_CASE("a payment is not charged twice, under whatever key") {
  payment_ledger ledger;
  ledger.charge("k-1", "O-1", 500);
  CHECK(ledger.charge("k-2", "O-1", 500).status == 409);
  CHECK(ledger.total().charged == 500);
}

TEST_CASE("a refund gives back what was charged, once") {
  payment_ledger ledger;
  ledger.charge("k-1", "O-1", 500);
  CHECK(ledger.refund("k-2", "O-1").status == 201);
  CHECK(ledger.refund("k-3", "O-1").status == 201);
  CHECK(ledger.total().refunds == 1);
  CHECK(ledger.total().refunded == 500);
}

TEST_CASE("a payment that was given back before its charge came is never charged") {
  payment_ledger ledger;
  CHECK(ledger.refund("k-1", "O-1").status == 201);
  CHECK(ledger.charge("k-2", "O-1", 500).status == 409);
  CHECK(ledger.total().charged == 0);
}

TEST_CASE("a refusal stays the answer to its key") {
  payment_ledger ledger;
  CHECK(ledger.refuse("k-1", "O-1", 402, "declined").status == 402);
  CHECK(ledger.charge("k-1", "O-1", 500).status == 402);
  CHECK(ledger.total().charged == 0);
}

TEST_CASE("a ledger with a file outlives its process") {
  const scratch_folder folder;
  {
    payment_ledger ledger{folder / "ledger"};
    ledger.charge("k-1", "O-1", 500);
    ledger.charge("k-2", "O-2", 300);
    ledger.refund("k-3", "O-2");
  }
  payment_ledger ledger{folder / "ledger"};
  CHECK(ledger.total().charged == 800);
  CHECK(ledger.total().refunded == 300);
  CHECK(ledger.charge("k-1", "O-1", 500).status == 201);
  CHECK(ledger.charge("k-4", "O-2", 300).status == 409);
  CHECK(ledger.total().charged == 800);
}

TEST_CASE("a line that was cut short when the process ended counts for nothing") {
  const scratch_folder folder;
  {
    payment_ledger ledger{folder / "ledger"};
    ledger.charge("k-1", "O-1", 500);
  }
  std::ofstream{folder / "ledger", std::ios::app} << R"(["k-2","O-2",201,"{\"char)";
  {
    payment_ledger ledger{folder / "ledger"};
    CHECK(ledger.total().charged == 500);
    ledger.charge("k-3", "O-3", 700);
  }
  CHECK(payment_ledger{folder / "ledger"}.total().charged == 1'200);
}

TEST_CASE("a file that is no ledger is refused, and the line named") {
  const scratch_folder folder;
  std::ofstream{folder / "ledger"} << "hello\n";
  std::string why;
  try {
    payment_ledger{folder / "ledger"};
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  CHECK(why.find("line 1") != std::string::npos);
}
