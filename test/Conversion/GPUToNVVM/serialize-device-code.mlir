// RUN: not env PATH=%bev_tools_dir CUDA_HOME= CUDA_PATH= CUDA_ROOT= bev-opt %s --bev-serialize-device-code=format=bin 2>&1 | FileCheck %s
// RUN: not bev-opt %s --bev-serialize-device-code=format=elf 2>&1 | FileCheck %s --check-prefix=FORMAT

// CHECK: error: format=bin needs the CUDA toolkit's ptxas, which is neither on PATH nor under CUDA_HOME; format=isa needs no toolkit
// FORMAT: error: unknown format 'elf'; expected llvm, isa, bin or fatbin
gpu.module @kernels [#nvvm.target<chip = "sm_90", features = "+ptx81">] {
}
