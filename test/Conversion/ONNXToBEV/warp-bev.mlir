// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// torchvision's rotate about the published center, of queries.
// CHECK-LABEL: func.func @published
// CHECK-SAME: %[[PREV:.*]]: tensor<8x1x3xf32>, %[[BUS:.*]]: tensor<18xf32>
// CHECK: %[[ANGLE:.*]] = onnx.node "Slice" 21(%[[BUS]],
// CHECK: onnx.node "Reshape" 21(%[[PREV]],
// CHECK: %[[TURNED:.*]] = bev.warp_bev nearest center([1.000000e+02, 1.000000e+02]) ins(%{{.*}}, %{{.*}} : tensor<1x2x4x3xf32>, tensor<1xf32>)
// CHECK-NOT: "Transpose"
// CHECK: %[[RESULT:.*]] = onnx.node "Reshape" 21(%[[TURNED]],
// CHECK: return %[[RESULT]]
// REPORT: {{^}}raised      published (GridSample) -> bev.warp_bev
func.func @published(%prev: tensor<8x1x3xf32>, %can_bus: tensor<18xf32>) -> tensor<8x1x3xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<98.0> : tensor<f32>
  %y0 = onnx.constant dense<99.0> : tensor<f32>
  %nx0 = onnx.constant dense<-98.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %b0 = onnx.constant dense<0> : tensor<i64>
  %mapShape = onnx.constant dense<[2, 4, 3]> : tensor<3xi64>
  %imageShape = onnx.constant dense<[1, 3, 2, 4]> : tensor<4xi64>
  %rowShape = onnx.constant dense<[8, 1, 3]> : tensor<3xi64>
  %row = onnx.node "Gather" 20 (%prev, %b0) {axis = 1} : (tensor<8x1x3xf32>, tensor<i64>) -> tensor<8x3xf32>
  %map = onnx.node "Reshape" 20 (%row, %mapShape) : (tensor<8x3xf32>, tensor<3xi64>) -> tensor<2x4x3xf32>
  %chw = onnx.node "Transpose" 20 (%map) {perm = array<i64: 2, 0, 1>} : (tensor<2x4x3xf32>) -> tensor<3x2x4xf32>
  %image = onnx.node "Reshape" 20 (%chw, %imageShape) : (tensor<3x2x4xf32>, tensor<4xi64>) -> tensor<1x3x2x4xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("published")
  %tchw = onnx.node "Gather" 20 (%turned, %b0) {axis = 0} : (tensor<1x3x2x4xf32>, tensor<i64>) -> tensor<3x2x4xf32>
  %tmap = onnx.node "Transpose" 20 (%tchw) {perm = array<i64: 1, 2, 0>} : (tensor<3x2x4xf32>) -> tensor<2x4x3xf32>
  %result = onnx.node "Reshape" 20 (%tmap, %rowShape) : (tensor<2x4x3xf32>, tensor<3xi64>) -> tensor<8x1x3xf32>
  return %result : tensor<8x1x3xf32>
}

// About the middle, which the op takes by default.
// CHECK-LABEL: func.func @middle
// CHECK: bev.warp_bev bilinear ins(
// CHECK: return
// REPORT: {{^}}raised      middle (GridSample) -> bev.warp_bev
func.func @middle(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "linear", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("middle")
  return %turned : tensor<1x3x2x4xf32>
}

// The other way round.
// CHECK-LABEL: func.func @clockwise
// CHECK: %[[FACTOR:.*]] = onnx.constant dense<-1.000000e+00> : tensor<f32>
// CHECK: %[[ANGLE:.*]] = onnx.node "Mul" 21(%{{.*}}, %[[FACTOR]])
// CHECK: bev.warp_bev nearest ins(%{{.*}}, %[[ANGLE]] :
// CHECK: return
// REPORT: {{^}}raised      clockwise (GridSample) -> bev.warp_bev
func.func @clockwise(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%d, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("clockwise")
  return %turned : tensor<1x3x2x4xf32>
}

// The angle comes in radians.
// CHECK-LABEL: func.func @radians
// CHECK: %[[FACTOR:.*]] = onnx.constant dense<57.2957802> : tensor<f32>
// CHECK: onnx.node "Mul" 21(%{{.*}}, %[[FACTOR]])
// CHECK: bev.warp_bev nearest ins(
// CHECK: return
// REPORT: {{^}}raised      radians (GridSample) -> bev.warp_bev
func.func @radians(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<1.0> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("radians")
  return %turned : tensor<1x3x2x4xf32>
}

