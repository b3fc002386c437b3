#pragma once

#include "apps/skald/global_options.hpp"

#include <CLI/CLI.hpp>

namespace skald {

/// `skald drive orders`; `skald drive` and `skald drive bank` are in drive_verb.cpp.
void add_drive_orders_verb(CLI::App& drive, const global_options& global);

} // namespace skald
