# Our one way to make a library, a program and a test.
include(GoogleTest)

# Flags of our own code; private, so that they never leak into what others build against us.
add_library(netstackd_flags INTERFACE)
target_compile_options(netstackd_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  # Optimised, GCC 12 sees uninitialised and overlapping memory in the standard library's strings
  # and maps where there is none; these two stay warnings there.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-error=maybe-uninitialized>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-error=restrict>)

set(NETSTACKD_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize= (empty: none)")
if(NETSTACKD_SANITIZE)
  add_compile_options(-fsanitize=${NETSTACKD_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${NETSTACKD_SANITIZE})
endif()

# ThreadSanitizer runs what lies below gRPC: the packaged gRPC is not instrumented, and a correct
# program on top of it is reported. A test counts if its label is one of these and its folder is
# not one of those; it then gets the second label "tsan".
set(NETSTACKD_TSAN_LABELS unit property sim contract)
set(NETSTACKD_TSAN_NOT_IN "^(server/rpc|server/daemon|client|agent|examples)(/|$)")
add_custom_target(tsan_tests)

# netstackd_library(NAME HDRS ... SRCS ... PUBLIC_DEPS ... PRIVATE_DEPS ...)
function(netstackd_library NAME)
  cmake_parse_arguments(ARG "" "" "HDRS;SRCS;PUBLIC_DEPS;PRIVATE_DEPS" ${ARGN})
  set(target netstackd_${NAME})
  if(ARG_SRCS)
    add_library(${target} STATIC ${ARG_SRCS})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:netstackd_flags> ${ARG_PRIVATE_DEPS})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  set(tables ${ARG_HDRS}) # .inc files are not headers: they do not compile alone
  list(FILTER tables INCLUDE REGEX "\\.inc$")
  list(FILTER ARG_HDRS EXCLUDE REGEX "\\.inc$")
  target_sources(${target} ${scope} FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HDRS})
  if(tables)
    target_sources(${target} ${scope} FILE_SET tables TYPE HEADERS
      BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${tables})
  endif()
  # A header whose .cc includes it first (lint.guards) is known to compile alone; the rest is tried.
  set(alone)
  foreach(header IN LISTS ARG_HDRS)
    string(REGEX REPLACE "^include/.*/|\\.h$" "" stem ${header})
    if(NOT "${stem}.cc" IN_LIST ARG_SRCS)
      list(APPEND alone ${header})
    endif()
  endforeach()
  target_sources(${target} ${scope} FILE_SET alone TYPE HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${alone})
  set_target_properties(${target} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY alone)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(${target} ${scope} ${ARG_PUBLIC_DEPS})
  add_library(netstackd::${NAME} ALIAS ${target})
endfunction()

# netstackd_program(NAME SRCS ... DEPS ...): the executable is called NAME.
function(netstackd_program NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SRCS})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE netstackd_flags ${ARG_DEPS})
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# netstackd_test(NAME LABEL unit|property|sim|contract|golden|integration|e2e SRCS ... DEPS ...
#                [TIMEOUT seconds] [NO_TSAN]): a GoogleTest program, one CTest entry per test.
# NO_TSAN is for a test that runs gRPC, wherever it lives.
function(netstackd_test NAME)
  cmake_parse_arguments(ARG "NO_TSAN" "LABEL;TIMEOUT" "SRCS;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  if(NETSTACKD_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4") # instrumented code is that much slower
  endif()
  add_executable(${NAME} ${ARG_SRCS})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE netstackd_flags ${ARG_DEPS} GTest::gmock GTest::gtest_main)

  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})

  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  if(ARG_LABEL IN_LIST NETSTACKD_TSAN_LABELS AND NOT ARG_NO_TSAN
      AND NOT folder MATCHES "${NETSTACKD_TSAN_NOT_IN}")
    add_dependencies(tsan_tests ${NAME})
    # gtest_discover_tests cannot pass on two labels; CTest reads this file after its own.
    set(script ${CMAKE_CURRENT_BINARY_DIR}/${NAME}_labels.cmake)
    file(WRITE ${script} "if(${NAME}_TESTS)
  set_tests_properties(\${${NAME}_TESTS} PROPERTIES LABELS \"${ARG_LABEL};tsan\")
endif()
")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
  endif()
endfunction()
