# How a layer is built: every .cpp in its folder, warnings on, includes from the project's root.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(skald_options INTERFACE)
target_compile_options(skald_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -Wold-style-cast -Wcast-qual -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in std::string::insert that are not there (GCC bug 105651).
  target_compile_options(skald_options INTERFACE -Wno-restrict)
endif()
if(SKALD_WARNINGS_AS_ERRORS)
  target_compile_options(skald_options INTERFACE -Werror)
endif()
if(SKALD_SANITIZE)
  # Without -fno-sanitize-recover a program that UndefinedBehaviorSanitizer complains of would still
  # succeed.
  target_compile_options(skald_options INTERFACE
    -fsanitize=${SKALD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(skald_options INTERFACE -fsanitize=${SKALD_SANITIZE})
endif()

# skald_layer(NAME LIBRARIES...): a static library skald_NAME (skald::NAME) of the .cpp files in
# this folder.
function(skald_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(skald_${name} STATIC ${sources})
  add_library(skald::${name} ALIAS skald_${name})
  set_target_properties(skald_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(skald_${name} PUBLIC cxx_std_20)
  target_include_directories(skald_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/skald>)
  target_link_libraries(skald_${name} PUBLIC ${ARGN} PRIVATE $<BUILD_INTERFACE:skald_options>)
endfunction()

# skald_tests(NAME LIBRARIES...): a program of the *.test.cpp files in this folder, its cases known
# to CTest.
function(skald_tests name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.test.cpp)
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE ${ARGN} Catch2::Catch2WithMain skald_options)
  catch_discover_tests(${name}_tests
    TEST_PREFIX "${name}: " DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
