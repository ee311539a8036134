// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// As the TorchScript exporter writes it.
// CHECK-LABEL: func.func @columns
// CHECK-SAME: %[[BUS:.*]]: tensor<1x18xf32>
// CHECK: %[[SHIFT:.*]] = bev.ego_shift grid_length([5.120000e+00, 5.120000e+00]) bev_size([20, 20]) ins(%[[BUS]] : tensor<1x18xf32>)
// CHECK-NOT: onnx.node
// CHECK: return %[[SHIFT]]
// REPORT: {{^}}raised      columns (Atan) -> bev.ego_shift
func.func @columns(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("columns")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// As dynamo writes it, of any number of rows.
// CHECK-LABEL: func.func @batch
// CHECK-SAME: %[[BUS:.*]]: tensor<?x18xf32>
// CHECK: %[[SHIFT:.*]] = bev.ego_shift grid_length([5.120000e+00, 5.120000e+00]) bev_size([20, 20]) ins(%[[BUS]] : tensor<?x18xf32>)
// CHECK-SAME: -> tensor<?x2xf32>
// CHECK-NOT: onnx.node
// CHECK: return %[[SHIFT]]
// REPORT: {{^}}raised      batch (Atan) -> bev.ego_shift
func.func @batch(%can_bus: tensor<?x18xf32>) -> tensor<?x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<?x18xf32>, tensor<i64>) -> tensor<?xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<?x18xf32>, tensor<i64>) -> tensor<?xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<?x18xf32>, tensor<i64>) -> tensor<?xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<?xf32>) -> tensor<?xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<?xf32>) -> tensor<?xf32> loc("batch")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<?xi1>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<?xi1>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %isnan = onnx.node "IsNaN" 20 (%way) : (tensor<?xf32>) -> tensor<?xi1>
  %safe = onnx.node "Where" 20 (%isnan, %zero, %way) : (tensor<?xi1>, tensor<f32>, tensor<?xf32>) -> tensor<?xf32>
  %d1 = onnx.node "Div" 20 (%safe, %pi) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<?xf32>) -> tensor<?xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<?xf32>) -> tensor<?xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<?xf32>, tensor<1xi64>) -> tensor<1x?xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<?xf32>, tensor<1xi64>) -> tensor<1x?xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x?xf32>, tensor<1x?xf32>) -> tensor<2x?xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x?xf32>) -> tensor<?x2xf32>
  return %shift : tensor<?x2xf32>
}

// Three inputs in place of one.
// CHECK-LABEL: func.func @separate
// CHECK-SAME: %[[DX:.*]]: tensor<3xf32>, %[[DY:.*]]: tensor<3xf32>, %[[EGO:.*]]: tensor<3xf32>
// CHECK-DAG: %[[A:.*]] = onnx.node "Reshape" 21(%[[DX]],
// CHECK-DAG: %[[B:.*]] = onnx.node "Reshape" 21(%[[DY]],
// CHECK-DAG: %[[C:.*]] = onnx.node "Reshape" 21(%[[EGO]],
// CHECK: %[[BUS:.*]] = onnx.node "Concat" 21(%[[A]], %[[B]], %[[C]], %{{.*}}) {axis = 1 : i64}
// CHECK: bev.ego_shift
// CHECK-SAME: ins(%[[BUS]] : tensor<3x4xf32>)
// CHECK: return
// REPORT: {{^}}raised      separate (Atan) -> bev.ego_shift
func.func @separate(%dx: tensor<3xf32>, %dy: tensor<3xf32>, %ego: tensor<3xf32>) -> tensor<3x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<3xf32>) -> tensor<3xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<3xf32>) -> tensor<3xf32> loc("separate")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<3xf32>, tensor<f32>) -> tensor<3xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<3xf32>, tensor<f32>) -> tensor<3xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<3xf32>) -> tensor<3xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<3xf32>) -> tensor<3xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %shift : tensor<3x2xf32>
}

