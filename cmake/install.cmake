# What `cmake --install` puts where, and the package skald that find_package(skald) finds there.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/skald)
install(TARGETS skald_messages skald_persistence skald_actors EXPORT skaldTargets ARCHIVE)
install(EXPORT skaldTargets NAMESPACE skald:: DESTINATION ${package_folder})

# A store is opened through lmdb_journal.hpp; the other headers about LMDB are its own business.
install(DIRECTORY messages persistence actors DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/skald
  FILES_MATCHING PATTERN "*.hpp" PATTERN "lmdb_*" EXCLUDE)
install(FILES persistence/lmdb_journal.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/skald/persistence)

configure_package_config_file(cmake/skaldConfig.cmake.in
  ${PROJECT_BINARY_DIR}/skaldConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/skaldConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/skaldConfig.cmake
  ${PROJECT_BINARY_DIR}/skaldConfigVersion.cmake cmake/FindLMDB.cmake DESTINATION ${package_folder})
