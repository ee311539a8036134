// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// The sum, the squared distances from the mean, their inverse roots, and one op
// for every element.
// CHECK-LABEL: func.func @layer_norm
// CHECK: %[[SUM:.+]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// CHECK: %[[SQUARES:.+]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// CHECK-SAME: %[[SUM]]
// CHECK: %[[INVERSE:.+]] = linalg.generic {{.*}} iterator_types = ["parallel"]
// CHECK: math.sqrt
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK-SAME: %[[INVERSE]], %[[SUM]]
// CHECK-NOT: linalg.generic
func.func @layer_norm(%x: tensor<?x64xf32>, %scale: tensor<64xf32>, %bias: tensor<64xf32>) -> tensor<?x64xf32> {
  %0 = onnx.node "LayerNormalization" 17 (%x, %scale, %bias)
      : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: func.func @softmax
// CHECK: linalg.softmax dimension(1)
func.func @softmax(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = onnx.node "Softmax" 13 (%x) {axis = 1 : i64}
      : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// Of f16 the exponentials and their sum have the precision of f16.
// CHECK-LABEL: func.func @softmax_half
// CHECK-NOT: linalg.softmax
// CHECK: arith.maximumf {{.*}} : f16
// CHECK: %[[EXP:.*]] = math.exp {{.*}} : f32
// CHECK-NEXT: arith.truncf %[[EXP]] : f32 to f16
// CHECK: arith.addf {{.*}} : f32
// CHECK: ^bb0(%{{.*}}: f16, %[[SUM:.*]]: f32, %{{.*}}: f16):
// CHECK-NEXT: %[[ROUNDED:.*]] = arith.truncf %[[SUM]] : f32 to f16
// CHECK-NEXT: arith.extf %[[ROUNDED]] : f16 to f32
// CHECK: arith.divf {{.*}} : f32
func.func @softmax_half(%x: tensor<2x3xf16>) -> tensor<2x3xf16> {
  %0 = onnx.node "Softmax" 13 (%x) {axis = 1 : i64}
      : (tensor<2x3xf16>) -> tensor<2x3xf16>
  return %0 : tensor<2x3xf16>
}

// Before version 13 all dimensions from the axis on are one.
// CHECK-LABEL: func.func @softmax_flat
// CHECK: linalg.softmax dimension(1) ins(%{{.+}} : tensor<2x12xf32>)
func.func @softmax_flat(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = onnx.node "Softmax" 11 (%x) {axis = 1 : i64}
      : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// One factor and one summand for each channel.
// CHECK-LABEL: func.func @batch_norm
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK: arith.mulf
// CHECK-NEXT: arith.addf
// CHECK-NEXT: linalg.yield
func.func @batch_norm(%x: tensor<1x4x8x8xf32>, %s: tensor<4xf32>, %b: tensor<4xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<1x4x8x8xf32> {
  %0 = onnx.node "BatchNormalization" 9 (%x, %s, %b, %m, %v)
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %0 : tensor<1x4x8x8xf32>
}
