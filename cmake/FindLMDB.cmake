# LMDB ships no CMake package. Defines LMDB::lmdb and LMDB_VERSION. Part of Skald's own package too.
find_path(LMDB_INCLUDE_DIR lmdb.h)
find_library(LMDB_LIBRARY lmdb)
mark_as_advanced(LMDB_INCLUDE_DIR LMDB_LIBRARY)

if(LMDB_INCLUDE_DIR)
  set(lmdb_version "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${LMDB_INCLUDE_DIR}/lmdb.h line REGEX "^#define[ \t]+MDB_VERSION_${part}[ \t]")
    string(REGEX MATCH "[0-9]+" number "${line}")
    list(APPEND lmdb_version "${number}")
  endforeach()
  list(JOIN lmdb_version "." LMDB_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LMDB
  REQUIRED_VARS LMDB_LIBRARY LMDB_INCLUDE_DIR VERSION_VAR LMDB_VERSION)

if(LMDB_FOUND AND NOT TARGET LMDB::lmdb)
  add_library(LMDB::lmdb UNKNOWN IMPORTED)
  set_target_properties(LMDB::lmdb PROPERTIES
    IMPORTED_LOCATION "${LMDB_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${LMDB_INCLUDE_DIR}")
endif()