// The heading is another entry than that which the op reads.
// CHECK-LABEL: func.func @elsewhere
// CHECK: onnx.node "Concat" 21
// CHECK: bev.ego_shift
// CHECK-SAME: ins(%{{.*}} : tensor<1x4xf32>)
// CHECK: return
// REPORT: {{^}}raised      elsewhere (Atan) -> bev.ego_shift
func.func @elsewhere(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-1> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("elsewhere")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// The parts are joined the other way round: each is a part of the result.
// CHECK-LABEL: func.func @y_first
// CHECK: %[[SHIFT:.*]] = bev.ego_shift
// CHECK-DAG: "Slice" 21(%[[SHIFT]],
// CHECK-DAG: "Slice" 21(%[[SHIFT]],
// CHECK: onnx.node "Concat" 20
// CHECK: return
// REPORT: {{^}}raised      y_first (Atan) -> bev.ego_shift
func.func @y_first(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("y_first")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%uy, %ux) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// One factor in place of two divisors.
// CHECK-LABEL: func.func @product
// CHECK: bev.ego_shift grid_length([1.953125e-01, 1.953125e-01]) bev_size([1, 1])
// CHECK: return
// REPORT: {{^}}raised      product (Atan) -> bev.ego_shift
func.func @product(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("product")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y = onnx.node "Mul" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Mul" 20 (%cell, %cx) : (tensor<f32>, tensor<1xf32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @other_turn
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  other_turn (Atan) -> bev.ego_shift: it is no atan2 of two values: the Atan of a quotient, and pi more or less where the divisor is negative
func.func @other_turn(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.15> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("other_turn")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// A known rewrite of atan2.
// CHECK-LABEL: func.func @squashed
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  squashed (Atan) -> bev.ego_shift: it is no atan2 of two values: the Atan of a quotient, and pi more or less where the divisor is negative
func.func @squashed(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %squashed = onnx.node "Sigmoid" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%squashed) : (tensor<1xf32>) -> tensor<1xf32> loc("squashed")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @other_quadrant
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  other_quadrant (Atan) -> bev.ego_shift: it is no atan2 of two values: the Atan of a quotient, and pi more or less where the divisor is negative
func.func @other_quadrant(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("other_quadrant")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Greater" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @in_degrees
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  in_degrees (Atan) -> bev.ego_shift: its angle is not a heading less the direction of a motion, both in radians
func.func @in_degrees(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("in_degrees")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a = onnx.node "Identity" 20 (%a1) : (tensor<1xf32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @direction_less_heading
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  direction_less_heading (Atan) -> bev.ego_shift: its angle is not a heading less the direction of a motion, both in radians
func.func @direction_less_heading(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("direction_less_heading")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%d2, %h2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @other_length
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  other_length (Atan) -> bev.ego_shift: the cosine of the angle is not multiplied by the length of the same motion
func.func @other_length(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("other_length")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @no_length
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  no_length (Atan) -> bev.ego_shift: the sine of the angle is not multiplied by the length of the same motion
func.func @no_length(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("no_length")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%dx, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @backward
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  backward (Atan) -> bev.ego_shift: a part is not divided by a positive length
func.func @backward(%can_bus: tensor<1x18xf32>) -> tensor<1x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<-20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf32>, tensor<i64>) -> tensor<1xf32>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf32>) -> tensor<1xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf32>) -> tensor<1xf32> loc("backward")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf32>, tensor<f32>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf32>) -> tensor<1xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf32>) -> tensor<1x2xf32>
  return %shift : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @half
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  half (Atan) -> bev.ego_shift: it is not computed in f32
func.func @half(%can_bus: tensor<1x18xf16>) -> tensor<1x2xf16> {
  %zero = onnx.constant dense<0.0> : tensor<f16>
  %two = onnx.constant dense<2.0> : tensor<f16>
  %half = onnx.constant dense<180.0> : tensor<f16>
  %pi = onnx.constant dense<3.14159274> : tensor<f16>
  %turn = onnx.constant dense<3.14159274> : tensor<f16>
  %cell = onnx.constant dense<5.12> : tensor<f16>
  %cells = onnx.constant dense<20.0> : tensor<f16>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %i0 = onnx.constant dense<0> : tensor<i64>
  %i1 = onnx.constant dense<1> : tensor<i64>
  %i2 = onnx.constant dense<-2> : tensor<i64>
  %dx = onnx.node "Gather" 20 (%can_bus, %i0) {axis = 1} : (tensor<1x18xf16>, tensor<i64>) -> tensor<1xf16>
  %dy = onnx.node "Gather" 20 (%can_bus, %i1) {axis = 1} : (tensor<1x18xf16>, tensor<i64>) -> tensor<1xf16>
  %ego = onnx.node "Gather" 20 (%can_bus, %i2) {axis = 1} : (tensor<1x18xf16>, tensor<i64>) -> tensor<1xf16>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<1xf16>) -> tensor<1xf16>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<1xf16>) -> tensor<1xf16> loc("half")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<1xf16>, tensor<f16>) -> tensor<1xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<1xi1>, tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<1xf16>, tensor<f16>) -> tensor<1xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<1xi1>, tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<1xf16>) -> tensor<1xf16>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<1xf16>) -> tensor<1xf16>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<1xf16>, tensor<f16>) -> tensor<1xf16>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<1xf16>, tensor<1xi64>) -> tensor<1x1xf16>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<1xf16>, tensor<1xi64>) -> tensor<1x1xf16>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x1xf16>, tensor<1x1xf16>) -> tensor<2x1xf16>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 0>} : (tensor<2x1xf16>) -> tensor<1x2xf16>
  return %shift : tensor<1x2xf16>
}

