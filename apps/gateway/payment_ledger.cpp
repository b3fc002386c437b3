#include "apps/gateway/payment_ledger.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace skald {

namespace {

using nlohmann::json;

constexpr int created = 201;
constexpr int conflict = 409;

std::string error_text(const std::string& why) {
  return json{{"error", why}}.dump();
}

} // namespace

payment_ledger::payment_ledger(const std::filesystem::path& file) {
  read(file);
  file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0)
    throw std::runtime_error("the ledger " + file.string() +
                             " cannot be written: " + std::strerror(errno));
}

payment_ledger::~payment_ledger() {
  if (file_ >= 0)
    ::close(file_);
}

payment_ledger::answer payment_ledger::charge(const std::string& key, const std::string& payment,
                                              std::int64_t amount) {
  std::lock_guard guard{mutex_};
  if (const auto found = answers_.find(key); found != answers_.end())
    return found->second;
  const auto& its = payments_[payment];
  if (its.is_closed)
    return remember({key, payment, {conflict, error_text("the payment was given back or voided")}});
  if (its.charged > 0)
    return remember({key, payment, {conflict, error_text("the payment is charged already")}});
  return remember({key, payment, {created, json{{"charged", amount}}.dump()}, amount});
}

payment_ledger::answer payment_ledger::refund(const std::string& key, const std::string& payment) {
  std::lock_guard guard{mutex_};
  if (const auto found = answers_.find(key); found != answers_.end())
    return found->second;
  const auto& its = payments_[payment];
  const auto amount = its.charged - its.refunded;
  return remember({key, payment, {created, json{{"refunded", amount}}.dump()}, 0, amount, true});
}

payment_ledger::answer payment_ledger::refuse(const std::string& key, const std::string& payment,
                                              int status, const std::string& why) {
  std::lock_guard guard{mutex_};
  if (const auto found = answers_.find(key); found != answers_.end())
    return found->second;
  return remember({key, payment, {status, error_text(why)}});
}

payment_ledger::totals payment_ledger::total() const {
  std::lock_guard guard{mutex_};
  return totals_;
}

std::map<std::string, payment_ledger::entry> payment_ledger::payments() const {
  std::lock_guard guard{mutex_};
  return payments_;
}

void payment_ledger::read(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string text;
  std::uintmax_t whole = 0;
  for (std::size_t number = 1; std::getline(in, text) && !in.eof(); ++number) {
    whole += text.size() + 1;
    const auto parsed = json::parse(text, nullptr, false);
    if (!parsed.is_array() || parsed.size() != 7)
      throw std::runtime_error("the ledger " + file.string() + ", line " + std::to_string(number) +
                               ": this is no line of a ledger");
    apply(
        {parsed[0], parsed[1], {parsed[2].get<int>(), parsed[3]}, parsed[4], parsed[5], parsed[6]});
  }
  // The process ended while it wrote the last line, which was never answered.
  if (std::filesystem::exists(file))
    std::filesystem::resize_file(file, whole);
}

payment_ledger::answer payment_ledger::remember(line happened) {
  write(happened);
  apply(happened);
  return happened.given;
}

void payment_ledger::apply(const line& happened) {
  answers_.emplace(happened.key, happened.given);
  auto& its = payments_[happened.payment];
  its.charged += happened.charged;
  its.refunded += happened.refunded;
  its.is_closed = its.is_closed || happened.closes;
  totals_.charged += happened.charged;
  totals_.refunded += happened.refunded;
  totals_.charges += happened.charged > 0 ? 1 : 0;
  totals_.refunds += happened.refunded > 0 ? 1 : 0;
}

void payment_ledger::write(const line& happened) {
  if (file_ < 0)
    return;
  const auto text =
      json{happened.key,     happened.payment,  happened.given.status, happened.given.text,
           happened.charged, happened.refunded, happened.closes}
          .dump() +
      "\n";
  const auto written = ::write(file_, text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()))
    throw std::runtime_error(std::string{"the ledger cannot be written: "} + std::strerror(errno));
}

} // namespace skald
