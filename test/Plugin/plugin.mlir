// Debian's stock mlir-opt runs the project's passes and pipelines after loading
// the plugin.

// The address sanitizer's runtime would have to be in mlir-opt.
// UNSUPPORTED: sanitizers

// RUN: %llvm_tools_dir/mlir-opt %s --load-dialect-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   | FileCheck %s --check-prefix=PARSE
// RUN: %llvm_tools_dir/mlir-opt %s --load-dialect-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --load-pass-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --pass-pipeline='builtin.module(func.func(bev-decompose))' \
// RUN:   | FileCheck %s --check-prefix=DECOMPOSE
// RUN: %llvm_tools_dir/mlir-opt %s --load-dialect-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --load-pass-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --pass-pipeline='builtin.module(one-shot-bufferize{bufferize-function-boundaries})' \
// RUN:   | FileCheck %s --check-prefix=BUFFERIZE
// RUN: %llvm_tools_dir/mlir-opt %s --load-dialect-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --load-pass-plugin=%bev_lib_dir/BEVPlugin.so \
// RUN:   --pass-pipeline='builtin.module(lower-to-nvvm{format=llvm})' \
// RUN:   | FileCheck %s --check-prefix=NVVM

// PARSE:     bev.inverse_sigmoid ins(%{{.*}} : tensor<4x7xf32>)
// DECOMPOSE: linalg.generic
// DECOMPOSE-NOT: bev.
// BUFFERIZE: bev.inverse_sigmoid ins(%{{.*}} : memref<4x7xf32
// NVVM:      gpu.module
// NVVM:        llvm.func @{{.*}} {{.*}}nvvm.kernel

func.func @f(%x: tensor<4x7xf32>) -> tensor<4x7xf32> {
  %init = tensor.empty() : tensor<4x7xf32>
  %r = bev.inverse_sigmoid ins(%x : tensor<4x7xf32>) outs(%init : tensor<4x7xf32>) -> tensor<4x7xf32>
  return %r : tensor<4x7xf32>
}
