// RUN: bev-opt %s --bev-annotate-kernel-arguments | FileCheck %s

module attributes {gpu.container_module} {
  // CHECK: gpu.func @apart(%{{.*}}: memref<4xf32> {llvm.align = 16 : i64, llvm.noalias, llvm.readonly}, %{{.*}}: memref<4xf32> {llvm.align = 16 : i64, llvm.noalias})
  // CHECK: gpu.func @same(%{{.*}}: memref<4xf32> {llvm.align = 16 : i64}, %{{.*}}: memref<4xf32> {llvm.align = 16 : i64})
  gpu.module @kernels {
    gpu.func @apart(%a: memref<4xf32>, %b: memref<4xf32>) kernel {
      %t = gpu.thread_id x
      %v = memref.load %a[%t] : memref<4xf32>
      memref.store %v, %b[%t] : memref<4xf32>
      gpu.return
    }
    gpu.func @same(%a: memref<4xf32>, %b: memref<4xf32>) kernel {
      %t = gpu.thread_id x
      %v = memref.load %a[%t] : memref<4xf32>
      memref.store %v, %b[%t] : memref<4xf32>
      gpu.return
    }
  }
  func.func @host(%x: memref<4xf32>) {
    %c1 = arith.constant 1 : index
    %y = memref.alloc() : memref<4xf32>
    gpu.launch_func @kernels::@apart blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%x : memref<4xf32>, %y : memref<4xf32>)
    gpu.launch_func @kernels::@same blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%y : memref<4xf32>, %y : memref<4xf32>)
    return
  }
}
