// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// CHECK-LABEL: func.func @grid
// CHECK: %[[GRID:.*]] = bev.reference_grid bev_size([2, 3]) outs(%{{.*}} : tensor<6x2xf32>)
// CHECK: %[[POINTS:.*]] = onnx.node "Reshape" 21(%[[GRID]],
// CHECK: onnx.node "Add" 17(%[[POINTS]], %{{.*}})
// REPORT: {{^}}raised      grid (Add) -> bev.reference_grid
func.func @grid(%shift: tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> {
  %grid = onnx.constant dense<[[[[0.16666667, 0.25]], [[0.5, 0.25]], [[0.8333333, 0.25]], [[0.16666667, 0.75]], [[0.5, 0.75]], [[0.8333333, 0.75]]]]> : tensor<1x6x1x2xf32>
  %y = onnx.node "Add" 17 (%grid, %shift) : (tensor<1x6x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> loc("grid")
  return %y : tensor<1x6x1x2xf32>
}

// Every bit counts.
// CHECK-LABEL: func.func @one_bit_else
// CHECK-NOT: bev.reference_grid
// CHECK: return
func.func @one_bit_else(%shift: tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> {
  %grid = onnx.constant dense<[[[[0.16666667, 0.25]], [[0.5, 0.25]], [[0.8333333, 0.25]], [[0.16666667, 0.75]], [[0.50000006, 0.75]], [[0.8333333, 0.75]]]]> : tensor<1x6x1x2xf32>
  %y = onnx.node "Add" 17 (%grid, %shift) : (tensor<1x6x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> loc("one_bit_else")
  return %y : tensor<1x6x1x2xf32>
}

// CHECK-LABEL: func.func @y_first
// CHECK-NOT: bev.reference_grid
// CHECK: return
func.func @y_first(%shift: tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> {
  %grid = onnx.constant dense<[[[[0.25, 0.16666667]], [[0.25, 0.5]], [[0.25, 0.8333333]], [[0.75, 0.16666667]], [[0.75, 0.5]], [[0.75, 0.8333333]]]]> : tensor<1x6x1x2xf32>
  %y = onnx.node "Add" 17 (%grid, %shift) : (tensor<1x6x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> loc("y_first")
  return %y : tensor<1x6x1x2xf32>
}

// CHECK-LABEL: func.func @column_by_column
// CHECK-NOT: bev.reference_grid
// CHECK: return
func.func @column_by_column(%shift: tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> {
  %grid = onnx.constant dense<[[[[0.16666667, 0.25]], [[0.16666667, 0.75]], [[0.5, 0.25]], [[0.5, 0.75]], [[0.8333333, 0.25]], [[0.8333333, 0.75]]]]> : tensor<1x6x1x2xf32>
  %y = onnx.node "Add" 17 (%grid, %shift) : (tensor<1x6x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x6x1x2xf32> loc("column_by_column")
  return %y : tensor<1x6x1x2xf32>
}

// Copies of a grid are cheaper as a constant.
// CHECK-LABEL: func.func @copied
// CHECK-NOT: bev.reference_grid
// CHECK: return
func.func @copied(%shift: tensor<1x1x1x2xf32>) -> tensor<1x12x1x2xf32> {
  %grid = onnx.constant dense<[[[[0.16666667, 0.25]], [[0.5, 0.25]], [[0.8333333, 0.25]], [[0.16666667, 0.75]], [[0.5, 0.75]], [[0.8333333, 0.75]], [[0.16666667, 0.25]], [[0.5, 0.25]], [[0.8333333, 0.25]], [[0.16666667, 0.75]], [[0.5, 0.75]], [[0.8333333, 0.75]]]]> : tensor<1x12x1x2xf32>
  %y = onnx.node "Add" 17 (%grid, %shift) : (tensor<1x12x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x12x1x2xf32> loc("copied")
  return %y : tensor<1x12x1x2xf32>
}

// CHECK-LABEL: func.func @pillars
// CHECK: %[[GRID:.*]] = bev.reference_grid bev_size([2, 3]) pillar_height(8.000000e+00) outs(%{{.*}} : tensor<6x4x3xf32>)
// CHECK: %[[POINTS:.*]] = onnx.node "Reshape" 21(%[[GRID]],
// CHECK: bev.project_points pc_range([-5.120000e+01, -5.120000e+01, -5.000000e+00, 5.120000e+01, 5.120000e+01, 3.000000e+00]) ins(%[[POINTS]],
// REPORT: {{^}}raised      pillars (Div) -> bev.reference_grid
func.func @pillars(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>) {
  %points = onnx.constant dense<[[[[[[-34.13333], [-25.6], [-4.5], [1.0]], [[0.0], [-25.6], [-4.5], [1.0]], [[34.133335], [-25.6], [-4.5], [1.0]], [[-34.13333], [25.600002], [-4.5], [1.0]], [[0.0], [25.600002], [-4.5], [1.0]], [[34.133335], [25.600002], [-4.5], [1.0]]]]], [[[[[-34.13333], [-25.6], [-2.1666667], [1.0]], [[0.0], [-25.6], [-2.1666667], [1.0]], [[34.133335], [-25.6], [-2.1666667], [1.0]], [[-34.13333], [25.600002], [-2.1666667], [1.0]], [[0.0], [25.600002], [-2.1666667], [1.0]], [[34.133335], [25.600002], [-2.1666667], [1.0]]]]], [[[[[-34.13333], [-25.6], [0.16666651], [1.0]], [[0.0], [-25.6], [0.16666651], [1.0]], [[34.133335], [-25.6], [0.16666651], [1.0]], [[-34.13333], [25.600002], [0.16666651], [1.0]], [[0.0], [25.600002], [0.16666651], [1.0]], [[34.133335], [25.600002], [0.16666651], [1.0]]]]], [[[[[-34.13333], [-25.6], [2.5], [1.0]], [[0.0], [-25.6], [2.5], [1.0]], [[34.133335], [-25.6], [2.5], [1.0]], [[-34.13333], [25.600002], [2.5], [1.0]], [[0.0], [25.600002], [2.5], [1.0]], [[34.133335], [25.600002], [2.5], [1.0]]]]]]> : tensor<4x1x1x6x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[4, 1, 1, 6, 1, 1]> : tensor<6xi64>
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
  %column0 = onnx.constant dense<0> : tensor<4x1x2x6x1xi64>
  %column1 = onnx.constant dense<1> : tensor<4x1x2x6x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<4x1x2x6x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<4x1x2x6x4x4xf32>, tensor<4x1x1x6x4x1xf32>) -> tensor<4x1x2x6x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<4x1x2x6x4x1xf32>, tensor<1xi64>) -> tensor<4x1x2x6x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32> loc("pillars")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<4x1x2x6x1xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<4x1x2x6x1xi1>, tensor<1xi64>) -> tensor<4x1x2x6xi1>
  return %uv, %seen : tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>
}

// CHECK-LABEL: func.func @one_anchor
// CHECK: bev.reference_grid bev_size([2, 3]) pillar_height(1.000000e+00)
// CHECK: bev.project_points pc_range([0.000000e+00, -4.000000e+01, -3.000000e+00, 7.040000e+01, 4.000000e+01, -2.000000e+00])
// REPORT: {{^}}raised      one_anchor (Div) -> bev.reference_grid
func.func @one_anchor(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<1x1x2x6x2xf32>, tensor<1x1x2x6xi1>) {
  %points = onnx.constant dense<[[[[[[11.733334], [-20.0], [-2.5], [1.0]], [[35.2], [-20.0], [-2.5], [1.0]], [[58.666668], [-20.0], [-2.5], [1.0]], [[11.733334], [20.0], [-2.5], [1.0]], [[35.2], [20.0], [-2.5], [1.0]], [[58.666668], [20.0], [-2.5], [1.0]]]]]]> : tensor<1x1x1x6x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[1, 1, 1, 6, 1, 1]> : tensor<6xi64>
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
  %column0 = onnx.constant dense<0> : tensor<1x1x2x6x1xi64>
  %column1 = onnx.constant dense<1> : tensor<1x1x2x6x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x6x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<1x1x2x6x4x4xf32>, tensor<1x1x1x6x4x1xf32>) -> tensor<1x1x2x6x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<1x1x2x6x4x1xf32>, tensor<1xi64>) -> tensor<1x1x2x6x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<1x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x1x2x6x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<1x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x1x2x6x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<1x1x2x6x2xf32>, tensor<1x1x2x6x1xf32>) -> tensor<1x1x2x6x2xf32> loc("one_anchor")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<1x1x2x6x2xf32>, tensor<i64>) -> tensor<1x1x2x6xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<1x1x2x6xf32>, tensor<f32>) -> tensor<1x1x2x6xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<1x1x2x6xf32>, tensor<1xi64>) -> tensor<1x1x2x6x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<1x1x2x6x2xf32>, tensor<i64>) -> tensor<1x1x2x6xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<1x1x2x6xf32>, tensor<f32>) -> tensor<1x1x2x6xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<1x1x2x6xf32>, tensor<1xi64>) -> tensor<1x1x2x6x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<1x1x2x6x1xf32>, tensor<1x1x2x6x1xf32>) -> tensor<1x1x2x6x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<1x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x1x2x6x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<1x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x1x2x6x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<1x1x2x6x1xi1>, tensor<1x1x2x6x1xi1>) -> tensor<1x1x2x6x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<1x1x2x6x1xi1>, tensor<1x1x2x6x1xi1>) -> tensor<1x1x2x6x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<1x1x2x6x1xi1>, tensor<1x1x2x6x1xi1>) -> tensor<1x1x2x6x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<1x1x2x6x1xf32>, tensor<f32>) -> tensor<1x1x2x6x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<1x1x2x6x1xi1>, tensor<1x1x2x6x1xi1>) -> tensor<1x1x2x6x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<1x1x2x6x1xi1>, tensor<1xi64>) -> tensor<1x1x2x6xi1>
  return %uv, %seen : tensor<1x1x2x6x2xf32>, tensor<1x1x2x6xi1>
}

