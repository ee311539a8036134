// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// CHECK-LABEL: @split_and_join
// CHECK-SAME: %[[X:.*]]: tensor<2x6xf32>
// CHECK: return %[[X]]
func.func @split_and_join(%x: tensor<2x6xf32>) -> tensor<*xf32> {
  %0:3 = onnx.node "Split" 11 (%x) {axis = 1 : i64} : (tensor<2x6xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %1 = onnx.node "Concat" 11 (%0#0, %0#1, %0#2) {axis = -1 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: @swapped
// CHECK: "Concat"
func.func @swapped(%x: tensor<2x6xf32>) -> tensor<*xf32> {
  %0:2 = onnx.node "Split" 11 (%x) {axis = 1 : i64} : (tensor<2x6xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %1 = onnx.node "Concat" 11 (%0#1, %0#0) {axis = 1 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: @join_and_split
// CHECK-SAME: %[[X:.*]]: tensor<2x6xf32>, %[[Y:.*]]: tensor<2x1xf32>
// CHECK: return %[[X]], %[[Y]]
func.func @join_and_split(%x: tensor<2x6xf32>, %y: tensor<2x1xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %0 = onnx.node "Concat" 11 (%x, %y) {axis = 1 : i64} : (tensor<2x6xf32>, tensor<2x1xf32>) -> tensor<*xf32>
  %1:2 = onnx.node "Split" 11 (%0) {axis = 1 : i64, split = array<i64: 6, 1>} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %1#0, %1#1 : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: @slice_of_slice
// CHECK-SAME: %[[X:.*]]: tensor<9x2xf32>
// CHECK-DAG: %[[S:.*]] = onnx.constant dense<3> : tensor<1xi64>
// CHECK-DAG: %[[E:.*]] = onnx.constant dense<5> : tensor<1xi64>
// CHECK: onnx.node "Slice" 11(%[[X]], %[[S]], %[[E]], %{{.*}}) : {{.*}} -> tensor<2x2xf32>
// CHECK-NEXT: return
func.func @slice_of_slice(%x: tensor<9x2xf32>) -> tensor<*xf32> {
  %two = onnx.constant dense<2> : tensor<1xi64>
  %last = onnx.constant dense<-2> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %0 = onnx.node "Slice" 11 (%x, %two, %last) : (tensor<9x2xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  %1 = onnx.node "Slice" 11 (%0, %one, %three) : (tensor<*xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: @gather
// CHECK: onnx.node "Slice" {{.*}} -> tensor<4x3xf32>
// CHECK: onnx.node "Gather" {{.*}} -> tensor<4x2xf32>
func.func @gather(%x: tensor<4x5xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %run = onnx.constant dense<[1, 2, -2]> : tensor<3xi64>
  %other = onnx.constant dense<[2, 1]> : tensor<2xi64>
  %0 = onnx.node "Gather" 11 (%x, %run) {axis = 1 : i64} : (tensor<4x5xf32>, tensor<3xi64>) -> tensor<*xf32>
  %1 = onnx.node "Gather" 11 (%x, %other) {axis = 1 : i64} : (tensor<4x5xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %0, %1 : tensor<*xf32>, tensor<*xf32>
}

// An assignment to rows 1 and 2.
// CHECK-LABEL: @scatter_rows
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>, %[[U:.*]]: tensor<2x3xf32>
// CHECK: %[[A:.*]] = onnx.node "Slice" {{.*}}(%[[X]], {{.*}} -> tensor<1x3xf32>
// CHECK: %[[B:.*]] = onnx.node "Slice" {{.*}}(%[[X]], {{.*}} -> tensor<1x3xf32>
// CHECK: onnx.node "Concat" 11(%[[A]], %[[U]], %[[B]]) {axis = 0 : i64}
func.func @scatter_rows(%x: tensor<4x3xf32>, %u: tensor<2x3xf32>) -> tensor<*xf32> {
  %i = onnx.constant dense<[[1], [-2]]> : tensor<2x1xi64>
  %y = onnx.node "ScatterND" 11 (%x, %i, %u) : (tensor<4x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// An assignment to column 1: all rows, so one axis is cut.
// CHECK-LABEL: @scatter_column
// CHECK-NOT: "ScatterND"
// CHECK: onnx.node "Concat" 16({{.*}}) {axis = 1 : i64} : {{.*}} -> tensor<2x3xf32>
func.func @scatter_column(%x: tensor<2x3xf32>, %u: tensor<2xf32>) -> tensor<*xf32> {
  %i = onnx.constant dense<[[0, 1], [1, 1]]> : tensor<2x2xi64>
  %y = onnx.node "ScatterND" 16 (%x, %i, %u) : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @scatter_all
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[U:.*]]: tensor<2x3xf32>
// CHECK: return %[[U]]
func.func @scatter_all(%x: tensor<2x3xf32>, %u: tensor<2x3xf32>) -> tensor<*xf32> {
  %i = onnx.constant dense<[[0], [1]]> : tensor<2x1xi64>
  %y = onnx.node "ScatterND" 16 (%x, %i, %u) : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @scatter_elements_all
// CHECK-SAME: %[[X:.*]]: tensor<2x2xf32>, %[[U:.*]]: tensor<2x2xf32>
// CHECK: %[[Z:.*]] = onnx.node "ScatterElements"
// CHECK: return %[[U]], %[[Z]]
func.func @scatter_elements_all(%x: tensor<2x2xf32>, %u: tensor<2x2xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %i = onnx.constant dense<[[0, 1], [0, -1]]> : tensor<2x2xi64>
  %j = onnx.constant dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>
  %y = onnx.node "ScatterElements" 16 (%x, %i, %u) {axis = 1} : (tensor<2x2xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<*xf32>
  %z = onnx.node "ScatterElements" 16 (%x, %j, %u) {axis = 1} : (tensor<2x2xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// Out of order, or summed: not an assignment to a slice.
// CHECK-LABEL: @scatter_kept
// CHECK-COUNT-2: "ScatterND"
func.func @scatter_kept(%x: tensor<4x3xf32>, %u: tensor<2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %i = onnx.constant dense<[[2], [1]]> : tensor<2x1xi64>
  %j = onnx.constant dense<[[1], [2]]> : tensor<2x1xi64>
  %y = onnx.node "ScatterND" 16 (%x, %i, %u) : (tensor<4x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
  %z = onnx.node "ScatterND" 16 (%x, %j, %u) {reduction = "add"} : (tensor<4x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}
