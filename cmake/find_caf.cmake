# Finds CAF 0.18.7 or later: the first that CMake knows of, else the one that scripts/setup built.
set(skald_caf_minimum 0.18.7)

if(DEFINED ENV{SKALD_CACHE})
  set(skald_cache "$ENV{SKALD_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(skald_cache "$ENV{XDG_CACHE_HOME}/skald")
else()
  set(skald_cache "$ENV{HOME}/.cache/skald")
endif()

# CAF's packages claim to be compatible with their exact version only, and the first package that is
# loaded defines the targets. So ask for what cannot be there, and choose among what was considered.
if(SKALD_SANITIZE STREQUAL "thread" AND NOT EXISTS "${CAF_DIR}/CAFConfig.cmake")
  # Without the sanitizer in CAF as well, every message between actors would look like a data race.
  find_package(CAF 9999 QUIET CONFIG NO_DEFAULT_PATH
    PATHS "${skald_cache}/caf-${skald_caf_minimum}-tsan")
  set(skald_caf_advice "scripts/setup --tsan builds one with ThreadSanitizer in it")
else()
  find_package(CAF 9999 QUIET CONFIG PATHS "${skald_cache}/caf-${skald_caf_minimum}-release")
  set(skald_caf_advice "scripts/setup builds one")
endif()

set(skald_caf_directory "")
foreach(config version IN ZIP_LISTS CAF_CONSIDERED_CONFIGS CAF_CONSIDERED_VERSIONS)
  if(version VERSION_GREATER_EQUAL skald_caf_minimum)
    get_filename_component(skald_caf_directory "${config}" DIRECTORY)
    break()
  endif()
endforeach()
if(NOT skald_caf_directory)
  message(FATAL_ERROR "CAF ${skald_caf_minimum} or later was not found; ${skald_caf_advice}. "
    "Considered: ${CAF_CONSIDERED_CONFIGS} (${CAF_CONSIDERED_VERSIONS})")
endif()

set(CAF_DIR "${skald_caf_directory}" CACHE PATH "Folder of CAFConfig.cmake" FORCE)
find_package(CAF REQUIRED CONFIG COMPONENTS core)
message(STATUS "CAF ${CAF_VERSION}: ${CAF_DIR}")
