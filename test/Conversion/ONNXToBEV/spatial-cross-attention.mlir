// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// The queries are copied for each camera, as are what linear layers make of
// them: these are computed once, and the copies go away.
// CHECK-LABEL: func.func @mask_form
// CHECK-SAME: %[[QUERY:.*]]: tensor<1x3x8xf32>, %[[VALUE:.*]]: tensor<2x6x2x4xf32>, %[[UV:.*]]: tensor<2x3x2x2xf32>,
// CHECK-SAME: %[[MASK:.*]]: tensor<2x1x3x2xi1>, %[[WO:.*]]: tensor<8x16xf32>, %[[WL:.*]]: tensor<8x8xf32>
// CHECK-NOT: Expand
// CHECK-DAG: %[[O:.*]] = onnx.node "MatMul" 17(%[[QUERY]], %[[WO]]) : (tensor<1x3x8xf32>, tensor<8x16xf32>) -> tensor<1x3x16xf32>
// CHECK-DAG: %[[L:.*]] = onnx.node "MatMul" 17(%[[QUERY]], %[[WL]]) : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
// CHECK-DAG: %[[LOGITS:.*]] = onnx.node "Reshape" 21(%[[L]], {{.*}}) : {{.*}} -> tensor<1x3x2x4xf32>
// CHECK-DAG: %[[V:.*]] = onnx.node "Reshape" 21(%[[VALUE]], {{.*}}) : {{.*}} -> tensor<1x2x6x2x4xf32>
// CHECK-DAG: %[[U:.*]] = onnx.node "Reshape" 21(%[[UV]], {{.*}}) : {{.*}} -> tensor<1x2x3x2x2xf32>
// CHECK-DAG: %[[SEEN:.*]] = onnx.node "Reshape" 21(%[[MASK]], {{.*}}) : {{.*}} -> tensor<1x2x3x2xi1>
// CHECK: %[[R:.*]] = bev.spatial_cross_attention levels([2, 3]) ins(%[[V]], %[[U]], %[[SEEN]], %{{.*}}, %[[LOGITS]] :
// CHECK-NOT: Div
// CHECK: onnx.node "Reshape" 21(%[[R]], {{.*}}) : (tensor<1x3x2x4xf32>, tensor<3xi64>) -> tensor<1x3x8xf32>
// REPORT: {{^}}raised      mask_form (ReduceSum) -> bev.spatial_cross_attention
func.func @mask_form(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("mask_form")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @count_by_max
// CHECK: bev.spatial_cross_attention
// REPORT: {{^}}raised      count_by_max (ReduceSum) -> bev.spatial_cross_attention
func.func @count_by_max(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("count_by_max")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Max" 17 (%one, %n0) : (tensor<f32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @count_by_where
// CHECK: bev.spatial_cross_attention
// REPORT: {{^}}raised      count_by_where (ReduceSum) -> bev.spatial_cross_attention
func.func @count_by_where(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("count_by_where")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n2 = onnx.node "Less" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xi1>
  %n1 = onnx.node "Where" 17 (%n2, %one, %n0) : (tensor<1x3xi1>, tensor<f32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// Selected by the mask instead of multiplied by it.
// CHECK-LABEL: func.func @selected
// CHECK: bev.spatial_cross_attention
// REPORT: {{^}}raised      selected (ReduceSum) -> bev.spatial_cross_attention
func.func @selected(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%ht, %last) : (tensor<1x2x3xi1>, tensor<1xi64>) -> tensor<1x2x3x1xi1>
  %p = onnx.node "Where" 17 (%m, %a, %fzero) : (tensor<1x2x3x1xi1>, tensor<1x2x3x8xf32>, tensor<f32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("selected")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// A query that no camera sees is 0 / 0 here.
// CHECK-LABEL: func.func @not_clamped
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  not_clamped (ReduceSum) -> bev.spatial_cross_attention: the number of cameras that see a query is not clamped to at least 1
func.func @not_clamped(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("not_clamped")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n0, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @clamped_to_two
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  clamped_to_two (ReduceSum) -> bev.spatial_cross_attention: the sum is not divided by the number of cameras that see a query
func.func @clamped_to_two(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("clamped_to_two")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %two) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_divided
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  not_divided (ReduceSum) -> bev.spatial_cross_attention: the sum is not divided by the number of cameras that see a query
func.func @not_divided(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("not_divided")
  return %sum : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @other_mask
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  other_mask (ReduceSum) -> bev.spatial_cross_attention: the sum is not divided by the number of cameras that see a query
func.func @other_mask(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>, %other: tensor<2x1x3x2xi1>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("other_mask")
  %xc = onnx.node "Cast" 17 (%other) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %xs = onnx.node "ReduceSum" 17 (%xc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %xg = onnx.node "Greater" 17 (%xs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %xt = onnx.node "Transpose" 17 (%xg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %xf = onnx.node "Cast" 17 (%xt) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %n0 = onnx.node "ReduceSum" 17 (%xf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @weighted
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  weighted (ReduceSum) -> bev.spatial_cross_attention: what the attention is multiplied by is not a mask of the cameras that see a query
func.func @weighted(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>, %weight: tensor<1x2x3x1xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %p = onnx.node "Mul" 17 (%a, %weight) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("weighted")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @offsets_per_camera
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  offsets_per_camera (ReduceSum) -> bev.spatial_cross_attention: its offsets depend on the camera
func.func @offsets_per_camera(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>, %percamera: tensor<2x3x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%percamera, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%q, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("offsets_per_camera")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @logits_per_camera
// CHECK-NOT: bev.spatial_cross_attention
// CHECK: return
// REPORT: {{^}}not raised  logits_per_camera (ReduceSum) -> bev.spatial_cross_attention: its attention weights depend on the camera
func.func @logits_per_camera(%query: tensor<1x3x8xf32>, %value: tensor<2x6x2x4xf32>, %uv: tensor<2x3x2x2xf32>,
    %mask: tensor<2x1x3x2xi1>, %wo: tensor<8x16xf32>, %wl: tensor<8x8xf32>, %percamera: tensor<2x3x8xf32>) -> tensor<1x3x8xf32> {
  %copies = onnx.constant dense<[1, 2, 3, 8]> : tensor<4xi64>
  %rows = onnx.constant dense<[2, 3, 8]> : tensor<3xi64>
  %six = onnx.constant dense<[2, 3, 2, 1, 4, 2]> : tensor<6xi64>
  %four = onnx.constant dense<[2, 3, 2, 4]> : tensor<4xi64>
  %result = onnx.constant dense<[1, 3, 8]> : tensor<3xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %axis1 = onnx.constant dense<1> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %fzero = onnx.constant dense<0.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %e = onnx.node "Expand" 17 (%query, %copies) : (tensor<1x3x8xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %q = onnx.node "Reshape" 17 (%e, %rows) : (tensor<1x2x3x8xf32>, tensor<3xi64>) -> tensor<2x3x8xf32>
  %o0 = onnx.node "MatMul" 17 (%q, %wo) : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  %offsets = onnx.node "Reshape" 17 (%o0, %six) : (tensor<2x3x16xf32>, tensor<6xi64>) -> tensor<2x3x2x1x4x2xf32>
  %l0 = onnx.node "MatMul" 17 (%percamera, %wl) : (tensor<2x3x8xf32>, tensor<8x8xf32>) -> tensor<2x3x8xf32>
  %logits = onnx.node "Reshape" 17 (%l0, %four) : (tensor<2x3x8xf32>, tensor<4xi64>) -> tensor<2x3x2x4xf32>
  %init = tensor.empty() : tensor<2x3x2x4xf32>
  %attended = bev.deformable_attention pillar levels([2, 3])
    ins(%value, %uv, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<2x3x2x2xf32>, tensor<2x3x2x1x4x2xf32>, tensor<2x3x2x4xf32>)
    outs(%init : tensor<2x3x2x4xf32>) -> tensor<2x3x2x4xf32>
  %a = onnx.node "Reshape" 17 (%attended, %copies) : (tensor<2x3x2x4xf32>, tensor<4xi64>) -> tensor<1x2x3x8xf32>
  %hc = onnx.node "Cast" 17 (%mask) {to = 7} : (tensor<2x1x3x2xi1>) -> tensor<2x1x3x2xi64>
  %hs = onnx.node "ReduceSum" 17 (%hc, %last) {keepdims = 0} : (tensor<2x1x3x2xi64>, tensor<1xi64>) -> tensor<2x1x3xi64>
  %hg = onnx.node "Greater" 17 (%hs, %zero) : (tensor<2x1x3xi64>, tensor<i64>) -> tensor<2x1x3xi1>
  %ht = onnx.node "Transpose" 17 (%hg) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xi1>) -> tensor<1x2x3xi1>
  %hf = onnx.node "Cast" 17 (%ht) {to = 1} : (tensor<1x2x3xi1>) -> tensor<1x2x3xf32>
  %m = onnx.node "Unsqueeze" 17 (%hf, %last) : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x2x3x1xf32>
  %p = onnx.node "Mul" 17 (%a, %m) : (tensor<1x2x3x8xf32>, tensor<1x2x3x1xf32>) -> tensor<1x2x3x8xf32>
  %sum = onnx.node "ReduceSum" 17 (%p, %axis1) {keepdims = 0} : (tensor<1x2x3x8xf32>, tensor<1xi64>) -> tensor<1x3x8xf32> loc("logits_per_camera")
  %n0 = onnx.node "ReduceSum" 17 (%hf, %axis1) {keepdims = 0} : (tensor<1x2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  %n1 = onnx.node "Clip" 17 (%n0, %one) : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %n = onnx.node "Unsqueeze" 17 (%n1, %last) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1x3x1xf32>
  %y = onnx.node "Div" 17 (%sum, %n) : (tensor<1x3x8xf32>, tensor<1x3x1xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}
