// RUN: bev-opt %s -bev-propagate-value-layout=when=pays | FileCheck %s
// RUN: bev-opt %s -bev-propagate-value-layout | FileCheck %s --check-prefix=ABSORBED --implicit-check-not=head_major

// A copy of the value pays where very many samples read each of its positions.

// ABSORBED-LABEL: func.func @many
// CHECK-LABEL: func.func @many
func.func @many(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x400x2x1x4x2xf32>, %weights: tensor<1x400x2x1x4xf32>, %init: tensor<1x400x2x4xf32>) -> tensor<1x400x2x4xf32> {
  // CHECK: linalg.transpose
  // CHECK: bev.ms_deform_attn levels([2, 3]) value_layout({{ ?}}head_major)
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x400x2x1x4x2xf32>, tensor<1x400x2x1x4xf32>)
      outs(%init : tensor<1x400x2x4xf32>) -> tensor<1x400x2x4xf32>
  return %0 : tensor<1x400x2x4xf32>
}

// CHECK-LABEL: func.func @few
func.func @few(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: bev.ms_deform_attn levels([2, 3]) ins
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// Sizes that are not known.
// CHECK-LABEL: func.func @unknown
func.func @unknown(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x?x2x1x4x2xf32>, %weights: tensor<1x?x2x1x4xf32>, %init: tensor<1x?x2x4xf32>) -> tensor<1x?x2x4xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: bev.ms_deform_attn levels([2, 3]) ins
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x?x2x1x4x2xf32>, tensor<1x?x2x1x4xf32>)
      outs(%init : tensor<1x?x2x4xf32>) -> tensor<1x?x2x4xf32>
  return %0 : tensor<1x?x2x4xf32>
}

// Buffers stay as they are.
// CHECK-LABEL: func.func @buffers
func.func @buffers(%value: memref<1x6x2x4xf32>, %locations: memref<1x400x2x1x4x2xf32>, %weights: memref<1x400x2x1x4xf32>, %init: memref<1x400x2x4xf32>) {
  // CHECK: bev.ms_deform_attn levels([2, 3]) ins
  bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : memref<1x6x2x4xf32>, memref<1x400x2x1x4x2xf32>, memref<1x400x2x1x4xf32>)
      outs(%init : memref<1x400x2x4xf32>)
  return
}
