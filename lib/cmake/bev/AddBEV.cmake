# Functions that create every library, dialect, conversion and tool of the
# project.  All of them link MLIR and LLVM through their shared libraries; naming
# a single `MLIRxxx` target would pull the static libraries in beside them.

include(GNUInstallDirs)
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# Warnings, include folders and visibility that all targets of the project share.
function(_bev_configure_target target)
  target_include_directories(${target}
    PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(${target} SYSTEM
    PUBLIC $<BUILD_INTERFACE:${MLIR_INCLUDE_DIRS}> $<BUILD_INTERFACE:${LLVM_INCLUDE_DIRS}>)
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wno-unused-parameter -Werror=return-type
    -fno-exceptions -fvisibility-inlines-hidden)
endfunction()

# Lets the target use the headers that most files of the project include, parsed
# once: that is half of what compiling a file costs.
function(_bev_use_precompiled_headers target)
  if(NOT TARGET BEVPrecompiledHeaders)
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/precompiled-headers.cpp" CONTENT "")
    add_library(BEVPrecompiledHeaders OBJECT "${CMAKE_BINARY_DIR}/precompiled-headers.cpp")
    _bev_configure_target(BEVPrecompiledHeaders)
    target_precompile_headers(BEVPrecompiledHeaders PRIVATE
      <mlir/Dialect/Affine/IR/AffineOps.h>
      <mlir/Dialect/Arith/IR/Arith.h>
      <mlir/Dialect/Func/IR/FuncOps.h>
      <mlir/Dialect/Linalg/IR/Linalg.h>
      <mlir/Dialect/Math/IR/Math.h>
      <mlir/Dialect/MemRef/IR/MemRef.h>
      <mlir/Dialect/SCF/IR/SCF.h>
      <mlir/Dialect/Tensor/IR/Tensor.h>
      <mlir/IR/Builders.h>
      <mlir/IR/ImplicitLocOpBuilder.h>
      <mlir/IR/PatternMatch.h>
      <mlir/Pass/PassManager.h>
      <mlir/Transforms/DialectConversion.h>)
    # Equal contents make equal files, which ccache relies on.
    target_compile_options(BEVPrecompiledHeaders PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  target_precompile_headers(${target} REUSE_FROM BEVPrecompiledHeaders)
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

# add_bev_library(NAME SRC... [DEPENDS target...] [LINK_LIBS library...])
#
# A static library of compiler code, exported with the package.
function(add_bev_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  _bev_configure_target(${name})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    _bev_use_precompiled_headers(${name})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  set_property(GLOBAL APPEND PROPERTY BEV_ALL_LIBS ${name})
  install(TARGETS ${name} EXPORT BEVTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# add_bev_dialect(NAME SRC... ) is a library of dialect code (IR or Transforms).
function(add_bev_dialect name)
  add_bev_library(${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY BEV_DIALECT_LIBS ${name})
endfunction()

# add_bev_conversion(NAME SRC... ) is a library that converts between dialects.
function(add_bev_conversion name)
  add_bev_library(${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY BEV_CONVERSION_LIBS ${name})
endfunction()

# add_bev_tool(NAME SRC... [LINK_LIBS library...])
#
# An installed program.
function(add_bev_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _bev_configure_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} MLIR LLVM)
  set_property(GLOBAL APPEND PROPERTY BEV_ALL_TOOLS ${name})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