// CHECK-LABEL: func.func @one_millimetre
// CHECK-NOT: bev.reference_grid
// CHECK: bev.project_points ins(
// CHECK: return
// REPORT: {{^}}raised      one_millimetre (Div) -> bev.project_points
func.func @one_millimetre(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>) {
  %points = onnx.constant dense<[[[[[[-34.13333], [-25.6], [-4.5], [1.0]], [[0.0], [-25.6], [-4.5], [1.0]], [[34.133335], [-25.6], [-4.5], [1.0]], [[-34.13333], [25.600002], [-4.5], [1.0]], [[0.0], [25.600002], [-4.5], [1.0]], [[34.133335], [25.600002], [-4.5], [1.0]]]]], [[[[[-34.13333], [-25.6], [-2.1666667], [1.0]], [[0.0], [-25.6], [-2.1666667], [1.0]], [[34.133335], [-25.6], [-2.1666667], [1.0]], [[-34.13333], [25.600002], [-2.1666667], [1.0]], [[0.0], [25.600002], [-2.1666667], [1.0]], [[34.133335], [25.600002], [-2.1666667], [1.0]]]]], [[[[[-34.13333], [-25.6], [0.16666651], [1.0]], [[0.0], [-25.6], [0.16666651], [1.0]], [[34.133335], [-25.6], [0.16666651], [1.0]], [[-34.13233], [25.600002], [0.16666651], [1.0]], [[0.0], [25.600002], [0.16666651], [1.0]], [[34.133335], [25.600002], [0.16666651], [1.0]]]]], [[[[[-34.13333], [-25.6], [2.5], [1.0]], [[0.0], [-25.6], [2.5], [1.0]], [[34.133335], [-25.6], [2.5], [1.0]], [[-34.13333], [25.600002], [2.5], [1.0]], [[0.0], [25.600002], [2.5], [1.0]], [[34.133335], [25.600002], [2.5], [1.0]]]]]]> : tensor<4x1x1x6x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[4, 1, 1, 6, 1, 1]> : tensor<6xi64>
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
  %column0 = onnx.constant dense<0> : tensor<4x1x2x6x1xi64>
  %column1 = onnx.constant dense<1> : tensor<4x1x2x6x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<4x1x2x6x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<4x1x2x6x4x4xf32>, tensor<4x1x1x6x4x1xf32>) -> tensor<4x1x2x6x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<4x1x2x6x4x1xf32>, tensor<1xi64>) -> tensor<4x1x2x6x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32> loc("one_millimetre")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<4x1x2x6x1xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<4x1x2x6x1xi1>, tensor<1xi64>) -> tensor<4x1x2x6xi1>
  return %uv, %seen : tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>
}

