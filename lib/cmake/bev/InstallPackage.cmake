# Installs what find_package(BEV) reads.  Included after all libraries are there.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/bev)
get_property(BEV_EXPORTED_LIBS GLOBAL PROPERTY BEV_ALL_LIBS)
list(JOIN BEV_EXPORTED_LIBS " " BEV_EXPORTED_LIBS)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/BEVConfig.cmake.in ${PROJECT_BINARY_DIR}/lib/cmake/bev/BEVConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lib/cmake/bev/BEVConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/lib/cmake/bev/BEVConfig.cmake
  ${PROJECT_BINARY_DIR}/lib/cmake/bev/BEVConfigVersion.cmake
  DESTINATION ${package_dir})
install(EXPORT BEVTargets DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
