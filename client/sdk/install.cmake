# What `cmake --install` puts where, so that find_package(netstackd) works:
#   include/netstackd/*.h        the public headers of the SDK
#   include/netstackd/gen        generated messages (proto/CMakeLists.txt)
#   include/netstackd/own/base   headers of base that the public ones need
#   lib                          static libraries
#   share/netstackd/proto        the contract, for other languages
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DATADIR share)
set(package_dir lib/cmake/netstackd)

set_target_properties(netstackd_proto PROPERTIES EXPORT_NAME proto)
foreach(name base sdk)
  set_target_properties(netstackd_${name} PROPERTIES EXPORT_NAME ${name})
  # A target that is exported has to install all its sets of headers.
  get_target_property(sets netstackd_${name} INTERFACE_HEADER_SETS)
  set(headers)
  foreach(set IN LISTS sets)
    if(set STREQUAL public)
      list(APPEND headers FILE_SET ${set} DESTINATION include)
    else()
      list(APPEND headers FILE_SET ${set} DESTINATION include/netstackd/own)
    endif()
  endforeach()
  install(TARGETS netstackd_${name} EXPORT netstackdTargets ARCHIVE DESTINATION lib ${headers})
endforeach()
install(EXPORT netstackdTargets NAMESPACE netstackd:: DESTINATION ${package_dir})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/netstackdConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/netstackdConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_DATADIR)
# Before 1.0 a minor version may break what was built against the one before.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/package/netstackdConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/package/netstackdConfig.cmake
  ${PROJECT_BINARY_DIR}/package/netstackdConfigVersion.cmake
  DESTINATION ${package_dir})