// CHECK-LABEL: func.func @two_dynamic_sizes
// CHECK-NOT: bev.ego_shift
// CHECK: return
// REPORT: {{^}}not raised  two_dynamic_sizes (Atan) -> bev.ego_shift: motion and heading do not have one number each for each row of the batch
func.func @two_dynamic_sizes(%dx: tensor<?x?xf32>, %dy: tensor<?x?xf32>, %ego: tensor<?x?xf32>) -> tensor<?x?x2xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<180.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159274> : tensor<f32>
  %turn = onnx.constant dense<3.14159274> : tensor<f32>
  %cell = onnx.constant dense<5.12> : tensor<f32>
  %cells = onnx.constant dense<20.0> : tensor<f32>
  %front = onnx.constant dense<0> : tensor<1xi64>
  %h1 = onnx.node "Div" 20 (%ego, %pi) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %h2 = onnx.node "Mul" 20 (%h1, %half) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %sx = onnx.node "Pow" 20 (%dx, %two) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %sy = onnx.node "Pow" 20 (%dy, %two) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %sum = onnx.node "Add" 20 (%sx, %sy) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %length = onnx.node "Sqrt" 20 (%sum) : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %ratio = onnx.node "Div" 20 (%dy, %dx) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %atan = onnx.node "Atan" 20 (%ratio) : (tensor<?x?xf32>) -> tensor<?x?xf32> loc("two_dynamic_sizes")
  %up = onnx.node "Greater" 20 (%dy, %zero) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xi1>
  %more = onnx.node "Add" 20 (%atan, %turn) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %less = onnx.node "Sub" 20 (%atan, %turn) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %behind = onnx.node "Where" 20 (%up, %more, %less) : (tensor<?x?xi1>, tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %back = onnx.node "Less" 20 (%dx, %zero) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xi1>
  %way = onnx.node "Where" 20 (%back, %behind, %atan) : (tensor<?x?xi1>, tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %d1 = onnx.node "Div" 20 (%way, %pi) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %d2 = onnx.node "Mul" 20 (%d1, %half) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %a1 = onnx.node "Sub" 20 (%h2, %d2) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %a2 = onnx.node "Div" 20 (%a1, %half) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %a = onnx.node "Mul" 20 (%a2, %pi) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %cos = onnx.node "Cos" 20 (%a) : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %sin = onnx.node "Sin" 20 (%a) : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %cy = onnx.node "Mul" 20 (%length, %cos) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %cx = onnx.node "Mul" 20 (%length, %sin) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y1 = onnx.node "Div" 20 (%cy, %cell) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = onnx.node "Div" 20 (%y1, %cells) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %x1 = onnx.node "Div" 20 (%cx, %cell) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %x = onnx.node "Div" 20 (%x1, %cells) : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %ux = onnx.node "Unsqueeze" 20 (%x, %front) : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<1x?x?xf32>
  %uy = onnx.node "Unsqueeze" 20 (%y, %front) : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<1x?x?xf32>
  %both = onnx.node "Concat" 20 (%ux, %uy) {axis = 0} : (tensor<1x?x?xf32>, tensor<1x?x?xf32>) -> tensor<2x?x?xf32>
  %shift = onnx.node "Transpose" 20 (%both) {perm = array<i64: 1, 2, 0>} : (tensor<2x?x?xf32>) -> tensor<?x?x2xf32>
  return %shift : tensor<?x?x2xf32>
}