// The corners of the grid are the outer pixels: it is stretched.
// CHECK-LABEL: func.func @stretched
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  stretched (GridSample) -> bev.warp_bev: its grid is no rotation about one center
func.func @stretched(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 1, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("stretched")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @far_away
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  far_away (GridSample) -> bev.warp_bev: the center of its rotation is too far from the map
func.func @far_away(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<1048574.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-1048574.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("far_away")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @zoomed
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  zoomed (GridSample) -> bev.warp_bev: its grid is no rotation about one center
func.func @zoomed(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %zoom = onnx.constant dense<1.01> : tensor<f32>
  %zcos = onnx.node "Mul" 20 (%cos, %zoom) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %uzcos = onnx.node "Unsqueeze" 20 (%zcos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%uzcos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("zoomed")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @moved_cells
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  moved_cells (GridSample) -> bev.warp_bev: its grid is no rotation about one center
func.func @moved_cells(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.4, -0.5, 1.0], [-0.3999999999999999, -0.5, 1.0], [0.6000000000000001, -0.5, 1.0], [1.6, -0.5, 1.0], [-1.4, 0.5, 1.0], [-0.3999999999999999, 0.5, 1.0], [0.6000000000000001, 0.5, 1.0], [1.6, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("moved_cells")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @bordered
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  bordered (GridSample) -> bev.warp_bev: it is padded by 'border'
func.func @bordered(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "border"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("bordered")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @cubic
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  cubic (GridSample) -> bev.warp_bev: it samples with mode 'cubic'
func.func @cubic(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "cubic", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("cubic")
  return %turned : tensor<1x3x2x4xf32>
}

// CHECK-LABEL: func.func @two_angles
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  two_angles (GridSample) -> bev.warp_bev: its grid is not linear in the cosine and the sine of one angle
func.func @two_angles(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<1x3x2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %d2 = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%d2) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 0, mode = "nearest", padding_mode = "zeros"} : (tensor<1x3x2x4xf32>, tensor<1x2x4x2xf32>) -> tensor<1x3x2x4xf32> loc("two_angles")
  return %turned : tensor<1x3x2x4xf32>
}

// A row of the batch has an angle of its own; square maps also with aligned corners.
// CHECK-LABEL: func.func @batch
// CHECK-SAME: %[[IMAGE:.*]]: tensor<2x3x3x3xf32>, %[[T:.*]]: tensor<2x1xf32>
// CHECK: %[[RADIANS:.*]] = onnx.node "Reshape" 21(%[[T]],
// CHECK: %[[ANGLE:.*]] = onnx.node "Mul" 21(%[[RADIANS]],
// CHECK: %[[MAP:.*]] = onnx.node "Transpose" 21(%[[IMAGE]]) {perm = array<i64: 0, 2, 3, 1>}
// CHECK: %[[TURNED:.*]] = bev.warp_bev bilinear ins(%[[MAP]], %[[ANGLE]] : tensor<2x3x3x3xf32>, tensor<2xf32>)
// CHECK: onnx.node "Transpose" 21(%[[TURNED]]) {perm = array<i64: 0, 3, 1, 2>}
// CHECK: return
// REPORT: {{^}}raised      batch (GridSample) -> bev.warp_bev
func.func @batch(%image: tensor<2x3x3x3xf32>, %t: tensor<2x1xf32>) -> tensor<2x3x3x3xf32> {
  %ends = onnx.constant dense<2> : tensor<1xi64>
  %axis = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0.0> : tensor<2x1xf32>
  %third = onnx.constant dense<3.0> : tensor<f32>
  %stretch = onnx.constant dense<1.5> : tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %r0 = onnx.node "Concat" 20 (%cos, %nsin, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %r1 = onnx.node "Concat" 20 (%sin, %cos, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 1} : (tensor<2x1x3xf32>, tensor<2x1x3xf32>) -> tensor<2x2x3xf32>
  %size = onnx.constant dense<[2, 3, 3, 3]> : tensor<4xi64>
  %grid = onnx.node "AffineGrid" 20 (%theta, %size) {align_corners = 1} : (tensor<2x2x3xf32>, tensor<4xi64>) -> tensor<2x3x3x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 1, mode = "linear", padding_mode = "zeros"} : (tensor<2x3x3x3xf32>, tensor<2x3x3x2xf32>) -> tensor<2x3x3x3xf32> loc("batch")
  return %turned : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @swapped
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  swapped (GridSample) -> bev.warp_bev: its angles are not one for each image, in order
func.func @swapped(%image: tensor<2x3x3x3xf32>, %t: tensor<2x1xf32>) -> tensor<2x3x3x3xf32> {
  %ends = onnx.constant dense<2> : tensor<1xi64>
  %axis = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0.0> : tensor<2x1xf32>
  %third = onnx.constant dense<3.0> : tensor<f32>
  %stretch = onnx.constant dense<1.5> : tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %r0 = onnx.node "Concat" 20 (%cos, %nsin, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %r1 = onnx.node "Concat" 20 (%sin, %cos, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %there = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 1} : (tensor<2x1x3xf32>, tensor<2x1x3xf32>) -> tensor<2x2x3xf32>
  %head = onnx.constant dense<0> : tensor<1xi64>
  %first = onnx.node "Slice" 20 (%there, %head, %axis, %head) : (tensor<2x2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x2x3xf32>
  %last = onnx.node "Slice" 20 (%there, %axis, %ends, %head) : (tensor<2x2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x2x3xf32>
  %theta = onnx.node "Concat" 20 (%last, %first) {axis = 0} : (tensor<1x2x3xf32>, tensor<1x2x3xf32>) -> tensor<2x2x3xf32>
  %size = onnx.constant dense<[2, 3, 3, 3]> : tensor<4xi64>
  %grid = onnx.node "AffineGrid" 20 (%theta, %size) {align_corners = 1} : (tensor<2x2x3xf32>, tensor<4xi64>) -> tensor<2x3x3x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 1, mode = "linear", padding_mode = "zeros"} : (tensor<2x3x3x3xf32>, tensor<2x3x3x2xf32>) -> tensor<2x3x3x3xf32> loc("swapped")
  return %turned : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @mixed
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  mixed (GridSample) -> bev.warp_bev: its grid has several angles for one image
func.func @mixed(%image: tensor<1x3x3x3xf32>, %t: tensor<2x1xf32>) -> tensor<1x3x3x3xf32> {
  %ends = onnx.constant dense<2> : tensor<1xi64>
  %axis = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0.0> : tensor<2x1xf32>
  %third = onnx.constant dense<3.0> : tensor<f32>
  %stretch = onnx.constant dense<1.5> : tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %r0 = onnx.node "Concat" 20 (%cos, %nsin, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %r1 = onnx.node "Concat" 20 (%sin, %cos, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 1} : (tensor<2x1x3xf32>, tensor<2x1x3xf32>) -> tensor<2x2x3xf32>
  %size = onnx.constant dense<[2, 3, 3, 3]> : tensor<4xi64>
  %grid = onnx.node "AffineGrid" 20 (%theta, %size) {align_corners = 1} : (tensor<2x2x3xf32>, tensor<4xi64>) -> tensor<2x3x3x2xf32>
  %n0 = onnx.constant dense<[0, 0]> : tensor<2xi64>
  %n1 = onnx.constant dense<[1, 1]> : tensor<2xi64>
  %n2 = onnx.constant dense<[2, 3]> : tensor<2xi64>
  %dims = onnx.constant dense<[0, 1]> : tensor<2xi64>
  %upper = onnx.node "Slice" 20 (%grid, %n0, %n1, %dims) : (tensor<2x3x3x2xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x1x3x2xf32>
  %lower = onnx.node "Slice" 20 (%grid, %n1, %n2, %dims) : (tensor<2x3x3x2xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x2x3x2xf32>
  %both = onnx.node "Concat" 20 (%upper, %lower) {axis = 1} : (tensor<1x1x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x3x3x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %both) {align_corners = 1, mode = "linear", padding_mode = "zeros"} : (tensor<1x3x3x3xf32>, tensor<1x3x3x2xf32>) -> tensor<1x3x3x3xf32> loc("mixed")
  return %turned : tensor<1x3x3x3xf32>
}

// CHECK-LABEL: func.func @double
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  double (GridSample) -> bev.warp_bev: its angle is not f32, or its image not f32, f16 or bf16
func.func @double(%image: tensor<2x3x3x3xf64>, %t: tensor<2x1xf32>) -> tensor<2x3x3x3xf64> {
  %ends = onnx.constant dense<2> : tensor<1xi64>
  %axis = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0.0> : tensor<2x1xf32>
  %third = onnx.constant dense<3.0> : tensor<f32>
  %stretch = onnx.constant dense<1.5> : tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %r0 = onnx.node "Concat" 20 (%cos, %nsin, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %r1 = onnx.node "Concat" 20 (%sin, %cos, %zero) {axis = 1} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %axis) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 1} : (tensor<2x1x3xf32>, tensor<2x1x3xf32>) -> tensor<2x2x3xf32>
  %size = onnx.constant dense<[2, 3, 3, 3]> : tensor<4xi64>
  %grid = onnx.node "AffineGrid" 20 (%theta, %size) {align_corners = 1} : (tensor<2x2x3xf32>, tensor<4xi64>) -> tensor<2x3x3x2xf32>
  %turned = onnx.node "GridSample" 20 (%image, %grid) {align_corners = 1, mode = "linear", padding_mode = "zeros"} : (tensor<2x3x3x3xf64>, tensor<2x3x3x2xf32>) -> tensor<2x3x3x3xf64> loc("double")
  return %turned : tensor<2x3x3x3xf64>
}

// As exports write it that have no GridSample: rounded, masked and gathered.
// CHECK-LABEL: func.func @gathered
// CHECK: %[[TURNED:.*]] = bev.warp_bev nearest ins(
// CHECK: onnx.node "Transpose" 21(%[[TURNED]]) {perm = array<i64: 3, 1, 2, 0>}
// CHECK-NOT: "Gather" 20
// CHECK: return
// REPORT: {{^}}raised      gathered (Where) -> bev.warp_bev
func.func @gathered(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<3x8xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %ftwo = onnx.constant dense<2.0> : tensor<f32>
  %low = onnx.constant dense<-0.5> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i64>
  %flat = onnx.constant dense<-1> : tensor<1xi64>
  %flatImage = onnx.constant dense<[3, 8]> : tensor<2xi64>
  %xi = onnx.constant dense<0> : tensor<i64>
  %xsize = onnx.constant dense<4.0> : tensor<f32>
  %xlast = onnx.constant dense<3> : tensor<i64>
  %xhigh = onnx.constant dense<3.5> : tensor<f32>
  %xa = onnx.node "Gather" 20 (%grid, %xi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %xb = onnx.node "Add" 20 (%xa, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xc = onnx.node "Mul" 20 (%xb, %xsize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xd = onnx.node "Sub" 20 (%xc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xe = onnx.node "Div" 20 (%xd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xf = onnx.node "Reshape" 20 (%xe, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %xr = onnx.node "Round" 20 (%xf) : (tensor<8xf32>) -> tensor<8xf32>
  %xg = onnx.node "Greater" 20 (%xr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xh = onnx.node "Less" 20 (%xr, %xhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xin = onnx.node "And" 20 (%xg, %xh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %xj = onnx.node "Cast" 20 (%xr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %xk = onnx.node "Less" 20 (%xj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xl = onnx.node "Where" 20 (%xk, %zero, %xj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %xm = onnx.node "Greater" 20 (%xl, %xlast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xn = onnx.node "Where" 20 (%xm, %xlast, %xl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %yi = onnx.constant dense<1> : tensor<i64>
  %ysize = onnx.constant dense<2.0> : tensor<f32>
  %ylast = onnx.constant dense<1> : tensor<i64>
  %yhigh = onnx.constant dense<1.5> : tensor<f32>
  %ya = onnx.node "Gather" 20 (%grid, %yi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %yb = onnx.node "Add" 20 (%ya, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yc = onnx.node "Mul" 20 (%yb, %ysize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yd = onnx.node "Sub" 20 (%yc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %ye = onnx.node "Div" 20 (%yd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yf = onnx.node "Reshape" 20 (%ye, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %yr = onnx.node "Round" 20 (%yf) : (tensor<8xf32>) -> tensor<8xf32>
  %yg = onnx.node "Greater" 20 (%yr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yh = onnx.node "Less" 20 (%yr, %yhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yin = onnx.node "And" 20 (%yg, %yh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %yj = onnx.node "Cast" 20 (%yr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %yk = onnx.node "Less" 20 (%yj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yl = onnx.node "Where" 20 (%yk, %zero, %yj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %ym = onnx.node "Greater" 20 (%yl, %ylast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yn = onnx.node "Where" 20 (%ym, %ylast, %yl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %stride = onnx.constant dense<4> : tensor<i64>
  %rows = onnx.node "Mul" 20 (%yn, %stride) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi64>
  %index = onnx.node "Add" 20 (%xn, %rows) : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  %inside = onnx.node "And" 20 (%xin, %yin) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %mask = onnx.node "Unsqueeze" 20 (%inside, %front) : (tensor<8xi1>, tensor<1xi64>) -> tensor<1x8xi1>
  %pixels = onnx.node "Reshape" 20 (%image, %flatImage) : (tensor<1x3x2x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  %there = onnx.node "Gather" 20 (%pixels, %index) {axis = 1} : (tensor<3x8xf32>, tensor<8xi64>) -> tensor<3x8xf32>
  %turned = onnx.node "Where" 20 (%mask, %there, %fzero) : (tensor<1x8xi1>, tensor<3x8xf32>, tensor<f32>) -> tensor<3x8xf32> loc("gathered")
  return %turned : tensor<3x8xf32>
}

// CHECK-LABEL: func.func @wrong_mask
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  wrong_mask (Where) -> bev.warp_bev: it is not 0 exactly where a pixel is outside of the image
func.func @wrong_mask(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<3x8xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %ftwo = onnx.constant dense<2.0> : tensor<f32>
  %low = onnx.constant dense<-0.5> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i64>
  %flat = onnx.constant dense<-1> : tensor<1xi64>
  %flatImage = onnx.constant dense<[3, 8]> : tensor<2xi64>
  %xi = onnx.constant dense<0> : tensor<i64>
  %xsize = onnx.constant dense<4.0> : tensor<f32>
  %xlast = onnx.constant dense<3> : tensor<i64>
  %xhigh = onnx.constant dense<4.5> : tensor<f32>
  %xa = onnx.node "Gather" 20 (%grid, %xi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %xb = onnx.node "Add" 20 (%xa, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xc = onnx.node "Mul" 20 (%xb, %xsize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xd = onnx.node "Sub" 20 (%xc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xe = onnx.node "Div" 20 (%xd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xf = onnx.node "Reshape" 20 (%xe, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %xr = onnx.node "Round" 20 (%xf) : (tensor<8xf32>) -> tensor<8xf32>
  %xg = onnx.node "Greater" 20 (%xr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xh = onnx.node "Less" 20 (%xr, %xhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xin = onnx.node "And" 20 (%xg, %xh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %xj = onnx.node "Cast" 20 (%xr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %xk = onnx.node "Less" 20 (%xj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xl = onnx.node "Where" 20 (%xk, %zero, %xj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %xm = onnx.node "Greater" 20 (%xl, %xlast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xn = onnx.node "Where" 20 (%xm, %xlast, %xl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %yi = onnx.constant dense<1> : tensor<i64>
  %ysize = onnx.constant dense<2.0> : tensor<f32>
  %ylast = onnx.constant dense<1> : tensor<i64>
  %yhigh = onnx.constant dense<1.5> : tensor<f32>
  %ya = onnx.node "Gather" 20 (%grid, %yi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %yb = onnx.node "Add" 20 (%ya, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yc = onnx.node "Mul" 20 (%yb, %ysize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yd = onnx.node "Sub" 20 (%yc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %ye = onnx.node "Div" 20 (%yd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yf = onnx.node "Reshape" 20 (%ye, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %yr = onnx.node "Round" 20 (%yf) : (tensor<8xf32>) -> tensor<8xf32>
  %yg = onnx.node "Greater" 20 (%yr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yh = onnx.node "Less" 20 (%yr, %yhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yin = onnx.node "And" 20 (%yg, %yh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %yj = onnx.node "Cast" 20 (%yr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %yk = onnx.node "Less" 20 (%yj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yl = onnx.node "Where" 20 (%yk, %zero, %yj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %ym = onnx.node "Greater" 20 (%yl, %ylast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yn = onnx.node "Where" 20 (%ym, %ylast, %yl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %stride = onnx.constant dense<4> : tensor<i64>
  %rows = onnx.node "Mul" 20 (%yn, %stride) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi64>
  %index = onnx.node "Add" 20 (%xn, %rows) : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  %inside = onnx.node "And" 20 (%xin, %yin) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %mask = onnx.node "Unsqueeze" 20 (%inside, %front) : (tensor<8xi1>, tensor<1xi64>) -> tensor<1x8xi1>
  %pixels = onnx.node "Reshape" 20 (%image, %flatImage) : (tensor<1x3x2x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  %there = onnx.node "Gather" 20 (%pixels, %index) {axis = 1} : (tensor<3x8xf32>, tensor<8xi64>) -> tensor<3x8xf32>
  %turned = onnx.node "Where" 20 (%mask, %there, %fzero) : (tensor<1x8xi1>, tensor<3x8xf32>, tensor<f32>) -> tensor<3x8xf32> loc("wrong_mask")
  return %turned : tensor<3x8xf32>
}

// CHECK-LABEL: func.func @zoomed_gather
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  zoomed_gather (Where) -> bev.warp_bev: its grid is no rotation about one center
func.func @zoomed_gather(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<3x8xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %zoom = onnx.constant dense<1.01> : tensor<f32>
  %zcos = onnx.node "Mul" 20 (%cos, %zoom) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %uzcos = onnx.node "Unsqueeze" 20 (%zcos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%uzcos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %ftwo = onnx.constant dense<2.0> : tensor<f32>
  %low = onnx.constant dense<-0.5> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i64>
  %flat = onnx.constant dense<-1> : tensor<1xi64>
  %flatImage = onnx.constant dense<[3, 8]> : tensor<2xi64>
  %xi = onnx.constant dense<0> : tensor<i64>
  %xsize = onnx.constant dense<4.0> : tensor<f32>
  %xlast = onnx.constant dense<3> : tensor<i64>
  %xhigh = onnx.constant dense<3.5> : tensor<f32>
  %xa = onnx.node "Gather" 20 (%grid, %xi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %xb = onnx.node "Add" 20 (%xa, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xc = onnx.node "Mul" 20 (%xb, %xsize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xd = onnx.node "Sub" 20 (%xc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xe = onnx.node "Div" 20 (%xd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xf = onnx.node "Reshape" 20 (%xe, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %xr = onnx.node "Round" 20 (%xf) : (tensor<8xf32>) -> tensor<8xf32>
  %xg = onnx.node "Greater" 20 (%xr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xh = onnx.node "Less" 20 (%xr, %xhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xin = onnx.node "And" 20 (%xg, %xh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %xj = onnx.node "Cast" 20 (%xr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %xk = onnx.node "Less" 20 (%xj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xl = onnx.node "Where" 20 (%xk, %zero, %xj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %xm = onnx.node "Greater" 20 (%xl, %xlast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xn = onnx.node "Where" 20 (%xm, %xlast, %xl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %yi = onnx.constant dense<1> : tensor<i64>
  %ysize = onnx.constant dense<2.0> : tensor<f32>
  %ylast = onnx.constant dense<1> : tensor<i64>
  %yhigh = onnx.constant dense<1.5> : tensor<f32>
  %ya = onnx.node "Gather" 20 (%grid, %yi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %yb = onnx.node "Add" 20 (%ya, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yc = onnx.node "Mul" 20 (%yb, %ysize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yd = onnx.node "Sub" 20 (%yc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %ye = onnx.node "Div" 20 (%yd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yf = onnx.node "Reshape" 20 (%ye, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %yr = onnx.node "Round" 20 (%yf) : (tensor<8xf32>) -> tensor<8xf32>
  %yg = onnx.node "Greater" 20 (%yr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yh = onnx.node "Less" 20 (%yr, %yhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yin = onnx.node "And" 20 (%yg, %yh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %yj = onnx.node "Cast" 20 (%yr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %yk = onnx.node "Less" 20 (%yj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yl = onnx.node "Where" 20 (%yk, %zero, %yj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %ym = onnx.node "Greater" 20 (%yl, %ylast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yn = onnx.node "Where" 20 (%ym, %ylast, %yl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %stride = onnx.constant dense<4> : tensor<i64>
  %rows = onnx.node "Mul" 20 (%yn, %stride) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi64>
  %index = onnx.node "Add" 20 (%xn, %rows) : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  %inside = onnx.node "And" 20 (%xin, %yin) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %mask = onnx.node "Unsqueeze" 20 (%inside, %front) : (tensor<8xi1>, tensor<1xi64>) -> tensor<1x8xi1>
  %pixels = onnx.node "Reshape" 20 (%image, %flatImage) : (tensor<1x3x2x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  %there = onnx.node "Gather" 20 (%pixels, %index) {axis = 1} : (tensor<3x8xf32>, tensor<8xi64>) -> tensor<3x8xf32>
  %turned = onnx.node "Where" 20 (%mask, %there, %fzero) : (tensor<1x8xi1>, tensor<3x8xf32>, tensor<f32>) -> tensor<3x8xf32> loc("zoomed_gather")
  return %turned : tensor<3x8xf32>
}

// CHECK-LABEL: func.func @not_linear
// CHECK-NOT: bev.warp_bev
// CHECK: return
// REPORT: {{^}}not raised  not_linear (Where) -> bev.warp_bev: its pixels are not linear in the cosine and the sine of one angle
func.func @not_linear(%image: tensor<1x3x2x4xf32>, %can_bus: tensor<18xf32>) -> tensor<3x8xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<-1> : tensor<i64>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %toRadians = onnx.constant dense<0.0174532924> : tensor<f32>
  %x0 = onnx.constant dense<0.0> : tensor<f32>
  %y0 = onnx.constant dense<0.0> : tensor<f32>
  %nx0 = onnx.constant dense<-0.0> : tensor<f32>
  %d = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 0} : (tensor<18xf32>, tensor<i64>) -> tensor<f32>
  %nd = onnx.node "Neg" 20 (%d) : (tensor<f32>) -> tensor<f32>
  %t = onnx.node "Mul" 20 (%nd, %toRadians) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %cos = onnx.node "Cos" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %sin = onnx.node "Sin" 20 (%t) : (tensor<f32>) -> tensor<f32>
  %m0 = onnx.node "Mul" 20 (%cos, %nx0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m1 = onnx.node "Mul" 20 (%sin, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m2 = onnx.node "Sub" 20 (%m0, %m1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %mx = onnx.node "Add" 20 (%m2, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m3 = onnx.node "Mul" 20 (%sin, %x0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m4 = onnx.node "Mul" 20 (%cos, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %m5 = onnx.node "Sub" 20 (%m3, %m4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %my = onnx.node "Add" 20 (%m5, %y0) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nsin = onnx.node "Neg" 20 (%sin) : (tensor<f32>) -> tensor<f32>
  %ucos = onnx.node "Unsqueeze" 20 (%cos, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %usin = onnx.node "Unsqueeze" 20 (%sin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umx = onnx.node "Unsqueeze" 20 (%mx, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %unsin = onnx.node "Unsqueeze" 20 (%nsin, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %umy = onnx.node "Unsqueeze" 20 (%my, %front) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  %r0 = onnx.node "Concat" 20 (%ucos, %usin, %umx) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %r1 = onnx.node "Concat" 20 (%unsin, %ucos, %umy) {axis = 0} : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
  %ur0 = onnx.node "Unsqueeze" 20 (%r0, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %ur1 = onnx.node "Unsqueeze" 20 (%r1, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %theta = onnx.node "Concat" 20 (%ur0, %ur1) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %cells = onnx.constant dense<[[-1.5, -0.5, 1.0], [-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [1.5, -0.5, 1.0], [-1.5, 0.5, 1.0], [-0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [1.5, 0.5, 1.0]]> : tensor<8x3xf32>
  %halves = onnx.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %gridShape = onnx.constant dense<[1, 2, 4, 2]> : tensor<4xi64>
  %matrix = onnx.node "Transpose" 20 (%theta) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %scaled = onnx.node "Div" 20 (%matrix, %halves) : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %places = onnx.node "MatMul" 20 (%cells, %scaled) : (tensor<8x3xf32>, tensor<3x2xf32>) -> tensor<8x2xf32>
  %grid = onnx.node "Reshape" 20 (%places, %gridShape) : (tensor<8x2xf32>, tensor<4xi64>) -> tensor<1x2x4x2xf32>
  %fone = onnx.constant dense<1.0> : tensor<f32>
  %ftwo = onnx.constant dense<2.0> : tensor<f32>
  %low = onnx.constant dense<-0.5> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i64>
  %flat = onnx.constant dense<-1> : tensor<1xi64>
  %flatImage = onnx.constant dense<[3, 8]> : tensor<2xi64>
  %extra = onnx.node "Mul" 20 (%d, %d) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %xi = onnx.constant dense<0> : tensor<i64>
  %xsize = onnx.constant dense<4.0> : tensor<f32>
  %xlast = onnx.constant dense<3> : tensor<i64>
  %xhigh = onnx.constant dense<3.5> : tensor<f32>
  %xa = onnx.node "Gather" 20 (%grid, %xi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %xb = onnx.node "Add" 20 (%xa, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xc = onnx.node "Mul" 20 (%xb, %xsize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xd = onnx.node "Sub" 20 (%xc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xe = onnx.node "Div" 20 (%xd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xp = onnx.node "Mul" 20 (%xe, %d) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %xf = onnx.node "Reshape" 20 (%xp, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %xr = onnx.node "Round" 20 (%xf) : (tensor<8xf32>) -> tensor<8xf32>
  %xg = onnx.node "Greater" 20 (%xr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xh = onnx.node "Less" 20 (%xr, %xhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %xin = onnx.node "And" 20 (%xg, %xh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %xj = onnx.node "Cast" 20 (%xr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %xk = onnx.node "Less" 20 (%xj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xl = onnx.node "Where" 20 (%xk, %zero, %xj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %xm = onnx.node "Greater" 20 (%xl, %xlast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %xn = onnx.node "Where" 20 (%xm, %xlast, %xl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %yi = onnx.constant dense<1> : tensor<i64>
  %ysize = onnx.constant dense<2.0> : tensor<f32>
  %ylast = onnx.constant dense<1> : tensor<i64>
  %yhigh = onnx.constant dense<1.5> : tensor<f32>
  %ya = onnx.node "Gather" 20 (%grid, %yi) {axis = 3} : (tensor<1x2x4x2xf32>, tensor<i64>) -> tensor<1x2x4xf32>
  %yb = onnx.node "Add" 20 (%ya, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yc = onnx.node "Mul" 20 (%yb, %ysize) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yd = onnx.node "Sub" 20 (%yc, %fone) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %ye = onnx.node "Div" 20 (%yd, %ftwo) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yp = onnx.node "Mul" 20 (%ye, %d) : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %yf = onnx.node "Reshape" 20 (%yp, %flat) : (tensor<1x2x4xf32>, tensor<1xi64>) -> tensor<8xf32>
  %yr = onnx.node "Round" 20 (%yf) : (tensor<8xf32>) -> tensor<8xf32>
  %yg = onnx.node "Greater" 20 (%yr, %low) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yh = onnx.node "Less" 20 (%yr, %yhigh) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %yin = onnx.node "And" 20 (%yg, %yh) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %yj = onnx.node "Cast" 20 (%yr) {to = 7} : (tensor<8xf32>) -> tensor<8xi64>
  %yk = onnx.node "Less" 20 (%yj, %zero) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yl = onnx.node "Where" 20 (%yk, %zero, %yj) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %ym = onnx.node "Greater" 20 (%yl, %ylast) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi1>
  %yn = onnx.node "Where" 20 (%ym, %ylast, %yl) : (tensor<8xi1>, tensor<i64>, tensor<8xi64>) -> tensor<8xi64>
  %stride = onnx.constant dense<4> : tensor<i64>
  %rows = onnx.node "Mul" 20 (%yn, %stride) : (tensor<8xi64>, tensor<i64>) -> tensor<8xi64>
  %index = onnx.node "Add" 20 (%xn, %rows) : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  %inside = onnx.node "And" 20 (%xin, %yin) : (tensor<8xi1>, tensor<8xi1>) -> tensor<8xi1>
  %mask = onnx.node "Unsqueeze" 20 (%inside, %front) : (tensor<8xi1>, tensor<1xi64>) -> tensor<1x8xi1>
  %pixels = onnx.node "Reshape" 20 (%image, %flatImage) : (tensor<1x3x2x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  %there = onnx.node "Gather" 20 (%pixels, %index) {axis = 1} : (tensor<3x8xf32>, tensor<8xi64>) -> tensor<3x8xf32>
  %turned = onnx.node "Where" 20 (%mask, %there, %fzero) : (tensor<1x8xi1>, tensor<3x8xf32>, tensor<f32>) -> tensor<3x8xf32> loc("not_linear")
  return %turned : tensor<3x8xf32>
}
