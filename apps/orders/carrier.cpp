#include "apps/orders/carrier.hpp"

#include "apps/gateway/chance.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace skald {

namespace {

using namespace std::chrono_literals;

constexpr auto slowness = 200ms;

// Draws for each try of each request, whichever thread makes it.
class chance_of_requests {
public:
  chance_of_requests(double chaos, std::uint64_t seed) : chaos_(chaos), seed_(seed) {}

  // Which of `kinds` faults happens to the next try of `request`; -1: none.
  int draw(const std::string& request, int kinds) {
    const auto drawn = chance(seed_, request, count_try(request));
    return drawn < chaos_ ? static_cast<int>(drawn / chaos_ * kinds) : -1;
  }

private:
  std::uint64_t count_try(const std::string& request) {
    const std::lock_guard guard{mutex_};
    return tries_[request]++;
  }

  double chaos_;
  std::uint64_t seed_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> tries_;
};

carrier_answer answer_of(int fault) {
  switch (fault) {
  case 0:
    std::this_thread::sleep_for(slowness);
    return carrier_answer::done;
  case 1:
    return carrier_answer::failed_for_now;
  case 2:
    return carrier_answer::refused;
  case 3:
    return carrier_answer::silent;
  default:
    return carrier_answer::done;
  }
}

} // namespace

carrier reliable_carrier() {
  const auto done = [](const std::string&) { return carrier_answer::done; };
  return {done, done};
}

carrier carrier_of_chance(double chaos, std::uint64_t seed) {
  auto luck = std::make_shared<chance_of_requests>(chaos, seed);
  return {
      [luck](const std::string& shipment) { return answer_of(luck->draw("take " + shipment, 4)); },
      [luck](const std::string& shipment) {
        return answer_of(luck->draw("call off " + shipment, 2));
      }};
}

} // namespace skald
