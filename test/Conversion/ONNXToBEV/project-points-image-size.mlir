// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT
//
// Projections whose image sizes are constants of each camera, or not constant.

// The size of the images is an input.
// CHECK-LABEL: func.func @an_input
// CHECK-SAME: %[[MATRICES:.*]]: tensor<1x2x4x4xf32>, %[[SHAPE:.*]]: tensor<1x2xf32>)
// CHECK: %[[SIZES:.*]] = onnx.node "Concat" 21(%{{.*}}, %{{.*}}) {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
// CHECK: bev.project_points ins(%{{.*}}, %[[MATRICES]], %[[SIZES]] :
// CHECK-NOT: "Div"
// CHECK-NOT: "And"
// CHECK: return
// REPORT: {{^}}raised      an_input (Div) -> bev.project_points
func.func @an_input(%lidar2img: tensor<1x2x4x4xf32>, %shape: tensor<1x2xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("an_input")
  %hw = onnx.node "Gather" 17 (%shape, %first) {axis = 0} : (tensor<1x2xf32>, tensor<i64>) -> tensor<2xf32>
  %height = onnx.node "Gather" 17 (%hw, %first) {axis = 0} : (tensor<2xf32>, tensor<i64>) -> tensor<f32>
  %width = onnx.node "Gather" 17 (%hw, %second) {axis = 0} : (tensor<2xf32>, tensor<i64>) -> tensor<f32>
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

// It is computed after the division by the depth.
// CHECK-LABEL: func.func @computed
// CHECK: %[[SIZE:.*]] = onnx.node "Add"
// CHECK: bev.project_points
// CHECK: return
// REPORT: {{^}}raised      computed (Div) -> bev.project_points
func.func @computed(%lidar2img: tensor<1x2x4x4xf32>, %shape: tensor<2xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("computed")
  %wh = onnx.node "Add" 17 (%shape, %fone) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %height = onnx.node "Gather" 17 (%wh, %second) {axis = 0} : (tensor<2xf32>, tensor<i64>) -> tensor<f32>
  %width = onnx.node "Gather" 17 (%wh, %first) {axis = 0} : (tensor<2xf32>, tensor<i64>) -> tensor<f32>
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

// Each camera has images of a size of its own.
// CHECK-LABEL: func.func @per_camera
// CHECK: %[[SIZES:.*]] = onnx.constant dense<{{\[\[}}2.560000e+02, 4.480000e+02], [1.280000e+02, 5.120000e+02]]> : tensor<2x2xf32>
// CHECK: bev.project_points ins(%{{.*}}, %{{.*}}, %[[SIZES]] :
// CHECK: return
// REPORT: {{^}}raised      per_camera (Div) -> bev.project_points
func.func @per_camera(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %width = onnx.constant dense<[[[448.0], [512.0]]]> : tensor<1x2x1xf32>
  %height = onnx.constant dense<[[[256.0], [128.0]]]> : tensor<1x2x1xf32>
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("per_camera")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<1x2x1xf32>) -> tensor<2x1x2x3xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<2x1x2x3xf32>, tensor<1xi64>) -> tensor<2x1x2x3x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<2x1x2x3xf32>, tensor<1x2x1xf32>) -> tensor<2x1x2x3xf32>
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

// Both coordinates are divided at once.
// CHECK-LABEL: func.func @input_per_camera
// CHECK-SAME: %[[WH:.*]]: tensor<2x2xf32>
// CHECK: %[[SIZES:.*]] = onnx.node "Concat" 21(%{{.*}}, %{{.*}}) {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
// CHECK: bev.project_points ins(%{{.*}}, %{{.*}}, %[[SIZES]] :
// CHECK-NOT: "Div"
// CHECK: return
// REPORT: {{^}}raised      input_per_camera (Div) -> bev.project_points
func.func @input_per_camera(%lidar2img: tensor<1x2x4x4xf32>, %wh0: tensor<2x2xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %sizesShape = onnx.constant dense<[1, 1, 2, 1, 2]> : tensor<5xi64>
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("input_per_camera")
  %wh = onnx.node "Reshape" 17 (%wh0, %sizesShape) : (tensor<2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x1x2xf32>
  %uv = onnx.node "Div" 17 (%d, %wh) : (tensor<2x1x2x3x2xf32>, tensor<1x1x2x1x2xf32>) -> tensor<2x1x2x3x2xf32>
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

// CHECK-LABEL: func.func @per_query
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  per_query (Div) -> bev.project_points: the image size differs by batch row or point
func.func @per_query(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %width = onnx.constant dense<[448.0, 512.0, 448.0]> : tensor<3xf32>
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("per_query")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<3xf32>) -> tensor<2x1x2x3xf32>
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

// CHECK-LABEL: func.func @two_sizes
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  two_sizes (Div) -> bev.project_points: it is divided by the sizes of different images
func.func @two_sizes(%lidar2img: tensor<1x2x4x4xf32>, %shape: tensor<2xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("two_sizes")
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
  %other = onnx.node "Div" 17 (%d, %shape) : (tensor<2x1x2x3x2xf32>, tensor<2xf32>) -> tensor<2x1x2x3x2xf32>
  %both = onnx.node "Add" 17 (%other, %uv) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x2xf32>) -> tensor<2x1x2x3x2xf32>
  return %both, %seen : tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>
}

// CHECK-LABEL: func.func @uneven
// CHECK-NOT: bev.project_points
// CHECK: return
// REPORT: {{^}}not raised  uneven (Div) -> bev.project_points: the image size is no view of one tensor
func.func @uneven(%lidar2img: tensor<1x2x4x4xf32>, %sizes: tensor<5xf32>) -> (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3xi1>) {
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
  %ofCameras = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
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
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<2x1x2x3x2xf32>, tensor<2x1x2x3x1xf32>) -> tensor<2x1x2x3x2xf32> loc("uneven")
  %every2 = onnx.node "Slice" 17 (%sizes, %zero, %three, %zero, %two) : (tensor<5xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xf32>
  %width = onnx.node "Reshape" 17 (%every2, %ofCameras) : (tensor<2xf32>, tensor<3xi64>) -> tensor<1x2x1xf32>
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<2x1x2x3x2xf32>, tensor<i64>) -> tensor<2x1x2x3xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<2x1x2x3xf32>, tensor<1x2x1xf32>) -> tensor<2x1x2x3xf32>
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