// CHECK-LABEL: func.func @uneven
// CHECK-NOT: bev.reference_grid
// CHECK: bev.project_points ins(
// CHECK: return
// REPORT: {{^}}raised      uneven (Div) -> bev.project_points
func.func @uneven(%lidar2img: tensor<1x2x4x4xf32>) -> (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>) {
  %points = onnx.constant dense<[[[[[[-34.13333], [-25.6], [-4.5], [1.0]], [[0.0], [-25.6], [-4.5], [1.0]], [[34.133335], [-25.6], [-4.5], [1.0]], [[-34.13333], [25.600002], [-4.5], [1.0]], [[0.0], [25.600002], [-4.5], [1.0]], [[34.133335], [25.600002], [-4.5], [1.0]]]]], [[[[[-34.13333], [-25.6], [-1.9166667], [1.0]], [[0.0], [-25.6], [-1.9166667], [1.0]], [[34.133335], [-25.6], [-1.9166667], [1.0]], [[-34.13333], [25.600002], [-1.9166667], [1.0]], [[0.0], [25.600002], [-1.9166667], [1.0]], [[34.133335], [25.600002], [-1.9166667], [1.0]]]]], [[[[[-34.13333], [-25.6], [0.16666651], [1.0]], [[0.0], [-25.6], [0.16666651], [1.0]], [[34.133335], [-25.6], [0.16666651], [1.0]], [[-34.13333], [25.600002], [0.16666651], [1.0]], [[0.0], [25.600002], [0.16666651], [1.0]], [[34.133335], [25.600002], [0.16666651], [1.0]]]]], [[[[[-34.13333], [-25.6], [2.5], [1.0]], [[0.0], [-25.6], [2.5], [1.0]], [[34.133335], [-25.6], [2.5], [1.0]], [[-34.13333], [25.600002], [2.5], [1.0]], [[0.0], [25.600002], [2.5], [1.0]], [[34.133335], [25.600002], [2.5], [1.0]]]]]]> : tensor<4x1x1x6x4x1xf32>
  %matrices = onnx.constant dense<[1, 1, 2, 1, 4, 4]> : tensor<6xi64>
  %repeats = onnx.constant dense<[4, 1, 1, 6, 1, 1]> : tensor<6xi64>
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
  %column0 = onnx.constant dense<0> : tensor<4x1x2x6x1xi64>
  %column1 = onnx.constant dense<1> : tensor<4x1x2x6x1xi64>
  %m0 = onnx.node "Reshape" 17 (%lidar2img, %matrices) : (tensor<1x2x4x4xf32>, tensor<6xi64>) -> tensor<1x1x2x1x4x4xf32>
  %m = onnx.node "Tile" 17 (%m0, %repeats) : (tensor<1x1x2x1x4x4xf32>, tensor<6xi64>) -> tensor<4x1x2x6x4x4xf32>
  %p = onnx.node "MatMul" 17 (%m, %points) : (tensor<4x1x2x6x4x4xf32>, tensor<4x1x1x6x4x1xf32>) -> tensor<4x1x2x6x4x1xf32>
  %h = onnx.node "Squeeze" 17 (%p, %last) : (tensor<4x1x2x6x4x1xf32>, tensor<1xi64>) -> tensor<4x1x2x6x4xf32>
  %z = onnx.node "Slice" 17 (%h, %two, %three, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %xy = onnx.node "Slice" 17 (%h, %zero, %two, %axis) : (tensor<4x1x2x6x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x2xf32>
  %depth = onnx.node "Max" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xf32>
  %d = onnx.node "Div" 17 (%xy, %depth) : (tensor<4x1x2x6x2xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32> loc("uneven")
  %xg = onnx.node "Gather" 17 (%d, %first) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %xd = onnx.node "Div" 17 (%xg, %width) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %xu = onnx.node "Unsqueeze" 17 (%xd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %yg = onnx.node "Gather" 17 (%d, %second) {axis = 4} : (tensor<4x1x2x6x2xf32>, tensor<i64>) -> tensor<4x1x2x6xf32>
  %yd = onnx.node "Div" 17 (%yg, %height) : (tensor<4x1x2x6xf32>, tensor<f32>) -> tensor<4x1x2x6xf32>
  %yu = onnx.node "Unsqueeze" 17 (%yd, %last) : (tensor<4x1x2x6xf32>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %uv = onnx.node "Concat" 17 (%xu, %yu) {axis = -1} : (tensor<4x1x2x6x1xf32>, tensor<4x1x2x6x1xf32>) -> tensor<4x1x2x6x2xf32>
  %u = onnx.node "Slice" 17 (%uv, %zero, %one, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %v = onnx.node "Slice" 17 (%uv, %one, %two, %axis) : (tensor<4x1x2x6x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x1x2x6x1xf32>
  %c0 = onnx.node "Greater" 17 (%z, %eps) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %l0 = onnx.node "Greater" 17 (%v, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c1 = onnx.node "And" 17 (%c0, %l0) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l1 = onnx.node "Less" 17 (%v, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c2 = onnx.node "And" 17 (%c1, %l1) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l2 = onnx.node "Less" 17 (%u, %fone) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c3 = onnx.node "And" 17 (%c2, %l2) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %l3 = onnx.node "Greater" 17 (%u, %fzero) : (tensor<4x1x2x6x1xf32>, tensor<f32>) -> tensor<4x1x2x6x1xi1>
  %c4 = onnx.node "And" 17 (%c3, %l3) : (tensor<4x1x2x6x1xi1>, tensor<4x1x2x6x1xi1>) -> tensor<4x1x2x6x1xi1>
  %seen = onnx.node "Squeeze" 17 (%c4, %last) : (tensor<4x1x2x6x1xi1>, tensor<1xi64>) -> tensor<4x1x2x6xi1>
  return %uv, %seen : tensor<4x1x2x6x2xf32>, tensor<4x1x2x6xi1>
}
