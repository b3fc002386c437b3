#include "apps/skald/temporary_folder.hpp"

#include "apps/skald/global_options.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace skald {

temporary_folder::temporary_folder(const std::filesystem::path& parent) {
  auto name = (parent / "skald-temporary-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw user_error{"cannot make a temporary folder in " + parent.string() + ": " +
                     std::strerror(errno)};
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code failure;
  std::filesystem::remove_all(path_, failure);
  if (failure)
    spdlog::warn("cannot remove {}: {}", path_.string(), failure.message());
}

} // namespace skald
