// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// scale 2 / sqrt(3 + 1) = 1, and 4 / sqrt(15 + 1) = 1; shifts 5 - 1 and 6 - 2.
// CHECK-LABEL: @batch_norm
// CHECK-DAG: %[[W:.*]] = onnx.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}2.000000e+00]]]]> : tensor<2x1x1x1xf32>
// CHECK-DAG: %[[B:.*]] = onnx.constant dense<4.000000e+00> : tensor<2xf32>
// CHECK: onnx.node "Conv" 16(%{{.*}}, %[[W]], %[[B]])
// CHECK-NEXT: return
func.func @batch_norm(%x: tensor<?x1x4x4xf32>) -> tensor<*xf32> {
  %w = onnx.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %scale = onnx.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %shift = onnx.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %mean = onnx.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %variance = onnx.constant dense<[3.0, 15.0]> : tensor<2xf32>
  %0 = onnx.node "Conv" 16 (%x, %w) : (tensor<?x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<*xf32>
  %1 = onnx.node "BatchNormalization" 16 (%0, %scale, %shift, %mean, %variance) {epsilon = 1.0 : f32}
      : (tensor<*xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// The product is needed as it is, too.
// CHECK-LABEL: @shared
// CHECK: "Conv"
// CHECK: "Add"
func.func @shared(%x: tensor<1x1x4x4xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %w = onnx.constant dense<1.0> : tensor<2x1x1x1xf32>
  %b = onnx.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %0 = onnx.node "Conv" 16 (%x, %w) : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<*xf32>
  %1 = onnx.node "Add" 16 (%0, %b) : (tensor<*xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
  return %0, %1 : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: @channels
// CHECK-DAG: %[[W:.*]] = onnx.constant dense<{{\[\[\[\[}}3.000000e+00]], {{\[\[}}4.000000e+00]]]]> : tensor<1x2x1x1xf32>
// CHECK-DAG: %[[B:.*]] = onnx.constant dense<[3.000000e+00, 8.000000e+00]> : tensor<2xf32>
// CHECK: onnx.node "ConvTranspose" 16(%{{.*}}, %[[W]], %[[B]])
// CHECK-NEXT: return
func.func @channels(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
  %w = onnx.constant dense<1.0> : tensor<1x2x1x1xf32>
  %b = onnx.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %s = onnx.constant dense<[[[3.0]], [[4.0]]]> : tensor<2x1x1xf32>
  %0 = onnx.node "ConvTranspose" 16 (%x, %w) : (tensor<1x1x4x4xf32>, tensor<1x2x1x1xf32>) -> tensor<*xf32>
  %1 = onnx.node "Add" 16 (%b, %0) : (tensor<2x1x1xf32>, tensor<*xf32>) -> tensor<*xf32>
  %2 = onnx.node "Mul" 16 (%1, %s) : (tensor<*xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
  return %2 : tensor<*xf32>
}

// CHECK-LABEL: @gemm
// CHECK: %[[W:.*]] = onnx.constant dense<{{\[\[}}1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]>
// CHECK: onnx.node "Gemm" 16(%{{.*}}, %[[W]]) : (
func.func @gemm(%x: tensor<3x2xf32>) -> tensor<*xf32> {
  %w = onnx.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %0 = onnx.node "Gemm" 16 (%x, %w) {transB = 1 : i64} : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
