// RUN: bev-opt %s -canonicalize | FileCheck %s

// No points, no intervals or no frustum: zero.
// CHECK-LABEL: func.func @no_points
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<1x1x4x5x8xf16>)
func.func @no_points(%feat: tensor<0x8xf16>, %ranks: tensor<0xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16> {
  // CHECK: %[[ZERO:.+]] = arith.constant 0.000000e+00 : f16
  // CHECK: %[[R:.+]] = linalg.fill ins(%[[ZERO]] : f16) outs(%[[INIT]] : tensor<1x1x4x5x8xf16>)
  // CHECK: return %[[R]]
  %0 = bev.voxel_pool ins(%feat : tensor<0x8xf16>)
      intervals(%ranks, %starts, %lengths : tensor<0xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16>
  return %0 : tensor<1x1x4x5x8xf16>
}

// CHECK-LABEL: func.func @no_intervals
func.func @no_intervals(%feat: tensor<?x8xf16>, %ranks: tensor<?xi32>, %starts: tensor<0xi32>, %init: tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16> {
  // CHECK: linalg.fill
  // CHECK-NOT: bev.voxel_pool
  %0 = bev.voxel_pool ins(%feat : tensor<?x8xf16>)
      intervals(%ranks, %starts, %starts : tensor<?xi32>, tensor<0xi32>, tensor<0xi32>)
      outs(%init : tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16>
  return %0 : tensor<1x1x4x5x8xf16>
}

// CHECK-LABEL: func.func @no_cells
func.func @no_cells(%feat: tensor<?x0x4x5x8xf32>, %depth: tensor<?x0x7x4x5xf32>, %cells: tensor<?x0x7x4x5xi32>, %init: tensor<?x1x4x5x8xf32>) -> tensor<?x1x4x5x8xf32> {
  // CHECK: linalg.fill
  // CHECK-NOT: bev.voxel_pool
  %0 = bev.voxel_pool ins(%feat : tensor<?x0x4x5x8xf32>) depth(%depth : tensor<?x0x7x4x5xf32>)
      cells(%cells : tensor<?x0x7x4x5xi32>)
      outs(%init : tensor<?x1x4x5x8xf32>) -> tensor<?x1x4x5x8xf32>
  return %0 : tensor<?x1x4x5x8xf32>
}

// No segments, or none that are of cells.
// CHECK-LABEL: func.func @no_segments
func.func @no_segments(%feat: tensor<1x6x4x5x8xf16>, %depth: tensor<1x6x7x4x5xf32>, %segments: tensor<0x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x4x5x2xi32>, %init: tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16> {
  // CHECK: linalg.fill {{.*}} -> tensor<1x1x4x5x8xf16>
  // CHECK-NOT: bev.
  %0 = bev.voxel_pool ins(%feat : tensor<1x6x4x5x8xf16>) depth(%depth : tensor<1x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<0x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x4x5x2xi32>)
      outs(%init : tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16>
  return %0 : tensor<1x1x4x5x8xf16>
}

// CHECK-LABEL: func.func @no_ranks
func.func @no_ranks(%feat: tensor<1x6x4x5x8xf32>, %depth: tensor<1x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<0xi32>, %bounds: tensor<1x1x4x5x2xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK: linalg.fill
  // CHECK-NOT: bev.
  %0 = bev.voxel_pool ins(%feat : tensor<1x6x4x5x8xf32>) depth(%depth : tensor<1x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<0xi32>) bounds(%bounds : tensor<1x1x4x5x2xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %0 : tensor<1x1x4x5x8xf32>
}

// Segments that there may be stay.
// CHECK-LABEL: func.func @some_segments
func.func @some_segments(%feat: tensor<1x6x4x5x8xf32>, %depth: tensor<1x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x4x5x2xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK: bev.voxel_pool
  // CHECK-NOT: linalg.fill
  %0 = bev.voxel_pool ins(%feat : tensor<1x6x4x5x8xf32>) depth(%depth : tensor<1x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x4x5x2xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %0 : tensor<1x1x4x5x8xf32>
}

// An init is not read; sizes that are known are taken over.
// CHECK-LABEL: func.func @init
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf32>
func.func @init(%feat: tensor<9x8xf32>, %bounds: tensor<5x2xi32>) -> tensor<5x8xf32> {
  // CHECK-NOT: linalg.fill
  // CHECK: %[[EMPTY:.+]] = tensor.empty() : tensor<5x8xf32>
  // CHECK: bev.interval_pool ins(%[[FEAT]] : tensor<9x8xf32>) {{.*}} outs(%[[EMPTY]] : tensor<5x8xf32>)
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<5x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<5x8xf32>) -> tensor<5x8xf32>
  %rows = tensor.cast %feat : tensor<9x8xf32> to tensor<?x8xf32>
  %0 = bev.interval_pool ins(%rows : tensor<?x8xf32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return %0 : tensor<5x8xf32>
}
