// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// Dimensions are anchors, batch, cameras, queries.
// CHECK-LABEL: func.func @scattered
// CHECK-DAG: %[[POINTS:.*]] = onnx.constant dense<{{.*}}> : tensor<1x3x2x3xf32>
// CHECK-DAG: %[[SIZE:.*]] = onnx.constant dense<[{{.}}2.560000e+02, 4.480000e+02], [2.560000e+02, 4.480000e+02]]> : tensor<2x2xf32>
// CHECK: %[[P:.*]]:2 = bev.project_points ins(%[[POINTS]], %{{.*}}, %[[SIZE]] :
// CHECK-NOT: ScatterElements
// CHECK-DAG: onnx.node "Transpose" 21(%[[P]]#1) {perm = array<i64: 3, 1, 2, 0>}
// CHECK-DAG: onnx.node "Transpose" 21(%[[P]]#0) {perm = array<i64: 3, 1, 2, 4, 0>}
// CHECK-NOT: And
// CHECK: return
// REPORT: {{^}}raised      scattered (Div) -> bev.project_points
func.func @scattered(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("scattered")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %s = onnx.node "ScatterElements" 17 (%d, %column0, %xu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %yg = onnx.node "Gather" 17 (%s, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "ScatterElements" 17 (%s, %column1, %yu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// CHECK-LABEL: func.func @concatenated
// CHECK-DAG: %[[POINTS:.*]] = onnx.constant dense<{{.*}}> : tensor<1x3x2x3xf32>
// CHECK-DAG: %[[SIZE:.*]] = onnx.constant dense<[{{.}}2.560000e+02, 4.480000e+02], [2.560000e+02, 4.480000e+02]]> : tensor<2x2xf32>
// CHECK: %[[P:.*]]:2 = bev.project_points ins(%[[POINTS]], %{{.*}}, %[[SIZE]] :
// CHECK-NOT: "Div"
// CHECK: return
// REPORT: {{^}}raised      concatenated (Div) -> bev.project_points
func.func @concatenated(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("concatenated")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<2x1x2x3x1xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// The comparisons take the coordinates before they are one tensor.
// CHECK-LABEL: func.func @compared_before
// CHECK-DAG: %[[POINTS:.*]] = onnx.constant dense<{{.*}}> : tensor<1x3x2x3xf32>
// CHECK-DAG: %[[SIZE:.*]] = onnx.constant dense<[{{.}}2.560000e+02, 4.480000e+02], [2.560000e+02, 4.480000e+02]]> : tensor<2x2xf32>
// CHECK: %[[P:.*]]:2 = bev.project_points ins(%[[POINTS]], %{{.*}}, %[[SIZE]] :
// CHECK-NOT: And
// CHECK: return
// REPORT: {{^}}raised      compared_before (Div) -> bev.project_points
func.func @compared_before(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("compared_before")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<2x1x2x3x1xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Identity" 17 (%xu) : (tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Identity" 17 (%yu) : (tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// A mask that lacks a comparison stays as it is.
// CHECK-LABEL: func.func @four_comparisons
// CHECK: bev.project_points
// CHECK: onnx.node "Less"
// CHECK: return
// REPORT: {{^}}raised      four_comparisons (Div) -> bev.project_points
func.func @four_comparisons(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("four_comparisons")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %s = onnx.node "ScatterElements" 17 (%d, %column0, %xu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %yg = onnx.node "Gather" 17 (%s, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "ScatterElements" 17 (%s, %column1, %yu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c3, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// CHECK-LABEL: func.func @other_epsilon
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  other_epsilon (Div) -> bev.project_points: the depth is not clamped to at least 1e-5
func.func @other_epsilon(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-4> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("other_epsilon")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %s = onnx.node "ScatterElements" 17 (%d, %column0, %xu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %yg = onnx.node "Gather" 17 (%s, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "ScatterElements" 17 (%s, %column1, %yu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// CHECK-LABEL: func.func @not_homogeneous
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  not_homogeneous (Div) -> bev.project_points: the points are no homogeneous constants
func.func @not_homogeneous(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [2.0]], [[2.0], [1.0], [0.0], [2.0]], [[3.0], [1.0], [0.0], [2.0]]]]], [[[[[1.0], [1.0], [2.0], [2.0]], [[2.0], [1.0], [2.0], [2.0]], [[3.0], [1.0], [2.0], [2.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("not_homogeneous")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %s = onnx.node "ScatterElements" 17 (%d, %column0, %xu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %yg = onnx.node "Gather" 17 (%s, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<f32>) -> tensor<2x1x2x3xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %uv = onnx.node "ScatterElements" 17 (%s, %column1, %yu) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xi64>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// CHECK-LABEL: func.func @not_divided
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  not_divided (Div) -> bev.project_points: it is not divided by the size of an image
func.func @not_divided(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
  %points = onnx.constant dense<[[[[[[1.0], [1.0], [0.0], [1.0]], [[2.0], [1.0], [0.0], [1.0]], [[3.0], [1.0], [0.0], [1.0]]]]], [[[[[1.0], [1.0], [2.0], [1.0]], [[2.0], [1.0], [2.0], [1.0]], [[3.0], [1.0], [2.0], [1.0]]]]]]> : tensor<2x1x1x3x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[2, 1, 1, 3, 1, 1]> : tensor<6xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %axis = onnx.constant dense<4> : tensor<1xi64>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %width = onnx.constant dense<448.0> : tensor<f32>
  %height = onnx.constant dense<256.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %column0 = onnx.constant dense<0> : tensor<2x1x2x3x1xi64>
  %column1 = onnx.constant dense<1> : tensor<2x1x2x3x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<2x1x2x3x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<2x1x2x3x4x4xf32>, tensor<2x1x1x3x4x1xf32>) -> tensor<2x1x2x3x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<2x1x2x3x4x1xf32>, tensor<1xi64>) -> tensor<2x1x2x3x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<2x1x2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("not_divided")
  %uv = onnx.node "Identity" 17 (%d) : (tensor<2x1x2x3x2xf32>) -> tensor<2x1x2x3x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<2x1x2x3x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<2x1x2x3x1xf32>, tensor<f32>) -> tensor<2x1x2x3x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<2x1x2x3x1xi1>, tensor<2x1x2x3x1xi1>) -> tensor<2x1x2x3x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<2x1x2x3x1xi1>, tensor<1xi64>) -> tensor<2x1x2x3xi1>
  return %uv, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}
