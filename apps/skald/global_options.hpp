#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace skald {

/// What every verb of the program takes.
struct global_options {
  std::filesystem::path store = "skald-store";
  bool json = false;             ///< machine-readable output
  std::string gateway;           ///< address of the payment gateway; empty: one of its own
  std::string program = "skald"; ///< how the person called it
};

/// Something that the person can mend: printed on stderr, and the program ends with 1.
class user_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace skald
