#pragma once

#include "apps/skald/flow/flow.hpp"
#include "apps/skald/terminal_colours.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace skald {

/// The flow for a person: what leads to what, how often, and where declared and observed differ.
std::string flow_text(const saga_flow& flow, const terminal_colours& colours);

/// `{"saga":...,"type":...,"started":...,"links":[...],"never_seen":[...],"undeclared":[...]}`.
nlohmann::ordered_json flow_json(const saga_flow& flow);

/// `a saga of transfer: 12 started, 10 completed, 2 compensated`.
std::string flow_summary(const saga_flow& flow);

/// `never seen`, `1 time`, `12 times`.
std::string times_text(std::uint64_t count);

/// In Mermaid's language.
std::string flow_mermaid(const saga_flow& flow);

} // namespace skald
