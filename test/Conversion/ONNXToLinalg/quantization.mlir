// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// CHECK: #[[ROWS:.+]] = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: func.func @quantize
// CHECK: linalg.generic
// CHECK: arith.divf
// CHECK: math.roundeven
// CHECK: arith.uitofp {{.*}} : i8 to f32
func.func @quantize(%x: tensor<4x8xf32>, %scale: tensor<f32>, %zero: tensor<ui8>) -> tensor<4x8xui8> {
  %0 = onnx.node "QuantizeLinear" 13 (%x, %scale, %zero)
      : (tensor<4x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x8xui8>
  return %0 : tensor<4x8xui8>
}

// A scale for each row.
// CHECK-LABEL: func.func @dequantize
// CHECK: linalg.generic {indexing_maps = [#{{.+}}, #[[ROWS]], #{{.+}}]
func.func @dequantize(%x: tensor<4x8xi8>, %scale: tensor<4xf32>) -> tensor<4x8xf32> {
  %0 = onnx.node "DequantizeLinear" 13 (%x, %scale) {axis = 0 : i64}
      : (tensor<4x8xi8>, tensor<4xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @product
// CHECK: linalg.matmul ins(%{{.+}}, %{{.+}} : tensor<4x8xi32>, tensor<8x2xi32>)
func.func @product(%x: tensor<4x8xui8>, %y: tensor<8x2xi8>, %zero: tensor<ui8>) -> tensor<4x2xi32> {
  %0 = onnx.node "MatMulInteger" 10 (%x, %y, %zero)
      : (tensor<4x8xui8>, tensor<8x2xi8>, tensor<ui8>) -> tensor<4x2xi32>
  return %0 : tensor<4x2xi32>
}
