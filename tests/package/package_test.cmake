# Installs the build BUILD, then configures, builds and runs consumer/ with it, all in WORK.
file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/installed)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
run(${prefix}/bin/skald --version)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/build -G Ninja
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/build)

execute_process(COMMAND ${WORK}/build/theatre OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
set(expected "from outside: A-1 is reserved, at sequence 1
from an actor: refused, because the seat is taken by Ada
it shows: reserved {\"guest\":\"Ada\"}
the actor system goes on
")
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "expected:\n${expected}but the program said:\n${output}")
endif()
