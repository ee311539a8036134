// RUN: bev-opt %s --bev-attach-nvvm-target=chip=sm_90 | FileCheck %s
// RUN: bev-opt %s --bev-attach-nvvm-target=chip=sm_75 | FileCheck %s --check-prefix=TURING
// RUN: not bev-opt %s --bev-attach-nvvm-target=chip=sm_12 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not env BEV_CUDA_DRIVER=no-such-driver.so bev-opt %s --bev-attach-nvvm-target=chip=native 2>&1 | FileCheck %s --check-prefix=NATIVE

// CHECK: gpu.module @kernels [#nvvm.target<O = 3, chip = "sm_90", features = "+ptx81">]
// TURING: gpu.module @kernels [#nvvm.target<O = 3, chip = "sm_75", features = "+ptx70">]
// UNKNOWN: error: unknown chip 'sm_12'; expected native or one of sm_75, sm_80
// NATIVE: error: cannot find out the native chip: no CUDA driver found
gpu.module @kernels {
  // CHECK: gpu.func @asked() kernel attributes {known_block_size = array<i32: 128, 1, 1>, nvvm.minctasm = 8 : i32}
  gpu.func @asked() kernel attributes {bev.blocks = 8 : i64, known_block_size = array<i32: 128, 1, 1>} {
    gpu.return
  }
}
