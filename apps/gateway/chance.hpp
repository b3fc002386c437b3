#pragma once

#include <cstdint>
#include <string_view>

namespace skald {

/// A number of [0, 1) that depends on nothing but `seed`, what it is drawn for, and how often it
/// was drawn before: the same in every process.
double chance(std::uint64_t seed, std::string_view what, std::uint64_t draw);

} // namespace skald
