# Finds cpp-httplib: its own CMake package, else Debian's, which has a pkg-config file alone. Which
# macros it was built with matters, so both are asked. Defines httplib::httplib.
find_package(httplib QUIET CONFIG)
if(NOT TARGET httplib::httplib)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib>=0.11)
  add_library(httplib::httplib ALIAS PkgConfig::HTTPLIB)
endif()
