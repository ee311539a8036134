// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize --cse | FileCheck %s

// CHECK-DAG: #[[ALL:.+]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.+]] = affine_map<(d0, d1) -> (d1)>

// CHECK-LABEL: @broadcast
//  CHECK-SAME: %[[X:.+]]: tensor<4x8xf32>, %[[B:.+]]: tensor<8xf32>
//       CHECK: linalg.generic {indexing_maps = [#[[ALL]], #[[ROW]], #[[ALL]]], iterator_types = ["parallel", "parallel"]}
//  CHECK-SAME:     ins(%[[X]], %[[B]] : tensor<4x8xf32>, tensor<8xf32>)
//       CHECK:   arith.addf
func.func @broadcast(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %y = onnx.node "Add" 17 (%x, %b)
      : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// Dimensions of size 1 are dropped where they are broadcast.
// CHECK-LABEL: @unit
//       CHECK: %[[C:.+]] = tensor.collapse_shape %{{.+}} {{\[\[}}0, 1]] : tensor<1x8xf32> into tensor<8xf32>
//       CHECK: linalg.generic {indexing_maps = [#[[ALL]], #[[ROW]], #[[ALL]]]
func.func @unit(%x: tensor<4x8xf32>, %b: tensor<1x8xf32>) -> tensor<4x8xf32> {
  %y = onnx.node "Mul" 17 (%x, %b)
      : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// Sizes that come from the same tensor are the same: nothing is broadcast.
// CHECK-LABEL: @chain
//       CHECK: linalg.generic
//       CHECK: linalg.generic {indexing_maps = [#[[ALL]], #[[ALL]], #[[ALL]]]
//   CHECK-NOT: tensor.extract
func.func @chain(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %e = onnx.node "Exp" 17 (%x) : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = onnx.node "Add" 17 (%x, %e)
      : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// Sizes of which either may be 1 are read through indices within the tensor.
// CHECK-LABEL: @maybe_broadcast
//       CHECK: linalg.generic
//       CHECK:   arith.minsi
//       CHECK:   tensor.extract
func.func @maybe_broadcast(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %z = onnx.node "Add" 17 (%x, %y)
      : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %z : tensor<?xf32>
}

// CHECK-LABEL: @unsigned
//  CHECK-SAME: %[[X:.+]]: tensor<4xi8> {bev.name = "x", bev.unsigned}
//  CHECK-SAME: -> (tensor<4xi8> {bev.name = "y", bev.unsigned})
//       CHECK: arith.minui
func.func @unsigned(%x: tensor<4xui8> {bev.name = "x"}) -> (tensor<4xui8> {bev.name = "y"}) {
  %c = onnx.constant dense<200> : tensor<ui8>
  %y = onnx.node "Min" 17 (%x, %c) : (tensor<4xui8>, tensor<ui8>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// Resources stay where they are.
// CHECK-LABEL: @resource
//       CHECK: arith.constant dense_resource<weights> : tensor<2xi16>
func.func @resource() -> tensor<2xui16> {
  %c = onnx.constant dense_resource<weights> : tensor<2xui16>
  return %c : tensor<2xui16>
}

// What is computed of a shape is scalars, and no tensor.
// CHECK-LABEL: @shape
//  CHECK-NEXT:   %[[Y:.+]] = tensor.collapse_shape %{{.+}} {{\[\[}}0], [1, 2]]
//  CHECK-NEXT:   return %[[Y]]
func.func @shape(%x: tensor<?x3x4xf32>) -> tensor<?x12xf32> {
  %minus = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %s = onnx.node "Shape" 17 (%x) : (tensor<?x3x4xf32>) -> tensor<3xi64>
  %n = onnx.node "Gather" 17 (%s, %zero) : (tensor<3xi64>, tensor<1xi64>) -> tensor<1xi64>
  %t = onnx.node "Concat" 17 (%n, %minus) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %y = onnx.node "Reshape" 17 (%x, %t) : (tensor<?x3x4xf32>, tensor<2xi64>) -> tensor<?x12xf32>
  return %y : tensor<?x12xf32>
}

// CHECK-LABEL: @slice
//       CHECK: tensor.extract_slice %{{.+}}[0, 1] [4, 3] [1, 2] : tensor<4x8xf32> to tensor<4x3xf32>
func.func @slice(%x: tensor<4x8xf32>) -> tensor<4x3xf32> {
  %s = onnx.constant dense<1> : tensor<1xi64>
  %e = onnx.constant dense<-2> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %y = onnx.node "Slice" 17 (%x, %s, %e, %s, %two)
      : (tensor<4x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// Constant indices that count up are a slice.
// CHECK-LABEL: @gather_run
//       CHECK: tensor.extract_slice %{{.+}}[2, 0] [2, 8] [1, 1]
func.func @gather_run(%x: tensor<4x8xf32>) -> tensor<2x8xf32> {
  %i = onnx.constant dense<[-2, 3]> : tensor<2xi64>
  %y = onnx.node "Gather" 17 (%x, %i) : (tensor<4x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// Other indices are wrapped and clamped: none leaves the tensor.
// CHECK-LABEL: @gather
//       CHECK: linalg.generic
//       CHECK:   arith.select
//       CHECK:   arith.maxsi
//       CHECK:   arith.minsi
//       CHECK:   tensor.extract
func.func @gather(%x: tensor<4x8xf32>, %i: tensor<3xi64>) -> tensor<3x8xf32> {
  %y = onnx.node "Gather" 17 (%x, %i) : (tensor<4x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// CHECK-LABEL: @if
//  CHECK-SAME: %[[C:.+]]: tensor<i1>, %[[X:.+]]: tensor<?xf32>
//       CHECK: %[[G:.+]] = tensor.extract %[[C]][]
//       CHECK: scf.if %[[G]] -> (tensor<?xf32>)
//       CHECK:   scf.yield %[[X]]
//       CHECK: } else {
//       CHECK:   math.exp
//       CHECK:   scf.yield
func.func @if(%c: tensor<i1>, %x: tensor<?xf32>) -> tensor<?xf32> {
  %y = onnx.node "If" 17 (%c) then_branch {
    onnx.yield %x : tensor<?xf32>
  } else_branch {
    %e = onnx.node "Exp" 17 (%x) : (tensor<?xf32>) -> tensor<?xf32>
    onnx.yield %e : tensor<?xf32>
  } : (tensor<i1>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// A loop whose condition stays true counts; its outputs have their place.
// CHECK-LABEL: @loop
//       CHECK: %[[E:.+]] = tensor.empty() : tensor<3x4xf32>
//       CHECK: scf.for {{.+}} iter_args(%{{.+}} = %{{.+}}, %{{.+}} = %[[E]])
//       CHECK:   tensor.insert_slice %{{.+}} into %{{.+}}[%{{.+}}, 0] [1, 4] [1, 1]
func.func @loop(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  %n = onnx.constant dense<3> : tensor<i64>
  %none = onnx.none
  %r:2 = onnx.node "Loop" 17 (%n, %none, %x) body (%i: tensor<i64>, %go: tensor<i1>, %a: tensor<4xf32>) {
    %b = onnx.node "Add" 17 (%a, %a) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    onnx.yield %go, %b, %b : tensor<i1>, tensor<4xf32>, tensor<4xf32>
  } : (tensor<i64>, none, tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
  return %r#0, %r#1 : tensor<4xf32>, tensor<3x4xf32>
}

// A carried value that grows: scf.for would take its first shape for all.
// CHECK-LABEL: @grow
//   CHECK-NOT: scf.for
//       CHECK: scf.while
func.func @grow(%x: tensor<1xf32>, %n: tensor<i64>) -> tensor<?xf32> {
  %none = onnx.none
  %r = onnx.node "Loop" 17 (%n, %none, %x) body (%i: tensor<i64>, %go: tensor<i1>, %a: tensor<?xf32>) {
    %b = onnx.node "Concat" 17 (%a, %x) {axis = 0 : i64} : (tensor<?xf32>, tensor<1xf32>) -> tensor<?xf32>
    onnx.yield %go, %b : tensor<i1>, tensor<?xf32>
  } : (tensor<i64>, none, tensor<1xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0200000001000200"
    }
  }
#-}
