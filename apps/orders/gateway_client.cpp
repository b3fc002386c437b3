#include "apps/orders/gateway_client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <httplib.h>
#include <memory>
#include <stdexcept>

namespace skald {

namespace {

using nlohmann::json;

std::unique_ptr<httplib::Client> connect(const gateway_settings& settings) {
  auto result = std::make_unique<httplib::Client>(settings.address);
  const auto timeout = std::chrono::duration_cast<std::chrono::microseconds>(settings.timeout);
  result->set_connection_timeout(timeout);
  result->set_read_timeout(timeout);
  result->set_write_timeout(timeout);
  result->set_tcp_nodelay(true);
  result->set_keep_alive(true);
  return result;
}

// For what is not a payment, and has nothing to fall back on.
std::unique_ptr<httplib::Client> connect_patiently(gateway_settings settings) {
  settings.timeout = std::max<duration>(settings.timeout, std::chrono::seconds{30});
  return connect(settings);
}

// The connection of this thread to the gateway, kept open from one request to the next.
httplib::Client& connection_to(const gateway_settings& settings) {
  thread_local std::string address;
  thread_local std::unique_ptr<httplib::Client> client;
  if (!client || address != settings.address) {
    address = settings.address;
    client = connect(settings);
  }
  return *client;
}

std::string said(const httplib::Response& response) {
  const auto body = json::parse(response.body, nullptr, false);
  const bool explains = body.is_object() && body.contains("error") && body["error"].is_string();
  return std::to_string(response.status) + (explains ? " " + std::string{body["error"]} : "");
}

std::string at(const gateway_settings& settings) {
  return "the payment gateway " + settings.address;
}

httplib::Response require_answer(const httplib::Result& result, const gateway_settings& settings) {
  if (!result)
    throw std::runtime_error(at(settings) +
                             " does not answer: " + httplib::to_string(result.error()));
  if (result->status != 200)
    throw std::runtime_error(at(settings) + " answered " + said(*result));
  return *result;
}

} // namespace

gateway_client::gateway_client(gateway_settings settings) : settings_(std::move(settings)) {
  constexpr std::string_view scheme = "http://";
  const auto& address = settings_.address;
  if (!address.starts_with(scheme) || address.size() == scheme.size() ||
      !httplib::Client{settings_.address}.is_valid())
    throw std::invalid_argument("'" + settings_.address +
                                "' is no address of a payment gateway such as "
                                "http://127.0.0.1:8402");
}

gateway_answer gateway_client::charge(const std::string& key, const std::string& payment,
                                      const std::string& card, minor_units amount) const {
  return post("/charges", key,
              json{{"payment", payment}, {"card", card}, {"amount", amount.count}}.dump());
}

gateway_answer gateway_client::refund(const std::string& key, const std::string& payment) const {
  return post("/refunds", key, json{{"payment", payment}}.dump());
}

gateway_totals gateway_client::totals() const {
  const auto answer = require_answer(connect_patiently(settings_)->Get("/payments"), settings_);
  const auto body = json::parse(answer.body);
  gateway_totals result{body.at("charges"),
                        body.at("refunds"),
                        {body.at("charged").get<std::int64_t>()},
                        {body.at("refunded").get<std::int64_t>()},
                        {}};
  for (const auto& [id, its] : body.at("payments").items())
    result.kept[id] = {its.at("charged").get<std::int64_t>() -
                       its.at("refunded").get<std::int64_t>()};
  return result;
}

void gateway_client::behave(const std::string& behaviour) const {
  require_answer(connect_patiently(settings_)->Put("/behaviour", behaviour, "application/json"),
                 settings_);
}

gateway_answer gateway_client::post(const std::string& path, const std::string& key,
                                    const std::string& content) const {
  using kind = gateway_answer::kind;
  const auto result = connection_to(settings_).Post(
      path, httplib::Headers{{"Idempotency-Key", key}}, content, "application/json");
  if (!result)
    return {kind::failed_for_now,
            at(settings_) + " does not answer: " + httplib::to_string(result.error())};
  if (result->status >= 200 && result->status < 300)
    return {};
  const auto reason = at(settings_) + " answered " + said(*result);
  return {result->status >= 500 ? kind::failed_for_now : kind::refused, reason};
}

} // namespace skald
