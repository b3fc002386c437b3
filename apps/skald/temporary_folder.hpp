#pragma once

#include <filesystem>

namespace skald {

/// A new, empty folder that goes with its owner, and everything in it.
class temporary_folder {
public:
  /// @throws user_error if it cannot be made in `parent`.
  explicit temporary_folder(const std::filesystem::path& parent);
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace skald
