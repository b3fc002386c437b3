#include "apps/gateway/payment_gateway.hpp"
#include "apps/skald/verbs.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace skald {

namespace {

struct gateway_options {
  std::uint16_t port = 8402;
  std::filesystem::path ledger;
  std::string behaviour = "{}";
};

constexpr auto help =
    "Charges cards and gives money back over HTTP on 127.0.0.1, in nobody's name: for trying what "
    "a\nclient does when its gateway is slow, fails, refuses or is silent. Prints the port that "
    "it\n"
    "listens on, and goes on until it is ended.\n\n"
    "  POST /charges   Idempotency-Key: KEY   {\"payment\": \"O-1\", \"card\": \"4242\", "
    "\"amount\": 1000}\n"
    "  POST /refunds   Idempotency-Key: KEY   {\"payment\": \"O-1\"}\n"
    "  GET  /payments  what was charged and given back\n"
    "  PUT  /behaviour {\"slow_ms\": 100, \"answer_late_ms\": 100, \"fail_times\": 2, \"refuse\": "
    "true,\n"
    "                   \"refuse_refunds\": true, \"hang\": true, \"hang_ms\": 60000, \"chaos\": "
    "0.2,\n"
    "                   \"chaos_delay_ms\": 1500, \"seed\": 1}; what is not named is not done\n\n"
    "The card 'declined' is refused always. A repeated key gets the first answer. A payment that "
    "was\ngiven back is not charged again, nor one that was given back before its charge came.\n\n"
    "Example:\n"
    "  skald gateway --port 8402 --ledger gateway.jsonl &\n"
    "  skald --gateway http://127.0.0.1:8402 send order O-1 PlaceOrder \\\n"
    "    '{\"product\": \"P-1\", \"quantity\": 1, \"amount\": 1999, \"card\": \"4242\"}'";

gateway_behaviour parsed(const std::string& text) {
  try {
    return behaviour_of(nlohmann::json::parse(text, nullptr, false));
  } catch (const std::invalid_argument& error) {
    throw user_error{std::string{"--behaviour: "} + error.what()};
  }
}

void serve(const gateway_options& options) {
  payment_gateway gateway{options.port, options.ledger, parsed(options.behaviour)};
  std::printf("%u\n", unsigned{gateway.port()});
  std::fflush(stdout);
  gateway.wait();
}

} // namespace

void add_gateway_verb(CLI::App& program, const global_options&) {
  auto* verb = program.add_subcommand("gateway", "Be a payment gateway that can misbehave");
  verb->footer(help);
  auto options = std::make_shared<gateway_options>();
  verb->add_option("--port", options->port, "Port to listen on; 0: one that is free")
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--ledger", options->ledger, "File that keeps the ledger; default: in memory")
      ->type_name("FILE");
  verb->add_option("--behaviour", options->behaviour, "How to behave, as PUT /behaviour takes it")
      ->type_name("JSON");
  verb->callback([options] { serve(*options); });
}

} // namespace skald
