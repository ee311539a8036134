// RUN: bev-opt %s -bev-select-schedule=target=gpu | FileCheck %s --check-prefixes=CHECK,SM90
// RUN: bev-opt %s -bev-select-schedule="target=gpu chip=sm_80" | FileCheck %s --check-prefixes=CHECK,SM80
// RUN: bev-opt %s -bev-select-schedule="target=gpu chip=sm_87" | FileCheck %s --check-prefixes=CHECK,SM87

// The schedules of warping ops on a GPU: accesses of half precision are as wide
// as leaves the GPU full of threads.

// CHECK-LABEL: func.func @half
// SM90: schedule(<lanes = 2, threads = 128, guard = skip>)
// SM80: schedule(<lanes = 4, threads = 128, guard = skip>)
// SM87: schedule(<lanes = 8, threads = 128, guard = skip>)
func.func @half(%prev: tensor<1x128x128x32xf16>, %angle: tensor<1xf32>) -> tensor<1x128x128x32xf16> {
  %r = bev.warp_bev bilinear ins(%prev, %angle : tensor<1x128x128x32xf16>, tensor<1xf32>) outs(%prev : tensor<1x128x128x32xf16>) -> tensor<1x128x128x32xf16>
  return %r : tensor<1x128x128x32xf16>
}

// CHECK-LABEL: func.func @large
// CHECK: schedule(<lanes = 8, threads = 128, guard = skip>)
func.func @large(%prev: tensor<4x200x200x32xf16>, %angle: tensor<4xf32>) -> tensor<4x200x200x32xf16> {
  %r = bev.warp_bev bilinear ins(%prev, %angle : tensor<4x200x200x32xf16>, tensor<4xf32>) outs(%prev : tensor<4x200x200x32xf16>) -> tensor<4x200x200x32xf16>
  return %r : tensor<4x200x200x32xf16>
}

// CHECK-LABEL: func.func @single
// CHECK: schedule(<lanes = 4, threads = 128, guard = skip>)
func.func @single(%prev: tensor<1x8x8x32xf32>, %angle: tensor<1xf32>) -> tensor<1x8x8x32xf32> {
  %r = bev.warp_bev bilinear ins(%prev, %angle : tensor<1x8x8x32xf32>, tensor<1xf32>) outs(%prev : tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32>
  return %r : tensor<1x8x8x32xf32>
}
