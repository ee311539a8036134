// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// A table of rows, a table of columns, and one gather; what keeps its size has
// none.
// CHECK-LABEL: func.func @nearest
// CHECK: %[[ROWS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<8xi64>)
// CHECK: %[[COLUMNS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<10xi64>)
// CHECK: linalg.generic {{.*}} ins(%[[ROWS]], %[[COLUMNS]] :
// CHECK: tensor.extract
// CHECK-NOT: linalg.generic
func.func @nearest(%x: tensor<?x3x4x5xf32>) -> tensor<?x3x8x10xf32> {
  %none = onnx.none
  %scales = onnx.constant dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>
  %0 = onnx.node "Resize" 13 (%x, %none, %scales) {mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"}
      : (tensor<?x3x4x5xf32>, none, tensor<4xf32>) -> tensor<?x3x8x10xf32>
  return %0 : tensor<?x3x8x10xf32>
}

// Two weighted sums, each over the taps of one dimension.
// CHECK-LABEL: func.func @linear
// CHECK: linalg.generic {{.*}} "reduction"]} ins(%{{.+}}, %{{.+}} : tensor<7x2xi64>, tensor<7x2xf32>)
// CHECK: linalg.generic {{.*}} "reduction"]} ins(%{{.+}}, %{{.+}} : tensor<9x2xi64>, tensor<9x2xf32>)
func.func @linear(%x: tensor<1x3x4x5xf32>) -> tensor<1x3x7x9xf32> {
  %none = onnx.none
  %sizes = onnx.constant dense<[1, 3, 7, 9]> : tensor<4xi64>
  %0 = onnx.node "Resize" 13 (%x, %none, %none, %sizes) {mode = "linear"}
      : (tensor<1x3x4x5xf32>, none, none, tensor<4xi64>) -> tensor<1x3x7x9xf32>
  return %0 : tensor<1x3x7x9xf32>
}

// CHECK-LABEL: func.func @grid_sample
// CHECK: bev.grid_sample bilinear zeros align_corners
func.func @grid_sample(%x: tensor<1x3x4x5xf32>, %grid: tensor<1x6x7x2xf32>) -> tensor<1x3x6x7xf32> {
  %0 = onnx.node "GridSample" 16 (%x, %grid) {align_corners = 1 : i64}
      : (tensor<1x3x4x5xf32>, tensor<1x6x7x2xf32>) -> tensor<1x3x6x7xf32>
  return %0 : tensor<1x3x6x7xf32>
}

// CHECK-LABEL: func.func @grid_sample_3d
// CHECK-NOT: bev.grid_sample
// CHECK: linalg.generic
func.func @grid_sample_3d(%x: tensor<1x3x4x5x6xf32>, %grid: tensor<1x6x7x8x3xf32>) -> tensor<1x3x6x7x8xf32> {
  %0 = onnx.node "GridSample" 20 (%x, %grid)
      : (tensor<1x3x4x5x6xf32>, tensor<1x6x7x8x3xf32>) -> tensor<1x3x6x7x8xf32>
  return %0 : tensor<1x3x6x7x8xf32>
}
