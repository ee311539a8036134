# Installs the package, builds ./project against the installation as a stranger
# would, and runs what came out.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect text)
  string(FIND "${output}" "${text}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "expected '${text}' in:\n${output}")
  endif()
endfunction()

set(prefix ${WORK_DIR}/prefix)
set(build ${WORK_DIR}/build)
file(REMOVE_RECURSE ${prefix} ${build})
if(SANITIZE)
  string(APPEND FLAGS " -fsanitize=${SANITIZE}")
endif()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${build} -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_CXX_FLAGS=${FLAGS}
  -DCMAKE_EXE_LINKER_FLAGS=${LINKER_FLAGS})
run(${CMAKE_COMMAND} --build ${build})

# The stranger's own opt tool knows the dialect, its passes and its pipelines.
set(module ${SOURCE_DIR}/module.mlir)
run(${build}/embed-opt ${module} --bev-decompose)
expect("linalg.generic")
run(${build}/embed-opt ${module} --lower-to-nvvm)
expect("gpu.binary")

# So do the installed program, and the stock mlir-opt with the installed plugin.
run(${prefix}/bin/bev-opt ${module} --bev-decompose)
expect("linalg.generic")
if(NOT SANITIZE)
  file(GLOB_RECURSE plugin ${prefix}/BEVPlugin.so)
  run(${LLVM_TOOLS_DIR}/mlir-opt ${module} --load-dialect-plugin=${plugin}
    --load-pass-plugin=${plugin} --pass-pipeline=builtin.module\(func.func\(bev-decompose\)\))
  expect("linalg.generic")
endif()
