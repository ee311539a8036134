// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// For each camera the queries that it sees are gathered, two of three when this
// was traced; what is raised is right for any number.
// CHECK-LABEL: func.func @listed
// CHECK-SAME: %[[QUERY:.*]]: tensor<1x3x8xf32>, %[[VALUE:.*]]: tensor<2x6x2x4xf32>, %[[UV:.*]]: tensor<2x1x3x2x2xf32>,
// CHECK-SAME: %[[MASK:.*]]: tensor<2x1x3x2xi1>, %[[WO:.*]]: tensor<8x16xf32>, %[[WL:.*]]: tensor<8x8xf32>
// CHECK-NOT: NonZero
// CHECK-NOT: ScatterND
// CHECK-DAG: %[[SEEN:.*]] = onnx.node "Reshape" 21(%[[MASK]], {{.*}}) : {{.*}} -> tensor<1x2x3x2xi1>
// CHECK-DAG: %[[U:.*]] = onnx.node "Reshape" 21(%{{.*}}, {{.*}}) : {{.*}} -> tensor<1x2x3x2x2xf32>
// CHECK-DAG: onnx.node "MatMul" 17(%{{.*}}, %[[WO]]) : (tensor<1x3x8xf32>, tensor<8x16xf32>) -> tensor<1x3x16xf32>
// CHECK-DAG: onnx.node "MatMul" 17(%{{.*}}, %[[WL]]) : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
// CHECK: bev.spatial_cross_attention levels([2, 3]) ins(%{{.*}}, %{{.*}}, %[[SEEN]], %{{.*}}, %{{.*}} :
// CHECK-NOT: Div
// CHECK: return
// REPORT: {{^}}raised      listed (ScatterND) -> bev.spatial_cross_attention
func.func @listed(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %m0a = onnx.node "Gather" 17 (%mask, %first) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m0b = onnx.node "Gather" 17 (%m0a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m0c = onnx.node "Cast" 17 (%m0b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m0d = onnx.node "ReduceSum" 17 (%m0c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n0a = onnx.node "NonZero" 17 (%m0d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n0b = onnx.node "Transpose" 17 (%n0a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list0 = onnx.node "Squeeze" 17 (%n0b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %m1a = onnx.node "Gather" 17 (%mask, %second) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m1b = onnx.node "Gather" 17 (%m1a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m1c = onnx.node "Cast" 17 (%m1b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m1d = onnx.node "ReduceSum" 17 (%m1c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n1a = onnx.node "NonZero" 17 (%m1d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n1b = onnx.node "Transpose" 17 (%n1a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list1 = onnx.node "Squeeze" 17 (%n1b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("listed")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// The lists are constants, from the rig of the trace, while the count is not:
// the sum is that of the listed cameras, and is divided as in the graph.
// CHECK-LABEL: func.func @frozen_lists
// CHECK: %[[SEEN:.*]] = onnx.constant dense<{{.}}{{.}}{{.}}[true], [false], [true]], {{.}}[true], [true], [false]{{.}}{{.}}{{.}}> : tensor<1x2x3x1xi1>
// CHECK: %[[ROWS:.*]] = onnx.node "Reshape" 21(%[[SEEN]], {{.*}} -> tensor<2x3x1xi1>
// CHECK: %[[SPREAD:.*]] = onnx.node "Expand" 21(%[[ROWS]], {{.*}} -> tensor<2x3x2xi1>
// CHECK: %[[VISIBLE:.*]] = onnx.node "Reshape" 21(%[[SPREAD]], {{.*}} -> tensor<1x2x3x2xi1>
// CHECK: %[[MEAN:.*]] = bev.spatial_cross_attention {{.*}} ins(%{{.*}}, %{{.*}}, %[[VISIBLE]],
// CHECK: %[[FLAT:.*]] = onnx.node "Reshape" 21(%[[MEAN]],
// CHECK: %[[COUNT:.*]] = onnx.constant dense<{{.}}{{.}}[2.000000e+00], [1.000000e+00], [1.000000e+00]{{.}}{{.}}> : tensor<1x3x1xf32>
// CHECK: %[[SUM:.*]] = onnx.node "Mul" 21(%[[FLAT]], %[[COUNT]])
// CHECK: onnx.node "Div" 17(%[[SUM]],
// REPORT: {{^}}raised      frozen_lists (ScatterND) -> bev.spatial_cross_attention
func.func @frozen_lists(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %list0 = onnx.constant dense<[0, 2]> : tensor<2xi64>
  %list1 = onnx.constant dense<[1, 0]> : tensor<2xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("frozen_lists")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_clamped
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  not_clamped (ScatterND) -> bev.spatial_cross_attention: the number of cameras that see a query is not clamped to at least 1
func.func @not_clamped(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %m0a = onnx.node "Gather" 17 (%mask, %first) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m0b = onnx.node "Gather" 17 (%m0a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m0c = onnx.node "Cast" 17 (%m0b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m0d = onnx.node "ReduceSum" 17 (%m0c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n0a = onnx.node "NonZero" 17 (%m0d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n0b = onnx.node "Transpose" 17 (%n0a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list0 = onnx.node "Squeeze" 17 (%n0b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %m1a = onnx.node "Gather" 17 (%mask, %second) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m1b = onnx.node "Gather" 17 (%m1a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m1c = onnx.node "Cast" 17 (%m1b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m1d = onnx.node "ReduceSum" 17 (%m1c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n1a = onnx.node "NonZero" 17 (%m1d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n1b = onnx.node "Transpose" 17 (%n1a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list1 = onnx.node "Squeeze" 17 (%n1b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("not_clamped")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n0, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @other_points
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  other_points (ScatterND) -> bev.spatial_cross_attention: its reference points are not gathered by the same lists as its results are scattered by
func.func @other_points(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %m0a = onnx.node "Gather" 17 (%mask, %first) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m0b = onnx.node "Gather" 17 (%m0a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m0c = onnx.node "Cast" 17 (%m0b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m0d = onnx.node "ReduceSum" 17 (%m0c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n0a = onnx.node "NonZero" 17 (%m0d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n0b = onnx.node "Transpose" 17 (%n0a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list0 = onnx.node "Squeeze" 17 (%n0b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %m1a = onnx.node "Gather" 17 (%mask, %second) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m1b = onnx.node "Gather" 17 (%m1a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m1c = onnx.node "Cast" 17 (%m1b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m1d = onnx.node "ReduceSum" 17 (%m1c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n1a = onnx.node "NonZero" 17 (%m1d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n1b = onnx.node "Transpose" 17 (%n1a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list1 = onnx.node "Squeeze" 17 (%n1b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("other_points")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @other_places
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  other_places (ScatterND) -> bev.spatial_cross_attention: its reference points are not gathered by the same lists as its results are scattered by
func.func @other_places(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %list0 = onnx.constant dense<[0, 2]> : tensor<2xi64>
  %list1 = onnx.constant dense<[1, 0]> : tensor<2xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("other_places")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_from_zero
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  not_from_zero (ScatterND) -> bev.spatial_cross_attention: the sum over cameras does not begin with 0
func.func @not_from_zero(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>, %start: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %m0a = onnx.node "Gather" 17 (%mask, %first) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m0b = onnx.node "Gather" 17 (%m0a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m0c = onnx.node "Cast" 17 (%m0b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m0d = onnx.node "ReduceSum" 17 (%m0c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n0a = onnx.node "NonZero" 17 (%m0d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n0b = onnx.node "Transpose" 17 (%n0a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list0 = onnx.node "Squeeze" 17 (%n0b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %m1a = onnx.node "Gather" 17 (%mask, %second) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m1b = onnx.node "Gather" 17 (%m1a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m1c = onnx.node "Cast" 17 (%m1b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m1d = onnx.node "ReduceSum" 17 (%m1c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n1a = onnx.node "NonZero" 17 (%m1d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n1b = onnx.node "Transpose" 17 (%n1a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list1 = onnx.node "Squeeze" 17 (%n1b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%start, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%start, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("not_from_zero")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @one_camera_left_out
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  one_camera_left_out (ScatterND) -> bev.spatial_cross_attention: a camera of a batch row is not summed exactly once
func.func @one_camera_left_out(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %m0a = onnx.node "Gather" 17 (%mask, %first) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m0b = onnx.node "Gather" 17 (%m0a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m0c = onnx.node "Cast" 17 (%m0b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m0d = onnx.node "ReduceSum" 17 (%m0c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n0a = onnx.node "NonZero" 17 (%m0d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n0b = onnx.node "Transpose" 17 (%n0a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list0 = onnx.node "Squeeze" 17 (%n0b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %m1a = onnx.node "Gather" 17 (%mask, %second) {axis = 0} : (tensor<2x1x3x2xi1>, tensor<i64>) -> tensor<1x3x2xi1>
  %m1b = onnx.node "Gather" 17 (%m1a, %zero) {axis = 0} : (tensor<1x3x2xi1>, tensor<i64>) -> tensor<3x2xi1>
  %m1c = onnx.node "Cast" 17 (%m1b) {to = 7} : (tensor<3x2xi1>) -> tensor<3x2xi64>
  %m1d = onnx.node "ReduceSum" 17 (%m1c, %last) {keepdims = 0} : (tensor<3x2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %n1a = onnx.node "NonZero" 17 (%m1d) : (tensor<3xi64>) -> tensor<1x?xi64>
  %n1b = onnx.node "Transpose" 17 (%n1a) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %list1 = onnx.node "Squeeze" 17 (%n1b, %axis1) : (tensor<?x1xi64>, tensor<1xi64>) -> tensor<?xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<?x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<?xi64>) -> tensor<?x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<?x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<?x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<?xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("one_camera_left_out")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s0, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @listed_twice
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  listed_twice (ScatterND) -> bev.spatial_cross_attention: a camera's list of queries has one twice, or one that does not exist
func.func @listed_twice(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x1x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %rows = onnx.constant dense<[2, 2, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 2, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 2, 2, 4]> : tensor<4xi64>
  %uvrows = onnx.constant dense<[2, 2, 2, 2]> : tensor<4xi64>
  %cams = onnx.constant dense<[1, 2, 2, 8]> : tensor<4xi64>
  %update = onnx.constant dense<[1, 1, 2, 8]> : tensor<4xi64>
  %uvupdate = onnx.constant dense<[1, 1, 2, 2, 2]> : tensor<5xi64>
  %added = onnx.constant dense<[1, 2, 8]> : tensor<3xi64>
  %copied = onnx.constant dense<[2, 8]> : tensor<2xi64>
  %uvcopied = onnx.constant dense<[2, 2, 2]> : tensor<3xi64>
  %indexshape = onnx.constant dense<[1, 2, 1]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis0 = onnx.constant dense<0> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %inone = onnx.constant dense<1> : tensor<i64>
  %first = onnx.constant dense<0> : tensor<i64>
  %second = onnx.constant dense<1> : tensor<i64>
  %row0 = onnx.constant dense<0> : tensor<1x2x1xi64>
  %place0 = onnx.constant dense<[[[[0, 0, 0], [0, 0, 1]]]]> : tensor<1x1x2x3xi64>
  %place1 = onnx.constant dense<[[[[0, 1, 0], [0, 1, 1]]]]> : tensor<1x1x2x3xi64>
  %queries0 = onnx.constant dense<0.0> : tensor<1x2x2x8xf32>
  %uv0 = onnx.constant dense<0.0> : tensor<1x2x2x2x2xf32>
  %sum0 = onnx.constant dense<0.0> : tensor<1x3x8xf32>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Gather" 17 (%query, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %list0 = onnx.constant dense<[0, 2]> : tensor<2xi64>
  %list1 = onnx.constant dense<[1, 1]> : tensor<2xi64>
  %q0g = onnx.node "Gather" 17 (%q, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0e = onnx.node "Expand" 17 (%q0g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q0u = onnx.node "Reshape" 17 (%q0e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q0 = onnx.node "ScatterND" 17 (%queries0, %place0, %q0u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %q1g = onnx.node "Gather" 17 (%q, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1e = onnx.node "Expand" 17 (%q1g, %copied) : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %q1u = onnx.node "Reshape" 17 (%q1e, %update) : (tensor<2x8xf32>, tensor<4xi64>) -> tensor<1x1x2x8xf32>
  %q1 = onnx.node "ScatterND" 17 (%q0, %place1, %q1u) : (tensor<1x2x2x8xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x8xf32>) -> tensor<1x2x2x8xf32>
  %uv0a = onnx.node "Gather" 17 (%uv, %first) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv0b = onnx.node "Gather" 17 (%uv0a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %uv1a = onnx.node "Gather" 17 (%uv, %second) {axis = 0} : (tensor<2x1x3x2x2xf32>, tensor<i64>) -> tensor<1x3x2x2xf32>
  %uv1b = onnx.node "Gather" 17 (%uv1a, %zero) {axis = 0} : (tensor<1x3x2x2xf32>, tensor<i64>) -> tensor<3x2x2xf32>
  %u0g = onnx.node "Gather" 17 (%uv0b, %list0) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u0e = onnx.node "Expand" 17 (%u0g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u0u = onnx.node "Reshape" 17 (%u0e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u0 = onnx.node "ScatterND" 17 (%uv0, %place0, %u0u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %u1g = onnx.node "Gather" 17 (%uv1b, %list1) {axis = 0} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  %u1e = onnx.node "Expand" 17 (%u1g, %uvcopied) : (tensor<2x2x2xf32>, tensor<3xi64>) -> tensor<2x2x2xf32>
  %u1u = onnx.node "Reshape" 17 (%u1e, %uvupdate) : (tensor<2x2x2xf32>, tensor<5xi64>) -> tensor<1x1x2x2x2xf32>
  %u1 = onnx.node "ScatterND" 17 (%u0, %place1, %u1u) : (tensor<1x2x2x2x2xf32>, tensor<1x1x2x3xi64>, tensor<1x1x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %r = onnx.node "Reshape" 17 (%q1, %rows) : (tensor<1x2x2x8xf32>, tensor<3xi64>) -> tensor<2x2x8xf32>
  %uvr = onnx.node "Reshape" 17 (%u1, %uvrows) : (tensor<1x2x2x2x2xf32>, tensor<4xi64>) -> tensor<2x2x2x2xf32>
  %o0 = onnx.node "MatMul" 17 (%r, %wo) : (tensor<2x2x8xf32>, tensor<8x16xf32>) -> tensor<2x2x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x2x16xf32>, tensor<6xi64>) -> tensor<2x2x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%r, %wl) : (tensor<2x2x8xf32>, tensor<8x8xf32>) -> tensor<2x2x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x2x8xf32>, tensor<4xi64>) -> tensor<2x2x2x4xf32>
  %init = tensor.empty() : tensor<2x2x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uvr, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x2x2x2xf32>, tensor<2x2x2x1x4x2xf32>, tensor<2x2x2x4xf32>)
    outs(%init : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %cams) : (tensor<2x2x2x4xf32>, tensor<4xi64>) -> tensor<1x2x2x8xf32>
  %a0 = onnx.node "Gather" 17 (%a, %zero) {axis = 0} : (tensor<1x2x2x8xf32>, tensor<i64>) -> tensor<2x2x8xf32>
  %s0a = onnx.node "Gather" 17 (%a0, %first) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s0b = onnx.node "Slice" 17 (%s0a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s0c = onnx.node "Gather" 17 (%sum0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s0d = onnx.node "Gather" 17 (%s0c, %list0) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s0e = onnx.node "Add" 17 (%s0d, %s0b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s0f = onnx.node "Reshape" 17 (%s0e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s0g = onnx.node "Reshape" 17 (%list0, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s0h = onnx.node "Concat" 17 (%row0, %s0g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s0 = onnx.node "ScatterND" 17 (%sum0, %s0h, %s0f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32>
  %s1a = onnx.node "Gather" 17 (%a0, %second) {axis = 0} : (tensor<2x2x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  %s1b = onnx.node "Slice" 17 (%s1a, %from, %to, %axis0) : (tensor<2x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x8xf32>
  %s1c = onnx.node "Gather" 17 (%s0, %zero) {axis = 0} : (tensor<1x3x8xf32>, tensor<i64>) -> tensor<3x8xf32>
  %s1d = onnx.node "Gather" 17 (%s1c, %list1) {axis = 0} : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  %s1e = onnx.node "Add" 17 (%s1d, %s1b) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %s1f = onnx.node "Reshape" 17 (%s1e, %added) : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<1x2x8xf32>
  %s1g = onnx.node "Reshape" 17 (%list1, %indexshape) : (tensor<2xi64>, tensor<3xi64>) -> tensor<1x2x1xi64>
  %s1h = onnx.node "Concat" 17 (%row0, %s1g) {axis = -1} : (tensor<1x2x1xi64>, tensor<1x2x1xi64>) -> tensor<1x2x2xi64>
  %s1 = onnx.node "ScatterND" 17 (%s0, %s1h, %s1f) : (tensor<1x3x8xf32>, tensor<1x2x2xi64>, tensor<1x2x8xf32>) -> tensor<1x3x8xf32> loc("listed_twice")
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 2, 0>} : (tensor<2x1x3xi1>) -> tensor<1x3x2xi1>
  %hi = onnx.node "Cast" 17 (%ht) {to = 7} : (tensor<1x3x2xi1>) -> tensor<1x3x2xi64>
  %n0 = onnx.node "ReduceSum" 17 (%hi, %last) {keepdims = 0} : (tensor<1x3x2xi64>, tensor<1xi64>) -> tensor<1x3xi64>
  %n1 = onnx.node "Clip" 17 (%n0, %inone) : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi64>
  %n2 = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xi64>, tensor<1xi64>) -> tensor<1x3x1xi64>
  %n3 = onnx.node "Cast" 17 (%n2) {to = 1} : (tensor<1x3x1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%s1, %n3) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}
