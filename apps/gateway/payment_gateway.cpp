#include "apps/gateway/payment_gateway.hpp"

#include "apps/gateway/payment_ledger.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <condition_variable>
#include <httplib.h>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>

namespace skald {

namespace {

using nlohmann::json;

// Requests that hang keep a thread each.
constexpr std::size_t thread_count = 256;

constexpr std::size_t requests_per_connection_max = 1'000'000;

constexpr const char* loopback = "127.0.0.1";

void answer_with(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text, "application/json");
}

void answer_with_error(httplib::Response& response, int status, const std::string& why) {
  answer_with(response, status, json{{"error", why}}.dump());
}

struct request_content {
  std::string key;
  std::string payment;
  std::string card;
  std::int64_t amount = 0;
};

/// @throws std::invalid_argument
request_content content_of(const httplib::Request& request, bool is_refund) {
  request_content result;
  result.key = request.get_header_value("Idempotency-Key");
  if (result.key.empty())
    throw std::invalid_argument("the header Idempotency-Key is missing");
  const auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("payment") || !body["payment"].is_string())
    throw std::invalid_argument("the content has to be an object with a text 'payment'");
  result.payment = body["payment"];
  if (is_refund)
    return result;
  if (!body.contains("card") || !body["card"].is_string())
    throw std::invalid_argument("the text 'card' is missing");
  if (!body.contains("amount") || !body["amount"].is_number_integer() || body["amount"] <= 0)
    throw std::invalid_argument("'amount' has to be a whole number above 0");
  result.card = body["card"];
  result.amount = body["amount"];
  return result;
}

payment_ledger::answer take_effect(payment_ledger& ledger, const request_content& wanted,
                                   bool is_refund, bool is_refused) {
  if (is_refund)
    return is_refused ? ledger.refuse(wanted.key, wanted.payment, 409, "no refunds today")
                      : ledger.refund(wanted.key, wanted.payment);
  if (is_refused || wanted.card == declined_card)
    return ledger.refuse(wanted.key, wanted.payment, 402, "the card was declined");
  return ledger.charge(wanted.key, wanted.payment, wanted.amount);
}

} // namespace

class payment_gateway::server {
public:
  server(std::uint16_t port, const std::filesystem::path& ledger_file,
         const gateway_behaviour& behaviour)
      : behaviour_(behaviour) {
    if (!ledger_file.empty())
      ledger_.emplace(ledger_file);
    else
      ledger_.emplace();
    add_routes();
    http_.new_task_queue = [] { return new httplib::ThreadPool(thread_count); };
    http_.set_tcp_nodelay(true);
    // The default would let two gateways share one port.
    http_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    http_.set_keep_alive_max_count(requests_per_connection_max);
    port_ = port == 0 ? http_.bind_to_any_port(loopback)
                      : (http_.bind_to_port(loopback, port) ? port : -1);
    if (port_ <= 0)
      throw std::runtime_error("the payment gateway cannot listen on " + std::string{loopback} +
                               ":" + std::to_string(port) + "; give another --port, or 0");
    thread_ = std::thread{[this] { http_.listen_after_bind(); }};
    // Stopping what does not run yet would do nothing.
    while (!http_.is_running())
      std::this_thread::yield();
  }

  ~server() {
    stop();
    thread_.join();
  }

  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

  void behave(const gateway_behaviour& behaviour) {
    std::lock_guard guard{mutex_};
    behaviour_ = behaviour;
  }

  void wait() {
    std::unique_lock guard{mutex_};
    stopping_.wait(guard, [this] { return is_stopping_; });
  }

  void stop() {
    {
      std::lock_guard guard{mutex_};
      is_stopping_ = true;
    }
    stopping_.notify_all();
    http_.stop();
  }

private:
  void add_routes() {
    http_.Post("/charges", [this](const httplib::Request& request, httplib::Response& response) {
      handle(request, response, false);
    });
    http_.Post("/refunds", [this](const httplib::Request& request, httplib::Response& response) {
      handle(request, response, true);
    });
    http_.Get("/payments", [this](const httplib::Request&, httplib::Response& response) {
      answer_with(response, 200, payments().dump());
    });
    http_.Get("/behaviour", [this](const httplib::Request&, httplib::Response& response) {
      std::lock_guard guard{mutex_};
      answer_with(response, 200, json_of(behaviour_).dump());
    });
    http_.Put("/behaviour", [this](const httplib::Request& request, httplib::Response& response) {
      try {
        behave(behaviour_of(json::parse(request.body, nullptr, false)));
        answer_with(response, 200, "{}");
      } catch (const std::invalid_argument& error) {
        answer_with_error(response, 400, error.what());
      }
    });
    http_.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, const std::exception_ptr& thrown) {
          try {
            std::rethrow_exception(thrown);
          } catch (const std::exception& error) {
            answer_with_error(response, 500, error.what());
          }
        });
  }

  void handle(const httplib::Request& request, httplib::Response& response, bool is_refund) {
    request_content wanted;
    try {
      wanted = content_of(request, is_refund);
    } catch (const std::invalid_argument& error) {
      return answer_with_error(response, 400, error.what());
    }
    const auto [fault, hang_ms] = next_fault(wanted.key, is_refund);
    if (fault.what == gateway_fault::kind::hangs) {
      pass(hang_ms);
      return answer_with_error(response, 503, "the gateway hung");
    }
    pass(fault.slow_ms);
    if (fault.what == gateway_fault::kind::fails_for_now)
      return answer_with_error(response, 503, "the gateway fails for now");
    const auto given =
        take_effect(*ledger_, wanted, is_refund, fault.what == gateway_fault::kind::refused);
    pass(fault.answer_late_ms);
    answer_with(response, given.status, given.text);
  }

  std::pair<gateway_fault, std::uint32_t> next_fault(const std::string& key, bool is_refund) {
    std::lock_guard guard{mutex_};
    const auto earlier = tries_[key]++;
    return {fault_of(behaviour_, is_refund, key, earlier),
            behaviour_.hang ? behaviour_.hang_ms : behaviour_.chaos_delay_ms};
  }

  // Returns earlier when the gateway stops.
  void pass(std::uint32_t milliseconds) {
    if (milliseconds == 0)
      return;
    std::unique_lock guard{mutex_};
    stopping_.wait_for(guard, std::chrono::milliseconds{milliseconds},
                       [this] { return is_stopping_; });
  }

  json payments() const {
    const auto total = ledger_->total();
    json result{{"charges", total.charges},
                {"refunds", total.refunds},
                {"charged", total.charged},
                {"refunded", total.refunded},
                {"payments", json::object()}};
    for (const auto& [id, its] : ledger_->payments())
      result["payments"][id] = {{"charged", its.charged}, {"refunded", its.refunded}};
    return result;
  }

  std::mutex mutex_;
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  gateway_behaviour behaviour_;
  std::unordered_map<std::string, std::uint64_t> tries_; ///< by idempotency key
  std::optional<payment_ledger> ledger_;
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

payment_gateway::payment_gateway(std::uint16_t port, const std::filesystem::path& ledger_file,
                                 const gateway_behaviour& behaviour)
    : server_(std::make_unique<server>(port, ledger_file, behaviour)) {}

payment_gateway::~payment_gateway() = default;

std::uint16_t payment_gateway::port() const {
  return server_->port();
}

void payment_gateway::behave(const gateway_behaviour& behaviour) {
  server_->behave(behaviour);
}

void payment_gateway::wait() {
  server_->wait();
}

void payment_gateway::stop() {
  server_->stop();
}

} // namespace skald
