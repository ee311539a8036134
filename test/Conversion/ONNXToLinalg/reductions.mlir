// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// A mean is one reduction along the innermost dimension and one division of the
// few sums.
// CHECK-LABEL: func.func @mean
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "reduction"]
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
// CHECK: %[[MEAN:.+]] = linalg.generic
// CHECK: arith.divf
// CHECK: tensor.expand_shape %[[MEAN]] {{\[\[}}0, 1]]
func.func @mean(%x: tensor<?x64xf32>) -> tensor<?x1xf32> {
  %0 = onnx.node "ReduceMean" 13 (%x) {axes = array<i64: -1>}
      : (tensor<?x64xf32>) -> tensor<?x1xf32>
  return %0 : tensor<?x1xf32>
}

// Sums of f16 are kept in f32.
// CHECK-LABEL: func.func @half
// CHECK: arith.extf {{.*}} : f16 to f32
// CHECK: arith.addf {{.*}} : f32
// CHECK: arith.truncf {{.*}} : f32 to f16
func.func @half(%x: tensor<4x8xf16>) -> tensor<4xf16> {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  %0 = onnx.node "ReduceSum" 13 (%x, %axes) {keepdims = 0 : i64}
      : (tensor<4x8xf16>, tensor<1xi64>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}

// Exponents are taken relative to the maximum.
// CHECK-LABEL: func.func @log_sum_exp
// CHECK: arith.maximumf
// CHECK: linalg.generic
// CHECK: arith.subf
// CHECK: math.exp
// CHECK: math.log
func.func @log_sum_exp(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %0 = onnx.node "ReduceLogSumExp" 13 (%x) {axes = array<i64: 1>, keepdims = 0 : i64}
      : (tensor<4x8xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Unsigned integers are compared without sign.
// CHECK-LABEL: func.func @unsigned_max
// CHECK-SAME: tensor<4x8xi8>
// CHECK: arith.maxui
func.func @unsigned_max(%x: tensor<4x8xui8>) -> tensor<ui8> {
  %0 = onnx.node "ReduceMax" 13 (%x) {keepdims = 0 : i64}
      : (tensor<4x8xui8>) -> tensor<ui8>
  return %0 : tensor<ui8>
}

// Axes that are known at run time only: a loop nest for each output.
// CHECK-LABEL: func.func @runtime_axes
// CHECK: linalg.generic
// CHECK: scf.for
// CHECK: scf.for
// CHECK: tensor.extract
func.func @runtime_axes(%x: tensor<4x8xf32>, %axes: tensor<?xi64>) -> tensor<?x?xf32> {
  %0 = onnx.node "ReduceSum" 13 (%x, %axes)
      : (tensor<4x8xf32>, tensor<?xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @arg_max
// CHECK: linalg.generic
// CHECK: linalg.index 1
// CHECK: -> (tensor<4xf32>, tensor<4xi64>)
func.func @arg_max(%x: tensor<4x8xf32>) -> tensor<4xi64> {
  %0 = onnx.node "ArgMax" 13 (%x) {axis = 1 : i64, keepdims = 0 : i64}
      : (tensor<4x8xf32>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// Sums up to each element in as many steps as the size has bits.
// CHECK-LABEL: func.func @cumulative
// CHECK-COUNT-4: linalg.generic
// CHECK-NOT: linalg.generic
func.func @cumulative(%x: tensor<3x6xf32>) -> tensor<3x6xf32> {
  %axis = onnx.constant dense<1> : tensor<i64>
  %0 = onnx.node "CumSum" 14 (%x, %axis)
      : (tensor<3x6xf32>, tensor<i64>) -> tensor<3x6xf32>
  return %0 : tensor<3x6xf32>
}

// The places of a line are sorted in runs that double, padded to a power of two.
// CHECK-LABEL: func.func @top_k
// CHECK: linalg.generic
// CHECK: scf.for
// CHECK: scf.for
// CHECK: -> tensor<2x16xi64>
// CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<2x3xi64>)
func.func @top_k(%x: tensor<2x9xf32>) -> (tensor<2x3xf32>, tensor<2x3xi64>) {
  %k = onnx.constant dense<3> : tensor<1xi64>
  %0:2 = onnx.node "TopK" 11 (%x, %k)
      : (tensor<2x9xf32>, tensor<1xi64>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<2x3xi64>
}
