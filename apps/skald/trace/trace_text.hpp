#pragma once

#include "apps/skald/terminal_colours.hpp"
#include "apps/skald/trace/transaction_trace.hpp"

#include <string>

namespace skald {

/// The transaction as an indented timeline: what a turn caused stands below it and further to the
/// right.
std::string trace_text(const transaction_trace& trace, const terminal_colours& colours);

/// `5 turns of 3 participants in 4.20 ms; transfer/T-1 is completed`.
std::string summary_of(const transaction_trace& trace);

} // namespace skald
